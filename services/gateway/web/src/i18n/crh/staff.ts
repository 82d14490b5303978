export default {
  /** Stage of the school at the head of the first screens. */
  stages: {
    JOURNAL_MODE_KIND_PREPARATION: { title: 'азырлыкъ', hint: 'Мектеп электрон журналгъа азырлана' },
    JOURNAL_MODE_KIND_PILOT: { title: 'пилот', hint: 'Журнал кягъыт журналнен бирге алып барыла' },
  },
  nav: {
    today: 'Бугунь',
    journals: 'Журналлар',
    corrections: 'Истеклер',
    myClass: 'Меним сыныфым',
    board: 'Незарет',
    substitutions: 'Денъиштирмелер',
    registries: 'Весикъалар ве реестрлер',
    orders: 'Эмирлер китабы',
    rollouts: 'Кирсетюв барышы',
    controlSheets: 'Незарет листлери',
    monitorings: 'Мониторинглер',
    lessonPlans: 'КТП',
    timetable: 'Дерс джедвели',
    loads: 'План ве юклеме',
    reports: 'Эсабатлар',
    ledger: 'Тешкерюв',
    import: 'Импорт',
    people: 'Хадимлер',
    classes: 'Сыныфлар',
    schools: 'Мектеплер',
  },
};
