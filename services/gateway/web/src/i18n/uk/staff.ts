export default {
  /** Stage of the school at the head of the first screens. */
  stages: {
    JOURNAL_MODE_KIND_PREPARATION: { title: 'підготовка', hint: 'Школа готується до електронного журналу' },
    JOURNAL_MODE_KIND_PILOT: { title: 'пілот', hint: 'Журнал ведеться поряд із паперовим' },
  },
  nav: {
    today: 'Сьогодні',
    journals: 'Журнали',
    corrections: 'Заявки',
    myClass: 'Мій клас',
    board: 'Контроль',
    substitutions: 'Заміни',
    registries: 'Документи й реєстри',
    orders: 'Книга наказів',
    rollouts: 'Хід упровадження',
    controlSheets: 'Аркуші контролю',
    monitorings: 'Моніторинги',
    lessonPlans: 'КТП',
    timetable: 'Розклад',
    loads: 'План і навантаження',
    reports: 'Звіти',
    ledger: 'Звірка',
    import: 'Імпорт',
    people: 'Працівники',
    classes: 'Класи',
    schools: 'Школи',
  },
};
