import { id } from './ids.mjs';

const KINDS = { curriculum: 'STUDY_DOCUMENT_KIND_CURRICULUM', load: 'STUDY_DOCUMENT_KIND_TEACHING_LOAD', tariff: 'STUDY_DOCUMENT_KIND_TARIFF' };
const DRAFT = 'STUDY_DOCUMENT_STATE_DRAFT';
const APPROVED = 'STUDY_DOCUMENT_STATE_APPROVED';
const next = (etag) => `v${Number(etag.slice(1)) + 1}`;

/** Curriculum, load and tariff order of the invented school. */
export function makeStudy(loads) {
  const document = (kind, more) => ({
    studyDocumentId: id('sdc'), academicYear: '2026/2027', kind, number: 1, state: DRAFT, title: '', orderNumber: '', orderedOn: '', approveBy: '', overdue: false, approvedBy: '', approvedAt: '', outdated: false, etag: 'v1', ...more,
  });
  const curriculum = document(KINDS.curriculum, { title: 'Основной', approveBy: '2026-11-10', overdue: true });
  const load = document(KINDS.load, { approveBy: '2026-12-01' });
  const lines = new Map([[curriculum.studyDocumentId, [
    { grade: 5, subjectTitle: 'Математика', weeklyHoursHundredths: 300, yearlyHours: 102 },
    { grade: 5, subjectTitle: 'Русский язык', weeklyHoursHundredths: 250, yearlyHours: 85 },
    { grade: 6, subjectTitle: 'Математика', weeklyHoursHundredths: 300, yearlyHours: 102 },
  ]]]);
  const listed = loads.map(({ groupTitle, classId, weeklyHoursHundredths, groupId, subjectId, subjectTitle, teacherId }) => ({
    groupTitle, classId, grade: Number(groupTitle.split('-')[0]),
    teachingLoad: { teachingLoadId: id('tld'), groupId, subjectId, subjectTitle, teacherId, weeklyHoursHundredths, startsOn: '2026-09-01', endsOn: '' },
  }));
  return { all: [curriculum, load], lines, loads: listed, kept: new Map(), calendars: new Map(), document };
}

