export default {
  /** Stage of the school at the head of the first screens. */
  stages: {
    JOURNAL_MODE_KIND_PREPARATION: { title: 'preparing', hint: 'The school prepares for the e-journal' },
    JOURNAL_MODE_KIND_PILOT: { title: 'pilot', hint: 'The journal is kept alongside the paper one' },
  },
  nav: {
    today: 'Today',
    journals: 'Journals',
    corrections: 'Requests',
    myClass: 'My class',
    board: 'Control',
    substitutions: 'Substitutions',
    registries: 'Documents and registries',
    orders: 'Book of orders',
    rollouts: 'Rollout',
    controlSheets: 'Control sheets',
    monitorings: 'Monitorings',
    lessonPlans: 'Lesson plans',
    timetable: 'Timetable',
    loads: 'Curriculum and load',
    reports: 'Reports',
    ledger: 'Ledger',
    import: 'Import',
    people: 'Staff',
    classes: 'Classes',
    schools: 'Schools',
  },
};
