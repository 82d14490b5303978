/** Calendars on phones (`schedule.v1`). */
import { type Of, oneOf, record, text } from '../shape';

export type CalendarKind = 'CALENDAR_FEED_KIND_UNSPECIFIED' | 'CALENDAR_FEED_KIND_PUPIL' | 'CALENDAR_FEED_KIND_TEACHER' | 'CALENDAR_FEED_KIND_CLASS';

export const calendarSubscription = record({
  calendarSubscriptionId: text,
  schoolId: text,
  kind: oneOf<CalendarKind>('CALENDAR_FEED_KIND_UNSPECIFIED'),
  pupilId: text,
  classId: text,
  createdAt: text,
  lastUsedOn: text,
});

export type CalendarSubscription = Of<typeof calendarSubscription>;
