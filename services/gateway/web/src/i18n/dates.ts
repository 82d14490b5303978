import { addDays, dayOf, inSchool, monthOf, weekdayOf, yearOf } from '../domain/day';
import { type Left, timeLeft } from '../domain/deadline';
import { serverNow } from '../app/clock';
import { words } from './index.svelte';

/** Today in the school's zone by the server's clock. */
export function today(): string {
  return inSchool(serverNow()).date;
}

/** `18 ноября`. */
export function dayMonth(date: string): string {
  const text = words('core').dates;
  return text.dayMonth(dayOf(date), text.monthsOf[monthOf(date)] ?? '');
}

/** `18 ноября 2026`. */
export function fullDate(date: string): string {
  const text = words('core').dates;
  return text.full(dayOf(date), text.monthsOf[monthOf(date)] ?? '', yearOf(date));
}

/** `18.11`. */
export function shortDate(date: string): string {
  return `${date.slice(8, 10)}.${date.slice(5, 7)}`;
}

export function weekday(date: string): string {
  return words('core').dates.weekdays[weekdayOf(date)] ?? '';
}

export function weekdayShort(date: string): string {
  return words('core').dates.weekdaysShort[weekdayOf(date)] ?? '';
}

/** `сегодня`, `вчера`, `завтра`, or the weekday. */
export function nearDay(date: string): string {
  const text = words('core').dates;
  const now = today();
  if (date === now) return text.today;
  if (date === addDays(now, -1)) return text.yesterday;
  if (date === addDays(now, 1)) return text.tomorrow;
  return weekday(date);
}

/** `16–21 ноября` or `30 ноября – 5 декабря`. */
export function span(from: string, to: string): string {
  if (from.slice(0, 7) === to.slice(0, 7)) return `${dayOf(from)}–${dayMonth(to)}`;
  return `${dayMonth(from)} – ${dayMonth(to)}`;
}

/** Time of day of an instant in the school's zone: `15:20`. */
export function timeOf(instant: string | number): string {
  return instant === '' ? '' : inSchool(instant).time;
}

/** `15:20` today, `18.11 15:20` on other days. */
export function momentOf(instant: string | number): string {
  if (instant === '') return '';
  const { date, time } = inSchool(instant);
  return date === today() ? time : `${shortDate(date)} ${time}`;
}

/** `1 ч 20 мин`. */
export function leftText(left: Left): string {
  const text = words('core').left;
  switch (left.kind) {
    case 'over':
      return text.over;
    case 'minutes':
      return text.minutes(left.minutes);
    case 'hours':
      return text.hours(left.hours, left.minutes);
    case 'days':
      return text.days(left.days);
  }
}

export function leftUntil(instant: string): string {
  return leftText(timeLeft(instant, serverNow()));
}
