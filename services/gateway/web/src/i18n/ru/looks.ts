/** Who looked at records of children. */
const looks = {
  title: 'Кто смотрел',
  lead: 'Когда и зачем сотрудники школы открывали записи ребёнка. Обращения одного сотрудника за четверть часа показаны одной строкой.',
  leadSchool: 'Когда и зачем сотрудники открывали записи учеников школы.',
  child: 'Ребёнок',
  from: 'С',
  to: 'По',
  empty: 'Записи никто не открывал',
  emptyText: 'Обращения сотрудников появятся здесь в течение нескольких секунд.',
  caption: 'Обращения к записям',
  unknown: 'сотрудник без карточки в школе',
  own: 'записи ребёнка',
  ofClass: (title: string) => `весь класс ${title}`,
  ofSchool: 'все ученики школы',
  until: (from: string, to: string) => `${from} – ${to}`,
  records: {
    LOOK_RECORD_UNSPECIFIED: 'запись',
    LOOK_RECORD_JOURNAL: 'страница журнала',
    LOOK_RECORD_MARK_HISTORY: 'история отметки',
    LOOK_RECORD_DIARY: 'дневник',
    LOOK_RECORD_MARKS: 'все отметки',
    LOOK_RECORD_CARD: 'личная карточка',
    LOOK_RECORD_PUPIL_LIST: 'список учеников',
    LOOK_RECORD_BOARD: 'список учеников с малым числом отметок',
    LOOK_RECORD_REPORT: 'отчёт, сохранён файлом',
  },
  purposes: {
    LOOK_PURPOSE_UNSPECIFIED: 'не указано',
    LOOK_PURPOSE_TEACHING: 'ведёт уроки',
    LOOK_PURPOSE_CLASS_TEACHING: 'классный руководитель',
    LOOK_PURPOSE_CONTROL: 'контроль администрации школы',
    LOOK_PURPOSE_OFFICE: 'делопроизводство',
    LOOK_PURPOSE_SCHOOL: 'работа школы',
  },
};

export default looks;
