/** What families read of events; the rest is for the staff. */
export default {
  title: 'Події',
  familyLead: 'Що заплановано в класі та школі.',
  child: 'Дитина',
  month: 'Місяць',
  previous: 'Попередній місяць',
  next: 'Наступний місяць',
  thisMonth: 'Цей місяць',
  empty: 'Цього місяця подій немає',
  emptyFamilyHint: 'Коли класний керівник опублікує план місяця, він з’явиться тут.',
  kinds: {
    SCHOOL_EVENT_KIND_ACTIVITY: 'Захід',
    SCHOOL_EVENT_KIND_EXAM: 'Іспит',
    SCHOOL_EVENT_KIND_PARENTS_MEETING: 'Батьківські збори',
  },
  cancelled: 'скасовано',
  wholeDay: 'увесь день',
};
