import { id } from './ids.mjs';
import { nextYearRoutes } from './newyear.mjs';

const KIND = 'STUDY_DOCUMENT_KIND_CALENDAR';
const DRAFT = 'STUDY_DOCUMENT_STATE_DRAFT';
const CHANGES_FROM = '2026-11-19';
/** Lessons of a day of the invented school. */
const LESSONS = 12;

const period = (title, kind, startsOn, endsOn, [gradeFrom, gradeTo]) => ({ periodId: id('prd'), title, kind: `PERIOD_KIND_${kind}`, startsOn, endsOn, gradeFrom, gradeTo });
const off = (date, title) => ({ date, title, regional: true });

/** The calendar of the invented school. */
export function makeYear() {
  const regional = [off('2026-11-04', 'День народного единства'), off('2026-12-31', 'Перенос с 4 января'), off('2027-02-23', 'День защитника Отечества'), off('2027-03-08', 'Международный женский день'), off('2027-03-18', 'День воссоединения Крыма с Россией')];
  return {
    regional: { version: 2, daysOff: regional },
    regionalVersion: 1,
    calendar: {
      academicYear: '2026/2027',
      studyWeekDays: 5,
      periods: [
        period('1 четверть', 'QUARTER', '2026-09-01', '2026-10-30', [1, 9]),
        period('2 четверть', 'QUARTER', '2026-11-09', '2026-12-27', [1, 9]),
        period('3 четверть', 'QUARTER', '2027-01-11', '2027-03-21', [1, 9]),
        period('4 четверть', 'QUARTER', '2027-03-29', '2027-05-26', [1, 9]),
        period('1 полугодие', 'HALF_YEAR', '2026-09-01', '2026-12-27', [10, 11]),
        period('2 полугодие', 'HALF_YEAR', '2027-01-11', '2027-05-26', [10, 11]),
      ],
      holidays: [{ title: 'Дополнительные каникулы', startsOn: '2027-02-15', endsOn: '2027-02-21', gradeFrom: 1, gradeTo: 1 }],
      daysOff: regional.slice(0, 4),
      shortenedDays: [{ date: '2026-12-25', title: 'Перед каникулами', lessonMinutes: 30 }],
      bells: [[1, '08:00', '08:40'], [2, '08:50', '09:30'], [3, '09:50', '10:30'], [4, '10:50', '11:30'], [5, '11:40', '12:20'], [6, '12:30', '13:10']].map(([lessonNumber, startsAt, endsAt]) => ({ lessonNumber, startsAt, endsAt, shift: 1 })),
    },
    /** The next year, once it is opened. */
    next: undefined,
  };
}

/** What the page asks of it. */
export function yearRoutes({ world, ownSchool, refuse }) {
  const { study, year } = world;
  const newest = () => study.all.filter((one) => one.kind === KIND).sort((a, b) => b.number - a.number)[0];
  const office = (c) => {
    ownSchool(c);
    if (!['ROLE_DEPUTY', 'ROLE_ADMINISTRATOR'].includes(c.me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
  };
  const daysOf = (calendar) => 168 - calendar.daysOff.length;
  const view = () => ({
    calendar: year.calendar, studyDocument: newest(), regional: year.regional, regionalVersion: year.regionalVersion, changesFrom: CHANGES_FROM,
    grades: [5, 6, 10].map((grade) => ({ grade, schoolDays: daysOf(year.calendar) })),
  });
  /** What is only in the first of two lists of days. */
  const only = (a, b) => a.filter((one) => !b.some((other) => other.date === one.date));
  function effect(body) {
    const before = year.calendar;
    const added = only(body.daysOff, before.daysOff);
    const late = body.daysOff.findIndex((one) => added.includes(one) && one.date < CHANGES_FROM);
    const needed = before.bells.find((one) => one.lessonNumber <= 6 && !body.bells.some((other) => other.lessonNumber === one.lessonNumber));
    if (needed) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/bells', rule: 'BELL_IN_USE', message: `звонок нужен расписанию: 1 смена, ${needed.lessonNumber} урок` }] });
    if (late >= 0) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/daysOff/${late}`, rule: 'PAST', message: 'меняется прошедший день: прошедшие дни и сегодняшний остаются как были' }] });
    const after = { ...before, daysOff: body.daysOff };
    return {
      added: only(before.daysOff, body.daysOff).length * LESSONS,
      removed: added.length * LESSONS,
      changed: only(body.shortenedDays, before.shortenedDays).length * LESSONS + (JSON.stringify(body.bells) === JSON.stringify(before.bells) ? 0 : 150 * LESSONS),
      grades: daysOf(after) === daysOf(before) ? [] : [5, 6, 10].map((grade) => ({ grade, before: daysOf(before), after: daysOf(after) })),
    };
  }
  return [
    ['GET', '/v1/schools/:school/schoolYear', (c) => {
      ownSchool(c);
      const wanted = c.query.get('academicYear');
      const known = { academicYears: ['2026/2027', ...(year.next ? ['2027/2028'] : [])], nextAcademicYear: year.next ? '2028/2029' : '2027/2028' };
      return { schoolYear: wanted && wanted === year.next?.calendar.academicYear ? year.next : view(), ...known };
    }],
    ...nextYearRoutes({ world, office, ownSchool, refuse }),
    ['POST', '/v1/schools/:school/schoolYear:preview', (c) => { office(c); return { effect: effect(c.body) }; }],
    ['POST', '/v1/schools/:school/schoolYear:save', (c) => {
      office(c);
      const last = newest();
      if ((last?.etag ?? '') !== (c.body.etag ?? '')) throw refuse(412, 'ETAG_STALE', 'Документ уже изменён, обновите страницу');
      const done = effect(c.body);
      const { periods, holidays, daysOff, shortenedDays, bells } = c.body;
      const named = new Set(year.regional.daysOff.map((one) => one.date));
      if (year.regional.daysOff.every((one) => daysOff.some((own) => own.date === one.date))) year.regionalVersion = year.regional.version;
      year.calendar = {
        ...year.calendar, holidays, shortenedDays, bells,
        periods: periods.map((one) => ({ ...one, periodId: one.periodId || id('prd') })),
        daysOff: daysOff.map((one) => ({ ...one, regional: named.has(one.date) })),
      };
      if (last?.state === DRAFT) last.etag = `v${Number(last.etag.slice(1)) + 1}`;
      else study.all.push(study.document(KIND, { number: (last?.number ?? 0) + 1 }));
      return { schoolYear: view(), effect: done };
    }],
  ];
}
