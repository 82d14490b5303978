import { change, get, post, url } from './client';
import { count, list, nothing, record, text } from './shape';
import { type CalendarKind, type CalendarSubscription, calendarSubscription } from './types/calendars';

/** Whose days a new calendar shows. */
export interface Wanted {
  schoolId: string;
  kind: CalendarKind;
  pupilId?: string;
  classId?: string;
}

const all = (schoolId: string) => url`/v1/schools/${schoolId}/calendarSubscriptions`;

/** The account's own, the newest first, and how many it may have. */
export function listCalendars(schoolId: string, signal?: AbortSignal) {
  return get(record({ calendarSubscriptions: list(calendarSubscription), most: count }), all(schoolId), {}, signal);
}

/** The path with its secret is only in this answer. */
export function createCalendar({ schoolId, ...wanted }: Wanted, key: string) {
  return post(record({ calendarSubscription, path: text }), all(schoolId), wanted, { key });
}

export async function deleteCalendar(one: CalendarSubscription, key: string): Promise<void> {
  await change('DELETE', nothing, url`/v1/schools/${one.schoolId}/calendarSubscriptions/${one.calendarSubscriptionId}`, { key });
}
