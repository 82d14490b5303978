/** Words that all screens of the staff share; a family never loads them. */
const staff = {
  /** Stage of the school at the head of the first screens. */
  stages: {
    JOURNAL_MODE_KIND_PREPARATION: { title: 'подготовка', hint: 'Школа готовится к электронному журналу' },
    JOURNAL_MODE_KIND_PILOT: { title: 'пилот', hint: 'Журнал ведётся наряду с бумажным' },
  },
  /** Sections of the bar and ways to them. */
  nav: {
    today: 'Сегодня',
    journals: 'Журналы',
    corrections: 'Заявки',
    myClass: 'Мой класс',
    board: 'Контроль',
    substitutions: 'Замены',
    events: 'События',
    registries: 'Документы и реестры',
    orders: 'Книга приказов',
    export: 'Выгрузка школы',
    rollouts: 'Ход внедрения',
    controlSheets: 'Листы контроля',
    supervision: 'Кто решает заявки',
    monitorings: 'Мониторинги',
    lessonPlans: 'КТП',
    timetable: 'Расписание',
    loads: 'План и нагрузка',
    schoolYear: 'Учебный год',
    reports: 'Отчёты',
    ledger: 'Сверка',
    import: 'Импорт',
    people: 'Сотрудники',
    classes: 'Классы',
    schools: 'Школы',
    municipalities: 'Муниципалитеты',
    municipality: 'Муниципалитет',
  },
};

export default staff;