/** What the page asks of it. */
export function studyRoutes({ world, ownSchool, now, refuse }) {
  const { study } = world;
  const newest = (kind) => study.all.filter((one) => one.kind === kind).sort((a, b) => b.number - a.number)[0];
  const stale = () => refuse(412, 'ETAG_STALE', 'Документ уже изменён, обновите страницу');
  const office = (c) => {
    ownSchool(c);
    if (!['ROLE_DEPUTY', 'ROLE_ADMINISTRATOR'].includes(c.me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
  };
  const find = (c) => {
    ownSchool(c);
    const found = study.all.find((one) => one.studyDocumentId === c.params.document);
    if (!found) throw refuse(404, 'NOT_FOUND', 'Не найдено');
    return found;
  };
  /** The draft that a change goes to. */
  const draft = (kind, etag) => {
    const last = newest(kind);
    if ((last?.etag ?? '') !== (etag ?? '')) throw stale();
    if (last?.state === DRAFT) return Object.assign(last, { etag: next(last.etag) });
    const made = study.document(kind, { number: (last?.number ?? 0) + 1 });
    study.all.push(made);
    return made;
  };
  const loadsOf = (one) => {
    if (one.kind === KINDS.curriculum) return [];
    if (one.kind === KINDS.load) return one.state === DRAFT ? study.loads : study.kept.get(one.studyDocumentId);
    const load = study.all.filter((other) => other.kind === KINDS.load && other.state === APPROVED).at(-1);
    return load ? study.kept.get(load.studyDocumentId) : [];
  };
  const copy = (loads) => loads.map((one) => ({ ...one, teachingLoad: { ...one.teachingLoad } }));
  const dayBefore = (day) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const inForce = (day) => study.loads.filter(({ teachingLoad: one }) => one.startsOn <= day && (!one.endsOn || one.endsOn >= day));

  function take({ add, change, end }) {
    if (add) {
      const known = study.loads.find((one) => one.teachingLoad.groupId === add.groupId);
      study.loads.push({ ...known, teachingLoad: { teachingLoadId: id('tld'), subjectId: id('sub'), endsOn: '', ...add } });
      return;
    }
    const load = study.loads.find((one) => one.teachingLoad.teachingLoadId === (change ?? end).teachingLoadId);
    const before = { ...load.teachingLoad };
    load.teachingLoad.endsOn = dayBefore((change ?? end).from);
    if (change) {
      study.loads.push({ ...load, teachingLoad: { ...before, teachingLoadId: id('tld'), startsOn: change.from, teacherId: change.teacherId || before.teacherId, weeklyHoursHundredths: change.weeklyHoursHundredths || before.weeklyHoursHundredths } });
    }
  }

  return [
    ['GET', '/v1/schools/:school/studyDocuments', (c) => {
      ownSchool(c);
      const year = c.query.get('academicYear') || '2026/2027';
      return { studyDocuments: study.all.filter((one) => one.academicYear === year).sort((a, b) => b.number - a.number) };
    }],
    ['GET', '/v1/schools/:school/studyDocuments/:document', (c) => {
      const one = find(c);
      return { studyDocument: one, curriculumLines: study.lines.get(one.studyDocumentId), loads: loadsOf(one), calendar: study.calendars.get(one.studyDocumentId) };
    }],
    ['POST', '/v1/schools/:school/studyDocuments:save', (c) => {
      office(c);
      const { kind, title, orderNumber, orderedOn, approveBy, curriculumLines, etag } = c.body;
      const one = Object.assign(draft(kind, etag), { title, orderNumber, orderedOn, approveBy, overdue: Boolean(approveBy) && approveBy < '2026-11-18' });
      if (kind === KINDS.curriculum) study.lines.set(one.studyDocumentId, curriculumLines.map((line) => ({ ...line, yearlyHours: line.yearlyHours || (line.weeklyHoursHundredths * 34) / 100 })));
      return { studyDocument: one };
    }],
    ['POST', '/v1/schools/:school/studyDocuments/:document:approve', (c) => {
      const one = find(c);
      if (c.me.role !== 'ROLE_DIRECTOR') throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
      if (c.body.etag !== one.etag) throw stale();
      if (one.kind === KINDS.tariff && !one.orderNumber) throw refuse(409, 'ORDER_MISSING', 'Укажите номер и дату приказа о тарификации');
      if (one.kind === 'STUDY_DOCUMENT_KIND_CALENDAR') study.calendars.set(one.studyDocumentId, structuredClone(world.year.calendar));
      if (one.kind === KINDS.load) study.kept.set(one.studyDocumentId, copy(study.loads));
      return { studyDocument: Object.assign(one, { state: APPROVED, approvedBy: c.me.personId, approvedAt: new Date(now()).toISOString(), etag: next(one.etag) }) };
    }],
    ['POST', '/v1/schools/:school/teachingLoads:change', (c) => {
      office(c);
      const studyDocument = draft(KINDS.load, c.body.etag);
      for (const operation of c.body.operations) take(operation);
      const source = world.timetables.all.at(-1);
      const timetable = c.body.draftTimetable ? world.timetables.create(source, 'Нагрузка') : undefined;
      const { groupTitle, teachingLoad } = study.loads.at(-1);
      return { studyDocument, timetable, timetableLoads: timetable ? [] : [{ ...teachingLoad, groupTitle, placedHoursHundredths: 100 }] };
    }],
    ['GET', '/v1/schools/:school/loadSummary', (c) => {
      ownSchool(c);
      const loads = inForce(c.query.get('date'));
      const curriculum = newest(KINDS.curriculum);
      const lines = study.lines.get(curriculum.studyDocumentId);
      const sum = (list) => list.reduce((total, one) => total + one.teachingLoad.weeklyHoursHundredths, 0);
      const teachers = [...new Set(loads.map((one) => one.teachingLoad.teacherId))].map((teacherId) => {
        const own = loads.filter((one) => one.teachingLoad.teacherId === teacherId);
        return { teacherId, weeklyHoursHundredths: sum(own), loadCount: own.length };
      });
      const classes = [...new Map(loads.map((one) => [one.classId, one])).values()].map(({ classId, groupTitle, grade }) => {
        const own = loads.filter((one) => one.classId === classId);
        const subjects = own.map(({ teachingLoad: one }) => {
          const plan = lines.find((line) => line.grade === grade && line.subjectTitle === one.subjectTitle)?.weeklyHoursHundredths ?? 0;
          const given = one.weeklyHoursHundredths;
          return { subjectId: one.subjectId, subjectTitle: one.subjectTitle, curriculumHoursHundredths: plan, leastHoursHundredths: given, mostHoursHundredths: given, missingHoursHundredths: Math.max(0, plan - given), excessHoursHundredths: Math.max(0, given - plan) };
        });
        return { classId, title: groupTitle, grade, curriculumHoursHundredths: subjects.reduce((total, one) => total + one.curriculumHoursHundredths, 0), weeklyHoursHundredths: sum(own), subjects };
      });
      return { teachers, classes, curriculumId: curriculum.studyDocumentId };
    }],
  ];
}
