/** What families read of events; the rest is for the staff. */
export default {
  title: 'Вакъиалар',
  familyLead: 'Сыныфта ве мектепте не планлаштырылгъан.',
  child: 'Бала',
  month: 'Ай',
  previous: 'Кечкен ай',
  next: 'Келеджек ай',
  thisMonth: 'Бу ай',
  empty: 'Бу айда вакъиалар ёкъ',
  emptyFamilyHint: 'Сыныф ребери айнынъ планыны держ эткен сонъ, о мында пейда олур.',
  kinds: {
    SCHOOL_EVENT_KIND_ACTIVITY: 'Тедбир',
    SCHOOL_EVENT_KIND_EXAM: 'Имтиан',
    SCHOOL_EVENT_KIND_PARENTS_MEETING: 'Ана-бабалар топлашувы',
  },
  cancelled: 'лягъу этильди',
  wholeDay: 'бутюн кунь',
};
