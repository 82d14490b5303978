import type { Bell, DayOff, SchoolYear, ShortenedDay, YearHoliday, YearLists, YearPeriod } from '../api/types';
import { addDays, isDate } from '../domain/day';

/** Lists of days; bells have a table of their own. */
export const LISTS = ['periods', 'holidays', 'daysOff', 'shortenedDays'] as const;
export type ListName = (typeof LISTS)[number];
export type Item = YearPeriod | YearHoliday | DayOff | ShortenedDay;

/** The lists of a year, for changing. */
export function listsOf(year: SchoolYear): YearLists {
  const { periods, holidays, daysOff, shortenedDays, bells } = year.calendar;
  return { periods, holidays, daysOff, shortenedDays, bells };
}

/** First day of lessons; empty when the year has no periods. */
export function beginsOn(year: SchoolYear): string {
  return year.calendar.periods.map((one) => one.startsOn).sort()[0] ?? '';
}

/** The day, or the first one of a year that has not begun. */
export function dayWithin(year: SchoolYear | undefined, day: string): string {
  const first = year ? beginsOn(year) : '';
  return first > day ? first : day;
}

export const firstDayOf = (item: Item) => ('date' in item ? item.date : item.startsOn);
export const lastDayOf = (item: Item) => ('date' in item ? item.date : item.endsOn);

/** By the first grade, then by time, as the server lists periods; other lists have no grades before days. */
function sorted<T extends Item>(list: ListName, items: readonly T[]): T[] {
  const grade = (item: Item) => (list === 'periods' && 'gradeFrom' in item ? item.gradeFrom : 0);
  return [...items].sort((a, b) => grade(a) - grade(b) || firstDayOf(a).localeCompare(firstDayOf(b)));
}

/** The lists with an item put in, in the place of `before` where there is one. */
export function put(lists: YearLists, list: ListName, item: Item, before?: Item): YearLists {
  const rest = (lists[list] as Item[]).filter((one) => one !== before);
  return { ...lists, [list]: sorted(list, [...rest, item]) };
}

export function without(lists: YearLists, list: ListName, item: Item): YearLists {
  return { ...lists, [list]: (lists[list] as Item[]).filter((one) => one !== item) };
}

/** Whether saving would change anything. */
export function same(a: YearLists, b: YearLists): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Gaps between the quarters, or else the trimesters: holidays of every grade. */
export function gapsOf(periods: readonly YearPeriod[]): { startsOn: string; endsOn: string }[] {
  const quarters = periods.filter((one) => one.kind === 'PERIOD_KIND_QUARTER');
  const spans = quarters.length > 0 ? quarters : periods.filter((one) => one.kind === 'PERIOD_KIND_TRIMESTER');
  const gaps: { startsOn: string; endsOn: string }[] = [];
  let covered = '';
  for (const { startsOn, endsOn } of [...spans].sort((a, b) => a.startsOn.localeCompare(b.startsOn))) {
    if (covered && addDays(covered, 1) < startsOn) gaps.push({ startsOn: addDays(covered, 1), endsOn: addDays(startsOn, -1) });
    if (endsOn > covered) covered = endsOn;
  }
  return gaps;
}

/** Days that the region names, that can still be taken over and that the school does not have. */
export function lacking(year: SchoolYear, lists: YearLists): DayOff[] {
  const own = new Set(lists.daysOff.map((one) => one.date));
  return (year.regional?.daysOff ?? []).filter((one) => one.date >= year.changesFrom && !own.has(one.date));
}

export function withAll(lists: YearLists, days: readonly DayOff[]): YearLists {
  return days.reduce((all, day) => put(all, 'daysOff', day), lists);
}

/** The item that a refused field is about: `/daysOff/3` of the list of days off. */
export function itemAt(lists: YearLists, field: string): Item | undefined {
  const found = /(periods|holidays|daysOff|shortenedDays)\/(\d+)/.exec(field);
  return found ? (lists[found[1] as ListName] as Item[])[Number(found[2])] : undefined;
}

interface Named {
  at: (what: string, message: string) => string;
  bells: { of: (shift: number, lesson: number) => string };
}

/** What the server refuses, each at its item. */
export function refusedOf(lists: YearLists, fields: readonly { field: string; message: string }[], text: Named): string[] {
  return fields.map(({ field, message }) => {
    const item = itemAt(lists, field);
    if (item) return text.at(item.title, message);
    const bell = lists.bells[Number(/bells\/(\d+)/.exec(field)?.[1] ?? -1)];
    return bell ? text.at(text.bells.of(bell.shift, bell.lessonNumber), message) : message;
  });
}

export const SHIFTS = [1, 2] as const;
/** Most lessons of a shift. */
export const MOST_LESSONS = 12;
const LESSON = 40;
const BREAK = 10;

export function bellsOf(bells: readonly Bell[], shift: number): Bell[] {
  return bells.filter((one) => one.shift === shift);
}

/** The bells with one in its place: by shift and number. */
export function withBell(bells: readonly Bell[], bell: Bell): Bell[] {
  const others = bells.filter((one) => one.shift !== bell.shift || one.lessonNumber !== bell.lessonNumber);
  return [...others, bell].sort((a, b) => a.shift - b.shift || a.lessonNumber - b.lessonNumber);
}

export function withoutLast(bells: readonly Bell[], shift: number): Bell[] {
  const last = bellsOf(bells, shift).at(-1);
  return bells.filter((one) => one !== last);
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function timeAt(minute: number): string {
  const within = Math.min(minute, 24 * 60 - 1);
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/** The lesson after the last one of a shift; the first of a second shift is after the first shift. */
export function nextBell(bells: readonly Bell[], shift: number): Bell {
  const last = bellsOf(bells, shift).at(-1);
  const before = last ?? bells.at(-1);
  const starts = before ? minutes(before.endsAt) + BREAK : 8 * 60;
  const length = last ? minutes(last.endsAt) - minutes(last.startsAt) : LESSON;
  return { lessonNumber: (last?.lessonNumber ?? 0) + 1, startsAt: timeAt(starts), endsAt: timeAt(starts + length), shift };
}

/** An item of the past stays as it is; a period or holidays may still end otherwise. */
export const isOver = (item: Item, changesFrom: string) => lastDayOf(item) < changesFrom;
export const hasBegun = (item: Item, changesFrom: string) => firstDayOf(item) < changesFrom;

export type Wrong = 'title' | 'days' | 'grades' | 'minutes';

/** What of an item cannot be sent. */
export function wrongOf(item: Item): Wrong | undefined {
  if (!item.title.trim()) return 'title';
  if (!isDate(firstDayOf(item)) || !isDate(lastDayOf(item)) || lastDayOf(item) < firstDayOf(item)) return 'days';
  if ('gradeFrom' in item && !(item.gradeFrom >= 1 && item.gradeFrom <= item.gradeTo && item.gradeTo <= 11)) return 'grades';
  if ('lessonMinutes' in item && !(item.lessonMinutes >= 20 && item.lessonMinutes <= 40)) return 'minutes';
  return undefined;
}

/** A new item of a list, on the first day that can change. */
export function blank(list: ListName, day: string): Item {
  switch (list) {
    case 'periods':
      return { periodId: '', title: '', kind: 'PERIOD_KIND_QUARTER', startsOn: day, endsOn: day, gradeFrom: 1, gradeTo: 9 };
    case 'holidays':
      return { title: '', startsOn: day, endsOn: day, gradeFrom: 1, gradeTo: 11 };
    case 'daysOff':
      return { title: '', date: day, regional: false };
    case 'shortenedDays':
      return { title: '', date: day, lessonMinutes: 30 };
  }
}
