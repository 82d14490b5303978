/** What families read of events; the rest is for the staff. */
export default {
  title: 'Events',
  familyLead: 'What the class and the school have planned.',
  child: 'Child',
  month: 'Month',
  previous: 'Previous month',
  next: 'Next month',
  thisMonth: 'This month',
  empty: 'No events this month',
  emptyFamilyHint: 'When the class teacher publishes the plan of the month, it appears here.',
  kinds: {
    SCHOOL_EVENT_KIND_ACTIVITY: 'Activity',
    SCHOOL_EVENT_KIND_EXAM: 'Exam',
    SCHOOL_EVENT_KIND_PARENTS_MEETING: 'Parents’ meeting',
  },
  cancelled: 'cancelled',
  wholeDay: 'whole day',
};
