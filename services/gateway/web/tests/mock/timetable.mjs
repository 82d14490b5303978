import { id } from './ids.mjs';

/** A timetable of three invented classes, kept as the server would: enough rules to be met by the page. */
export function makeTimetables(classes, staff, teacher) {
  const titles = ['5-А', '5-Б', '6-А'];
  const subjects = ['Математика', 'Русский язык', 'История', 'Биология'].map((subjectTitle) => ({ subjectId: id('sub'), subjectTitle }));
  const loads = [];
  const entries = [];
  for (const [at, title] of titles.entries()) {
    const group = { groupId: id('grp'), groupTitle: title, classId: classes.find((item) => item.title === title).classId };
    for (const [nth, subject] of subjects.entries()) {
      const teacherId = nth === 0 && at === 0 ? teacher.personId : staff[at * 4 + nth].personId;
      loads.push({ ...group, ...subject, teacherId, weeklyHoursHundredths: nth === 0 ? 300 : 200 });
      for (const weekday of nth === 0 ? [1, 2, 4] : [1 + nth, 2 + nth]) {
        entries.push({ timetableEntryId: id('tte'), weekday, lessonNumber: 1 + ((nth + at) % 4), week: 0, ...group, ...subject, teacherId, room: `каб. ${10 + nth}` });
      }
    }
  }
  const version = (number, more) => ({
    timetableId: id('ttb'), number, title: '', state: 'TIMETABLE_STATE_APPROVED', validFrom: '', validTo: '', cycleWeeks: 1, cycleStartsOn: '2026-08-31', entryCount: 0, approvedBy: '', approvedAt: '', etag: 'v1', ...more,
  });
  const copy = (list) => list.map((entry) => ({ ...entry, timetableEntryId: id('tte') }));
  const first = { timetable: version(1, { validFrom: '2026-09-01', approvedAt: '2026-08-28T09:00:00Z', approvedBy: staff[0].personId }), entries };
  const draft = { timetable: version(2, { title: 'Второе полугодие', state: 'TIMETABLE_STATE_DRAFT' }), entries: copy(entries) };
  // One clash, plainly invented, and an hour that is not placed.
  const [clash, gone] = [draft.entries.find((one) => one.groupTitle === '5-А' && one.subjectTitle === 'История'), draft.entries.findIndex((one) => one.groupTitle === '5-Б' && one.subjectTitle === 'Биология')];
  Object.assign(clash, { weekday: 1, lessonNumber: 1 });
  draft.entries.splice(gone, 1);
  const all = [draft, first];

  const at = (one) => ({ weekday: one.weekday, lessonNumber: one.lessonNumber });
  const meet = (a, b) => a.weekday === b.weekday && a.lessonNumber === b.lessonNumber && (a.week === 0 || b.week === 0 || a.week === b.week);
  function clashes(a, b) {
    if (!meet(a, b)) return [];
    const ids = [a.timetableEntryId, b.timetableEntryId].filter(Boolean);
    const found = (kind, severity, more = {}) => ({ kind: `TIMETABLE_CONFLICT_KIND_${kind}`, severity: `TIMETABLE_SEVERITY_${severity}`, timetableEntryIds: ids, ...at(a), ...more });
    return [
      ...(a.teacherId === b.teacherId ? [found('TEACHER_BUSY', 'ERROR', { teacherId: a.teacherId })] : []),
      ...(a.groupId === b.groupId ? [found('GROUP_BUSY', 'ERROR', { groupId: a.groupId })] : []),
      ...(a.room && a.room === b.room ? [found('ROOM_BUSY', 'WARNING', { room: a.room })] : []),
    ];
  }
  function check(list) {
    const conflicts = list.flatMap((one, nth) => list.slice(nth + 1).flatMap((other) => clashes(one, other)));
    const left = loads.map((load) => ({ ...load, placedHoursHundredths: list.filter((one) => one.groupId === load.groupId && one.subjectId === load.subjectId && one.teacherId === load.teacherId).reduce((sum, one) => sum + (one.week ? 50 : 100), 0) })).filter((load) => load.placedHoursHundredths !== load.weeklyHoursHundredths);
    for (const load of left) {
      const over = load.placedHoursHundredths > load.weeklyHoursHundredths;
      conflicts.push({ kind: `TIMETABLE_CONFLICT_KIND_${over ? 'LOAD_EXCEEDED' : 'LOAD_NOT_PLACED'}`, severity: `TIMETABLE_SEVERITY_${over ? 'ERROR' : 'WARNING'}`, timetableEntryIds: [], groupId: load.groupId, subjectId: load.subjectId, teacherId: load.teacherId });
    }
    conflicts.sort((a, b) => a.severity.localeCompare(b.severity));
    const errorCount = conflicts.filter((one) => one.severity.endsWith('ERROR')).length;
    return { errorCount, warningCount: conflicts.length - errorCount, conflicts, loads: left };
  }
  const told = (one) => ({ ...one.timetable, entryCount: one.entries.length });
  const next = (etag) => `v${Number(etag.slice(1)) + 1}`;

  return {
    all, loads,
    of: (timetableId) => all.find((one) => one.timetable.timetableId === timetableId),
    list: () => all.map(told),
    whole: (one) => ({ timetable: told(one), entries: one.entries, check: check(one.entries) }),
    create(source, title) {
      const made = { timetable: version(all.length + 1, { title, state: 'TIMETABLE_STATE_DRAFT', cycleWeeks: source.timetable.cycleWeeks }), entries: copy(source.entries) };
      all.unshift(made);
      return told(made);
    },
    change(one, operations) {
      const touched = [];
      const removedEntryIds = [];
      for (const { put, move, remove, setTerms } of operations) {
        if (setTerms) Object.assign(one.timetable, setTerms);
        if (remove) {
          removedEntryIds.push(remove.timetableEntryId);
          one.entries = one.entries.filter((entry) => entry.timetableEntryId !== remove.timetableEntryId);
        }
        if (move) touched.push(Object.assign(one.entries.find((entry) => entry.timetableEntryId === move.timetableEntryId), { week: 0, ...move }));
        if (put) {
          const load = loads.find((item) => item.groupId === put.groupId && item.subjectId === put.subjectId);
          const known = one.entries.find((entry) => entry.timetableEntryId === put.timetableEntryId);
          const entry = { groupTitle: load.groupTitle, classId: load.classId, subjectTitle: load.subjectTitle, week: 0, ...put, timetableEntryId: put.timetableEntryId || id('tte') };
          if (known) Object.assign(known, entry);
          else one.entries.push(entry);
          touched.push(entry);
        }
      }
      one.timetable.etag = next(one.timetable.etag);
      return { timetable: told(one), entries: touched, removedEntryIds, check: check(one.entries) };
    },
    places(one, { timetableEntryId, groupId, teacherId, room, week }) {
      const lesson = one.entries.find((entry) => entry.timetableEntryId === timetableEntryId) ?? { groupId, teacherId, room, week: Number(week ?? 0) };
      const others = one.entries.filter((entry) => entry.timetableEntryId !== timetableEntryId);
      return Array.from({ length: 30 }, (_, nth) => {
        const place = { weekday: 1 + Math.floor(nth / 6), lessonNumber: 1 + (nth % 6) };
        return { ...place, conflicts: others.flatMap((other) => clashes({ ...lesson, ...place }, other)) };
      });
    },
    preview: (one) => ({ effect: { added: 20, changed: 37, removed: 4, unchanged: 900, substituted: 1 }, ...check(one.entries) }),
    approve(one, validFrom, by, now) {
      for (const other of all) if (other.timetable.state === 'TIMETABLE_STATE_APPROVED' && !other.timetable.validTo) other.timetable.validTo = validFrom;
      Object.assign(one.timetable, { state: 'TIMETABLE_STATE_APPROVED', validFrom, approvedBy: by, approvedAt: new Date(now).toISOString(), etag: next(one.timetable.etag) });
      return told(one);
    },
    discard: (one) => all.splice(all.indexOf(one), 1),
  };
}
