const MOST = 10;

/** Routes of calendar subscriptions; `refuse(status, code, detail, extra)` makes a refusal. */
export function calendarRoutes({ world, id, now, refuse }) {
  world.calendars ??= [];
  const own = ({ params, me }) => world.calendars.filter((one) => one.accountId === me.accountId && one.schoolId === params.school);
  const shown = ({ accountId, ...one }) => one;
  return [
    ['GET', '/v1/schools/:school/calendarSubscriptions', (call) => ({ calendarSubscriptions: own(call).map(shown), most: MOST })],
    ['POST', '/v1/schools/:school/calendarSubscriptions', (call) => {
      const { body, params, me } = call;
      if (own(call).length >= MOST) throw refuse(422, 'TOO_MANY_CALENDAR_SUBSCRIPTIONS', 'Календарей уже слишком много: удалите те, которыми не пользуетесь');
      const known = body.kind === 'CALENDAR_FEED_KIND_PUPIL' ? me.children?.some((child) => child.pupilId === body.pupilId) : Boolean(me.personId && me.schoolId);
      if (!known) throw refuse(404, 'NOT_FOUND', 'Не найдено');
      const made = { calendarSubscriptionId: id('csu'), schoolId: params.school, accountId: me.accountId, kind: body.kind, pupilId: body.pupilId, classId: body.classId, createdAt: now(), lastUsedOn: '' };
      world.calendars.unshift(made);
      return { calendarSubscription: shown(made), path: `/v1/schools/${params.school}/calendarFeeds/${'s'.repeat(42)}${world.calendars.length}/calendar.ics` };
    }],
    ['DELETE', '/v1/schools/:school/calendarSubscriptions/:calendar', (call) => {
      const found = own(call).find((one) => one.calendarSubscriptionId === call.params.calendar);
      if (!found) throw refuse(404, 'NOT_FOUND', 'Не найдено');
      world.calendars.splice(world.calendars.indexOf(found), 1);
      return {};
    }],
  ];
}
