import { id } from './ids.mjs';

const NEXT = '2027/2028';
const LOAD = 'STUDY_DOCUMENT_KIND_TEACHING_LOAD';

/** A date of the year after: the invented year keeps its dates. */
const later = (date) => `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;

/** Opening the next year, its loads and its timetable. */
export function nextYearRoutes({ world, office, ownSchool, refuse }) {
  const { year, study, timetables } = world;
  const moved = ({ startsOn, endsOn, ...rest }) => ({ ...rest, startsOn: later(startsOn), endsOn: later(endsOn) });
  const draft = () => ({
    academicYear: NEXT, sourceAcademicYear: '2026/2027', studyWeekDays: 5,
    periods: year.calendar.periods.map((one) => ({ ...moved(one), periodId: '' })),
    holidays: year.calendar.holidays.map(moved),
    daysOff: [{ date: '2027-11-04', title: 'День народного единства', regional: true }],
    shortenedDays: [], bells: year.calendar.bells,
    grades: [{ grade: 6, schoolDays: 165 }, { grade: 7, schoolDays: 165 }],
    gaps: year.nextGaps ?? [],
  });
  const carried = () => {
    const [gone, ...rest] = study.loads.slice(0, 4).map(({ groupTitle, teachingLoad }) => {
      const [grade, letter] = groupTitle.split('-');
      return { groupTitle, nextGroupTitle: `${Number(grade) + 1}-${letter}`, subjectId: teachingLoad.subjectId, subjectTitle: teachingLoad.subjectTitle, teacherId: teachingLoad.teacherId, weeklyHoursHundredths: teachingLoad.weeklyHoursHundredths, outcome: 'LOAD_CARRY_OUTCOME_CARRIED' };
    });
    return { academicYear: NEXT, sourceAcademicYear: '2026/2027', startsOn: '2027-09-01', loads: [{ ...gone, outcome: 'LOAD_CARRY_OUTCOME_TEACHER_LEFT' }, ...rest] };
  };
  function open({ academicYear, studyWeekDays, periods, holidays, daysOff, shortenedDays, bells }) {
    year.next = {
      calendar: { academicYear, studyWeekDays, holidays, daysOff, shortenedDays, bells, periods: periods.map((one) => ({ ...one, periodId: id('prd') })) },
      studyDocument: study.document('STUDY_DOCUMENT_KIND_CALENDAR', { academicYear }),
      regional: undefined, regionalVersion: 0, changesFrom: '2026-11-19', grades: draft().grades,
    };
    return year.next;
  }
  world.openNext = () => void open(draft());
  return [
    ['GET', '/v1/schools/:school/schoolYear/draft', (c) => { office(c); return { draft: draft() }; }],
    ['POST', '/v1/schools/:school/schoolYear:open', (c) => {
      office(c);
      if (year.next) throw refuse(409, 'SCHOOL_YEAR_EXISTS', '2027/2028 учебный год в школе уже открыт');
      const late = c.body.bells.findIndex((one) => one.endsAt <= one.startsAt);
      if (late >= 0) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/bells/${late}`, rule: 'REVERSED', message: 'урок заканчивается не позже, чем начинается' }] });
      return { schoolYear: open(c.body) };
    }],
    ['GET', '/v1/schools/:school/teachingLoads/carry', (c) => { office(c); return { carry: carried() }; }],
    ['POST', '/v1/schools/:school/teachingLoads:carry', (c) => {
      office(c);
      const studyDocument = study.document(LOAD, { academicYear: c.body.academicYear });
      study.all.push(studyDocument);
      return { carry: carried(), studyDocument };
    }],
    ['POST', '/v1/schools/:school/timetables:start', (c) => {
      office(c);
      ownSchool(c);
      const made = timetables.create(c.body.carry ? timetables.all.at(-1) : { timetable: { cycleWeeks: 1 }, entries: [] }, '');
      timetables.of(made.timetableId).timetable.academicYear = c.body.academicYear;
      return { timetable: { ...made, academicYear: c.body.academicYear }, leftOut: c.body.carry ? 2 : 0 };
    }],
  ];
}
