/** Words that all screens of the staff share; a family never loads them. */
const staff = {
  /** Sections of the bar and ways to them. */
  nav: {
    today: 'Сегодня',
    journals: 'Журналы',
    corrections: 'Заявки',
    myClass: 'Мой класс',
    board: 'Контроль',
    substitutions: 'Замены',
    registries: 'Документы и реестры',
    orders: 'Книга приказов',
    rollouts: 'Ход внедрения',
    controlSheets: 'Листы контроля',
    monitorings: 'Мониторинги',
    lessonPlans: 'КТП',
    timetable: 'Расписание',
    loads: 'План и нагрузка',
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
