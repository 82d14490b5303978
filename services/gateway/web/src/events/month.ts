import type { SchoolEvent } from '../api/types/events';
import { addDays, isDate } from '../domain/day';

/** First and last day of the month of a date. */
export function monthAround(date: string): { from: string; to: string } {
  const from = `${date.slice(0, 7)}-01`;
  const inNext = addDays(from, 31);
  return { from, to: addDays(`${inNext.slice(0, 7)}-01`, -1) };
}

/** The month that an address asks for, of today otherwise. */
export function monthAsked(asked: string | null, today: string): { from: string; to: string } {
  return monthAround(isDate(asked) ? asked : today);
}

/** A day of the month after or before. */
export function shifted(from: string, by: 1 | -1): string {
  return by === 1 ? addDays(from, 31) : addDays(from, -1);
}

/** Events by the day under which they are shown: of those that began before, the first of the month. */
export function byDay(events: readonly SchoolEvent[], from: string): [string, SchoolEvent[]][] {
  const days = new Map<string, SchoolEvent[]>();
  for (const event of events) {
    const day = event.content.startsOn < from ? from : event.content.startsOn;
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days].sort(([a], [b]) => a.localeCompare(b));
}
