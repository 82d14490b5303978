import { id } from './ids.mjs';
import { classNames, personName } from './names.mjs';
import { makeBook } from './orders.mjs';
import { makeCards } from './cards.mjs';
import { makeRollover } from './rollover.mjs';
import { makeStudy } from './study.mjs';
import { makeYear } from './year.mjs';
import { makeTimetables } from './timetable.mjs';
import { makeGroups } from './groups.mjs';
import { makeModes } from './modes.mjs';
import { makeProfile } from './school.mjs';

/** Wednesday, 18 November 2026, 11:20 in Simferopol. */
export const NOW = Date.parse('2026-11-18T08:20:00Z');
export const TODAY = '2026-11-18';

export { id };

export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function weekday(date) {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

const BELLS = [
  ['08:30', '09:15'], ['09:25', '10:10'], ['10:30', '11:15'], ['11:35', '12:20'], ['12:40', '13:25'], ['13:35', '14:20'],
];
const SUBJECTS = ['Русский язык', 'Литература', 'Математика', 'Английский язык', 'История', 'Биология', 'География', 'Физическая культура', 'Изобразительное искусство', 'Музыка', 'Технология', 'Информатика'];
const TOPICS = [
  'Обыкновенные дроби: повторение', 'Правильные и неправильные дроби', 'Сравнение дробей с равными знаменателями',
  'Сложение и вычитание дробей', 'Смешанные числа', 'Самостоятельная работа «Дроби»', 'Сложение смешанных чисел',
  'Вычитание смешанных чисел', 'Деление и дроби', 'Решение задач на дроби', 'Контрольная работа № 3', 'Десятичная запись дробных чисел',
];
const TASKS = ['№ 412, 415', '§ 12, № 430 (а, б)', 'Повторить правила § 10–12', '№ 441, 446, задача 450', 'Карточка 7', ''];

function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const SCHOOL = {
  schoolId: id('sch'),
  title: 'МБОУ «Средняя школа № 12» г. Симферополя',
  municipality: 'городской округ Симферополь',
  academicYear: '2026/2027',
  state: 'SCHOOL_STATE_ACTIVE',
};

/** Saves the content of a lesson plan as the server would. */
function putPlan(plan, { title, themes }) {
  const numbered = themes.map((theme, at) => ({ section: '', homework: '', controlKind: 'CONTROL_KIND_UNSPECIFIED', ...theme, number: at + 1, themeId: theme.themeId || id('thm') }));
  const plannedHours = numbered.reduce((sum, theme) => sum + theme.hours, 0);
  return Object.assign(plan, {
    title, themes: numbered, themeCount: numbered.length, plannedHours, hoursDifference: plannedHours - plan.requiredHours, savedAt: new Date(NOW).toISOString(),
    state: 'LESSON_PLAN_STATE_DRAFT', remark: '', decidedBy: '', decidedAt: '', etag: `v${Number(plan.etag.slice(1) || 0) + 1}`,
  });
}

function decidePlan(plan, decision) {
  return Object.assign(plan, { remark: '', ...decision, etag: `v${Number(plan.etag.slice(1)) + 1}` });
}

/** A plan for each journal: one approved, one short of hours, one returned, the others missing. */
function makePlans(journals, { maths, mathsB, geometry }) {
  const plans = new Map();
  for (const journal of journals) {
    const weekly = journal.subjectTitle === 'Математика' ? 5 : 2;
    plans.set(`${journal.groupId}|${journal.subjectId}`, {
      schoolId: SCHOOL.schoolId, academicYear: SCHOOL.academicYear, groupId: journal.groupId, groupTitle: journal.groupTitle, grade: journal.grade,
      subjectId: journal.subjectId, subjectTitle: journal.subjectTitle, teacherIds: journal.teacherIds, state: 'LESSON_PLAN_STATE_MISSING', title: '', remark: '',
      weeklyHoursHundredths: weekly * 100, studyWeeks: 34, requiredHours: weekly * 34, plannedHours: 0, hoursDifference: -weekly * 34, themeCount: 0, themes: [], etag: '',
    });
  }
  const of = (journal) => plans.get(`${journal.groupId}|${journal.subjectId}`);
  const fractions = TOPICS.map((title, at) => ({ section: 'Обыкновенные дроби', title, hours: 1, homework: TASKS[at % TASKS.length], controlKind: title.startsWith('Контрольная') ? 'CONTROL_KIND_CONTROL_WORK' : title.startsWith('Самостоятельная') ? 'CONTROL_KIND_INDEPENDENT_WORK' : 'CONTROL_KIND_UNSPECIFIED' }));
  const rest = [['Десятичные дроби', 60], ['Проценты', 40], ['Углы и многоугольники', 38], ['Итоговое повторение', 20]].map(([title, hours]) => ({ section: 'Второе полугодие', title, hours }));
  decidePlan(putPlan(of(maths), { title: 'Мерзляк А. Г., 5 класс', themes: [...fractions, ...rest] }), { state: 'LESSON_PLAN_STATE_APPROVED', decidedAt: '2026-08-28T09:10:00Z' });
  putPlan(of(mathsB), { title: 'Мерзляк А. Г., 5 класс', themes: [...fractions, { title: 'Десятичные дроби', hours: 150 }] });
  decidePlan(putPlan(of(geometry), { title: '', themes: [{ title: 'Четырёхугольники', hours: 40 }, { title: 'Площадь', hours: 28 }] }), { state: 'LESSON_PLAN_STATE_RETURNED', remark: 'Добавьте контрольные работы', decidedAt: '2026-09-02T09:10:00Z' });
  return plans;
}

/** A new, independent school with its journal. */
export function makeWorld({ pupils = 30, since = '2026-11-09' } = {}) {
  const random = seeded(42);
  const teacherName = { surname: 'Журавлёва', givenName: 'Марина', patronymic: 'Викторовна' };
  const teacher = { personId: id('per'), name: teacherName };
  const deputy = { personId: id('per'), name: { surname: 'Гончаренко', givenName: 'Олег', patronymic: 'Павлович' } };
  const admin = { personId: id('per'), name: { surname: 'Сейтумеров', givenName: 'Ленур', patronymic: 'Айдерович' } };
  const parent = { personId: id('per'), name: { surname: 'Баранова', givenName: 'Елена', patronymic: 'Игоревна' } };

  const classes = [];
  for (let grade = 1; grade <= 11; grade += 1) {
    for (const letter of grade < 10 ? ['А', 'Б', 'В'] : ['А']) {
      classes.push({
        classId: id('cls'), schoolId: SCHOOL.schoolId, academicYear: SCHOOL.academicYear, grade, letter,
        title: `${grade}-${letter}`, shift: grade === 3 || grade === 6 ? 2 : 1,
        classTeacherId: id('per'), classTeacherName: personName(grade * 5 + letter.charCodeAt(0), 1), pupilCount: 24 + ((grade * 3 + letter.charCodeAt(0)) % 8),
      });
    }
  }
  const own = classes.find((item) => item.title === '5-А');
  own.classTeacherId = teacher.personId;
  own.classTeacherName = teacher.name;
  own.pupilCount = pupils;
  delete classes.find((item) => item.title === '2-В').classTeacherName;

  const classPupils = classNames(pupils).map((name, index) => ({
    pupilId: id('per'), schoolId: SCHOOL.schoolId, name, classId: own.classId, classTitle: own.title,
    birthDate: addDays('2015-01-15', index * 11), sex: 'SEX_FEMALE', educationForm: 'EDUCATION_FORM_FULL_TIME',
  }));

  const journals = [];
  const lessons = new Map();
  const journalOf = (classTitle, subjectTitle, by) => {
    const klass = classes.find((item) => item.title === classTitle);
    const journal = {
      journalId: id('jrn'), schoolId: SCHOOL.schoolId, academicYear: SCHOOL.academicYear, groupId: id('grp'), groupTitle: classTitle,
      classId: klass.classId, grade: klass.grade, subjectId: id('sub'), subjectTitle, teacherIds: [by.personId], teacherNames: [by.name],
    };
    journals.push(journal);
    return journal;
  };

  const maths = journalOf('5-А', 'Математика', teacher);
  const mathsB = journalOf('5-Б', 'Математика', teacher);
  mathsB.subjectId = maths.subjectId;
  const algebra = journalOf('7-А', 'Алгебра', teacher);
  const geometry = journalOf('8-Б', 'Геометрия', teacher);
  for (const [index, subject] of SUBJECTS.entries()) {
    if (subject !== 'Математика') journalOf('5-А', subject, { personId: id('per'), name: personName(index * 9 + 4, 1) });
  }
  for (const title of ['5-Б', '6-А', '7-Б', '9-А']) {
    for (const [index, subject] of SUBJECTS.slice(0, 5).entries()) {
      if (title !== '5-Б' || subject !== 'Математика') journalOf(title, subject, { personId: id('per'), name: personName(index * 5 + title.length, 1) });
    }
  }

  function lesson(journal, date, number, extra = {}) {
    const [startsAt, endsAt] = BELLS[number - 1];
    const due = Date.parse(`${date}T15:20:00+03:00`);
    const free = Date.parse(`${addDays(date, 1)}T00:00:00+03:00`);
    const window =
      extra.cancelled ? 'ENTRY_WINDOW_CANCELLED'
      : date > TODAY ? 'ENTRY_WINDOW_FUTURE'
      : NOW >= free ? 'ENTRY_WINDOW_CORRECTION'
      : NOW >= due ? 'ENTRY_WINDOW_LATE'
      : 'ENTRY_WINDOW_OPEN';
    const item = {
      lessonId: id('les'), date, lessonNumber: number, startsAt, endsAt, topic: '', homework: '', homeworkMinutes: 0,
      controlKind: 'CONTROL_KIND_UNSPECIFIED', conducted: false, recordedLate: false,
      entryDueAt: new Date(due).toISOString(), freeCorrectionUntil: new Date(free).toISOString(), window,
      own: true, cancelled: false, substituted: false, etag: '', journalId: journal.journalId, ...extra,
    };
    lessons.set(item.lessonId, item);
    return item;
  }

  // Five lessons of maths a week in the second quarter.
  const columns = [];
  let topic = 0;
  for (let date = since; date <= '2026-12-26'; date = addDays(date, 1)) {
    if (weekday(date) > 4) continue;
    const past = date < TODAY;
    const control = topic === 5 ? 'CONTROL_KIND_INDEPENDENT_WORK' : topic === 10 ? 'CONTROL_KIND_CONTROL_WORK' : 'CONTROL_KIND_UNSPECIFIED';
    columns.push(lesson(maths, date, (weekday(date) % 4) + 1, {
      controlKind: control,
      ...(past && { topic: TOPICS[topic % TOPICS.length], homework: TASKS[topic % TASKS.length], homeworkMinutes: 25, conducted: true, etag: 'v1' }),
      ...(date === '2026-11-12' && { substituted: true, own: false }),
      ...(date === '2026-12-04' && { cancelled: true }),
    }));
    topic += 1;
  }

  const plans = makePlans(journals, { maths, mathsB, geometry });

  const cells = new Map();
  const key = (lessonId, pupilId) => `${lessonId}|${pupilId}`;
  let revision = 100;
  for (const column of columns.filter((item) => item.date < TODAY)) {
    for (const pupil of classPupils) {
      const dice = random();
      const cell = { lessonId: column.lessonId, pupilId: pupil.pupilId, marks: [], attendance: 'ATTENDANCE_UNSPECIFIED', lateMinutes: 0, attendanceComment: '', attendanceRevision: '0', correctionPending: false };
      const written = column.controlKind !== 'CONTROL_KIND_UNSPECIFIED';
      if (dice < 0.04) Object.assign(cell, { attendance: 'ATTENDANCE_ABSENT', attendanceRevision: String((revision += 1)) });
      else if (dice < 0.07) Object.assign(cell, { attendance: 'ATTENDANCE_ILL', attendanceRevision: String((revision += 1)) });
      else if (dice < 0.09) Object.assign(cell, { attendance: 'ATTENDANCE_LATE', lateMinutes: 7, attendanceRevision: String((revision += 1)) });
      else if (written || dice < 0.36) {
        const value = ['5', '4', '4', '3', '5', '4', '3', '2', '5', '4'][Math.floor(random() * 10)];
        cell.marks.push({ slot: 1, value, kind: column.controlKind, comment: random() < 0.05 ? 'Решение у доски' : '', revision: String((revision += 1)), setAt: `${column.date}T09:40:00Z` });
        if (written && random() < 0.12) cell.marks.push({ slot: 2, value: '5', kind: 'CONTROL_KIND_HOMEWORK', comment: '', revision: String((revision += 1)), setAt: `${column.date}T09:41:00Z` });
      } else continue;
      cells.set(key(column.lessonId, pupil.pupilId), cell);
    }
  }

  // The teacher's day.
  const todayMaths = columns.find((item) => item.date === TODAY);
  Object.assign(todayMaths, { lessonNumber: 3, startsAt: BELLS[2][0], endsAt: BELLS[2][1] });
  const day = [
    { lesson: lesson(geometry, TODAY, 1, { topic: 'Свойства параллелограмма', homework: '§ 43, № 371, 374', conducted: true, etag: 'v1' }), journal: geometry, pupilCount: 27, markCount: 9, absentCount: 2, room: '24' },
    { lesson: lesson(algebra, TODAY, 2), journal: algebra, pupilCount: 26, markCount: 4, absentCount: 0, room: '24' },
    { lesson: todayMaths, journal: maths, pupilCount: pupils, markCount: 0, absentCount: 0, room: '24' },
    { lesson: lesson(mathsB, TODAY, 4), journal: mathsB, pupilCount: 28, markCount: 0, absentCount: 0, room: '24' },
    { lesson: lesson(algebra, TODAY, 5, { substituted: true }), journal: { ...algebra, journalId: id('jrn'), groupTitle: '7-Б' }, pupilCount: 25, markCount: 0, absentCount: 0, room: '31' },
    { lesson: lesson(geometry, TODAY, 6, { cancelled: true }), journal: { ...geometry, groupTitle: '9-А' }, pupilCount: 24, markCount: 0, absentCount: 0, room: '24' },
  ];

  // Diary of two children of one family.
  const first = classPupils.find((item) => item.name.surname.startsWith('Баранов')) ?? classPupils[0];
  const second = { pupilId: id('per'), name: { surname: 'Баранов', givenName: 'Лев', patronymic: first.name.patronymic }, classTitle: '2-Б' };
  const children = [first, second].map((item) => ({ pupilId: item.pupilId, name: item.name, classTitle: item.classTitle, schoolId: SCHOOL.schoolId, schoolTitle: SCHOOL.title }));

  const diaryLessons = new Map();
  function diaryDay(pupilId, date) {
    const key_ = `${pupilId}|${date}`;
    if (!diaryLessons.has(key_)) {
      const off = date === '2026-11-04' ? 'День народного единства' : weekday(date) > 4 ? '' : null;
      const dice = seeded(Number(date.replaceAll('-', '')) + pupilId.length);
      const items = off !== null ? [] : Array.from({ length: 5 + (weekday(date) % 2) }, (_, index) => {
        const others = SUBJECTS.filter((item) => item !== 'Математика');
        const subject = index === 2 ? 'Математика' : others[(index * 4 + weekday(date) * 3) % others.length];
        const source = subject === 'Математика' && pupilId === first.pupilId ? columns.find((item) => item.date === date) : undefined;
        const past = date < TODAY || (date === TODAY && index < 2);
        return {
          lessonId: source?.lessonId ?? id('les'), lessonNumber: index + 1, startsAt: BELLS[index][0], endsAt: BELLS[index][1], subjectTitle: subject,
          room: ['24', '31', '12', 'спортзал', '8'][Math.floor(dice() * 5)], teacherName: subject === 'Математика' ? teacher.name : personName(index * 4 + 9, 1),
          substituted: index === 3 && weekday(date) === 3, remote: index === 1 && weekday(date) === 2, cancelled: index === 4 && weekday(date) === 4, topic: past ? 'Повторение изученного' : '',
          homework: past && dice() < 0.75 ? ['§ 14, упражнение 203', 'Выучить стихотворение наизусть', 'с. 57, вопросы 1–4 письменно', 'Принести гербарий', 'Unit 5, ex. 4 (слова)'][Math.floor(dice() * 5)] : '',
          mark: past && dice() < 0.4 ? ['5', '4', '4', '3', '4/5'][Math.floor(dice() * 5)] : '',
          away: past && dice() < 0.06,
        };
      });
      diaryLessons.set(key_, { date, dayOffTitle: off ?? '', items });
    }
    const { items, ...rest } = diaryLessons.get(key_);
    return {
      ...rest,
      lessons: items.map(({ mark, away, ...item }) => ({
        ...item,
        cell: cells.get(key(item.lessonId, pupilId)) ?? (mark || away
          ? { lessonId: item.lessonId, pupilId, marks: mark ? [{ slot: 1, value: mark, kind: 'CONTROL_KIND_ANSWER', revision: '1', comment: mark === '3' ? 'Повторить правило' : '' }] : [], attendance: away ? 'ATTENDANCE_ABSENT' : 'ATTENDANCE_UNSPECIFIED' }
          : undefined),
      })),
    };
  }

  const staff = Array.from({ length: 48 }, (_, index) => ({
    personId: id('per'), name: personName(index * 3 + 1, index % 5 === 0 ? 0 : 1),
    post: ['учитель начальных классов', 'учитель русского языка и литературы', 'учитель математики', 'учитель истории', 'педагог-психолог', 'учитель физической культуры'][index % 6],
    duties: ['DUTY_TEACHER'], phone: index % 3 ? `+7 978 ${String(1000000 + index * 7919).slice(0, 3)}-${String(10 + (index % 80))}-${String(20 + (index % 70))}` : '', email: index % 4 ? '' : `uchitel${index}@shkola12.example`,
  }));
  staff.push({ personId: teacher.personId, name: teacher.name, post: 'учитель математики', duties: ['DUTY_TEACHER'] });
  staff.sort((a, b) => a.name.surname.localeCompare(b.name.surname, 'ru'));

  const invitations = [];
  const invite = (person, role, state, extra = {}) => {
    const made = {
      invitationId: id('inv'), schoolId: SCHOOL.schoolId, personId: person.personId ?? person.pupilId, name: person.name, role, state,
      issuedAt: '2026-11-10T07:00:00Z', expiresAt: '2026-12-10T07:00:00Z', ...(state === 'INVITATION_STATE_USED' && { usedAt: '2026-11-11T16:00:00Z' }), ...extra,
    };
    invitations.push(made);
    return made;
  };
  for (const [index, person] of staff.entries()) {
    if (index % 7 === 6) continue;
    invite(person, 'ROLE_TEACHER', index % 5 === 4 ? 'INVITATION_STATE_ISSUED' : index % 11 === 9 ? 'INVITATION_STATE_EXPIRED' : 'INVITATION_STATE_USED');
  }
  const guardians = classPupils.map((pupil, index) => ({
    personId: id('per'), pupil,
    name: { surname: pupil.name.surname, givenName: personName(index, 1).givenName, patronymic: personName(index + 3, 1).patronymic },
    relation: `мать: ${pupil.name.surname} ${pupil.name.givenName}`,
  }));
  for (const [index, guardian] of guardians.entries()) {
    if (index < 18) invite(guardian, 'ROLE_GUARDIAN', index % 4 === 3 ? 'INVITATION_STATE_ISSUED' : 'INVITATION_STATE_USED', { relation: guardian.relation, classId: own.classId });
  }
  for (const [index, pupil] of classPupils.entries()) {
    if (index < 9) invite(pupil, 'ROLE_PUPIL', index % 3 ? 'INVITATION_STATE_USED' : 'INVITATION_STATE_ISSUED', { classId: own.classId });
  }

  const reg = (n) => `reg_${String(n).padStart(32, '0')}`;
  const records = [
    { recordId: reg(1), etag: 'v1', overdue: true, measure: { kind: 'MEASURE_KIND_METHODICAL', title: 'Провести анкетирование сотрудников', dueOn: '2026-08-25' } },
    { recordId: reg(2), etag: 'v2', personName: staff[0].name, measure: { kind: 'MEASURE_KIND_ORGANISATION', title: 'Провести педагогический совет', dueOn: '2026-08-28', doneOn: '2026-08-27', responsibleId: staff[0].personId, result: 'Протокол № 1', link: 'https://school.example/protocol.pdf' } },
    { recordId: reg(3), etag: 'v1', inForce: true, personName: staff[1].name, responsiblePerson: { kind: 'RESPONSIBILITY_KIND_ADMINISTRATOR', personId: staff[1].personId, duties: 'Ведёт электронный журнал школы', orderNumber: '17-к', orderDate: '2026-08-20', startsOn: '2026-09-01' } },
    { recordId: reg(4), etag: 'v1', inForce: true, localAct: { kind: 'LOCAL_ACT_KIND_REGULATION', title: 'Положение об электронном журнале', number: '12', datedOn: '2026-08-20', version: '2026-1', link: 'https://school.example/act.pdf', startsOn: '2026-09-01', toAcknowledge: true, acknowledgedCount: 8 } },
    { recordId: reg(5), etag: 'v1', personName: staff[2].name, training: { kind: 'TRAINING_KIND_COURSE', personId: staff[2].personId, title: 'Работа в электронном журнале', dueOn: '2026-09-15', doneOn: '2026-09-15', hours: 16, result: 'Удостоверение' } },
    { recordId: reg(6), etag: 'v1', inForce: true, personName: staff[3].name, equipment: { kind: 'EQUIPMENT_KIND_COMPUTER', title: 'Компьютеры кабинета информатики', place: 'каб. 24', quantity: 12, responsibleId: staff[3].personId, isAccessPoint: true, schedule: 'пн–пт 13:00–17:00', startsOn: '2026-09-01' } },
    { recordId: reg(7), etag: 'v1', inForce: true, equipment: { kind: 'EQUIPMENT_KIND_LAPTOP', title: 'Ноутбуки', place: 'выданы учителям', quantity: 29, startsOn: '2026-09-01' } },
  ];
  const rollouts = [
    { schoolId: SCHOOL.schoolId, schoolTitle: SCHOOL.title, municipality: SCHOOL.municipality, measureCount: 20, doneCount: 14, overdueCount: 2, responsibilities: ['RESPONSIBILITY_KIND_ADMINISTRATOR', 'RESPONSIBILITY_KIND_SYSTEM_SPECIALIST'], localActs: ['LOCAL_ACT_KIND_REGULATION', 'LOCAL_ACT_KIND_CONTRACT'], staffCount: 72, trainedCount: 40, toAcknowledgeCount: 72, acknowledgedCount: 50, profileState: 'SCHOOL_PROFILE_STATE_DUE', profileConfirmedOn: '2026-05-12', journalStage: 'JOURNAL_MODE_KIND_PAPERLESS', journalStageStartsOn: '2026-09-01' },
    { schoolId: id('sch', 2), schoolTitle: 'Школа № 2 (вымышленная)', municipality: 'Сакский район', measureCount: 20, doneCount: 20, responsibilities: ['RESPONSIBILITY_KIND_ADMINISTRATOR', 'RESPONSIBILITY_KIND_SYSTEM_SPECIALIST'], localActs: ['LOCAL_ACT_KIND_CONTRACT'], staffCount: 30, trainedCount: 30, profileState: 'SCHOOL_PROFILE_STATE_CONFIRMED', profileConfirmedOn: '2026-09-14', journalStage: 'JOURNAL_MODE_KIND_PILOT', journalStageStartsOn: '2026-09-01' },
    { schoolId: id('sch', 3), schoolTitle: 'Школа № 3 (вымышленная)', municipality: 'Сакский район', staffCount: 25, profileState: 'SCHOOL_PROFILE_STATE_EMPTY' },
  ];
  const scheduled = staff.slice(0, 18).map((item, index) => ({
    lessonId: id('les'), date: '2026-11-18', lessonNumber: 1 + Math.floor(index / 6), startsAt: ['08:00', '08:55', '09:50'][Math.floor(index / 6)], endsAt: '08:40',
    groupTitle: classes[index % classes.length].title, subjectTitle: ['Русский язык', 'Математика', 'История'][index % 3], teacherId: item.personId, substituteId: '',
    room: `каб. ${10 + index}`, state: 'LESSON_STATE_PLANNED', stateReason: '', etag: 'v1',
  }));
  Object.assign(scheduled[2], { substituteId: staff[20].personId, stateReason: 'болезнь' });
  Object.assign(scheduled[4], { state: 'LESSON_STATE_CANCELLED', stateReason: 'карантин' });

  const corrections = [
    { pupil: classPupils[4], oldValue: '3', newValue: '4', reason: 'Ошибка при вводе: в тетради за самостоятельную стоит 4', state: 'CORRECTION_STATE_PENDING', column: columns[5], author: teacher },
    { pupil: classPupils[11], oldValue: 'н', newValue: 'б', reason: 'Мама принесла справку от врача с 12 по 14 ноября', state: 'CORRECTION_STATE_PENDING', column: columns[3], author: teacher },
    { pupil: classPupils[20], oldValue: '2', newValue: '', reason: 'Оценка поставлена не тому ученику', state: 'CORRECTION_STATE_REFUSED', column: columns[2], author: teacher, note: 'Приложите страницу тетради', decided: deputy },
  ].map((item) => ({
    correctionRequestId: id('cor'), schoolId: SCHOOL.schoolId, journalId: maths.journalId, lessonId: item.column.lessonId, date: item.column.date,
    subjectTitle: 'Математика', groupTitle: '5-А', pupilId: item.pupil.pupilId, pupilName: item.pupil.name, oldValue: item.oldValue, newValue: item.newValue,
    reason: item.reason, state: item.state, authorId: item.author.personId, authorName: item.author.name, requestedAt: '2026-11-18T06:10:00Z', note: item.note ?? '',
    ...(item.decided && { decidedByName: item.decided.name, decidedAt: '2026-11-17T12:30:00Z' }),
  }));

  const timetables = makeTimetables(classes, staff, teacher);
  return {
    teacher, deputy, admin, parent, first, second, classes, own, pupils: classPupils, journals, maths, mathsB, lessons, columns, cells, cellKey: key, day, diaryDay, children,
    ...makeBook({ id, addDays, school: SCHOOL, classes, pupils: classPupils }),
    cards: makeCards({ id, pupils: classPupils, guardians, now: NOW }),
    rollover: makeRollover({ id, school: SCHOOL, classes, pupils: classPupils }),
    profile: makeProfile(),
    modes: makeModes(id),
    staff, timetables, study: makeStudy(timetables.loads), year: makeYear(), dayChanges: [], dayLessons: new Map(), scheduled, records, rollouts, plans, putPlan, decidePlan, guardians, invitations, invite, corrections, revision: () => String((revision += 1)), pageRevision: 7, ledger: [], jobs: [], imports: new Map(),
    clubs: makeGroups({ id, pupils: classPupils }),
    notices: [
      { noticeId: id('ntc'), kind: 'NOTICE_KIND_CORRECTION', text: 'Заявка на исправление отклонена: Мельник, 11 ноября', link: '/corrections?state=refused', createdAt: '2026-11-18T07:55:00Z', read: false },
      { noticeId: id('ntc'), kind: 'NOTICE_KIND_MARK', pupilId: first.pupilId, pupilGivenName: first.name.givenName, text: 'Математика: 5', link: `/diary/${first.pupilId}?date=2026-11-17`, createdAt: '2026-11-17T10:02:00Z', read: true },
    ],
  };
}
