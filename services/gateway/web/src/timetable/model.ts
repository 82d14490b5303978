import type { TimetableCheck, TimetableConflict, TimetableEntry, TimetableLoad, WholeTimetable } from '../api/types';

/** Whose timetable is looked at. */
export type View = 'class' | 'teacher' | 'room';

export const VIEWS: readonly View[] = ['class', 'teacher', 'room'];

/** Lessons of a class with its groups, of a teacher, or in a room. */
export function ofView(entries: readonly TimetableEntry[], view: View, of: string): TimetableEntry[] {
  return entries.filter((entry) => (view === 'class' ? entry.classId === of : view === 'teacher' ? entry.teacherId === of : entry.room === of));
}

export interface Slot {
  lessonNumber: number;
  entries: TimetableEntry[];
}

/** Days with their lessons: every number from the first bell to the last one that is used or wanted. */
export function daysOf(entries: readonly TimetableEntry[], days: number, numbers: number): Slot[][] {
  const last = Math.max(numbers, ...entries.map((entry) => entry.lessonNumber));
  const width = Math.max(days, ...entries.map((entry) => entry.weekday));
  return Array.from({ length: width }, (_, day) =>
    Array.from({ length: last }, (_, at) => ({
      lessonNumber: at + 1,
      entries: entries
        .filter((entry) => entry.weekday === day + 1 && entry.lessonNumber === at + 1)
        .sort((a, b) => a.week - b.week || a.groupTitle.localeCompare(b.groupTitle, 'ru')),
    })),
  );
}

/** Worst that is said of each lesson. */
export function worstOf(check: TimetableCheck): Map<string, 'error' | 'warning'> {
  const worst = new Map<string, 'error' | 'warning'>();
  for (const conflict of check.conflicts) {
    // Hours of a load concern the load, not one of its lessons.
    if (conflict.weekday === 0 && conflict.severity !== 'TIMETABLE_SEVERITY_ERROR') continue;
    for (const id of conflict.timetableEntryIds) {
      if (conflict.severity === 'TIMETABLE_SEVERITY_ERROR') worst.set(id, 'error');
      else if (!worst.has(id)) worst.set(id, 'warning');
    }
  }
  return worst;
}

/** Loads with hours to place. */
export function unplaced(check: TimetableCheck): TimetableLoad[] {
  return check.loads.filter((load) => load.placedHoursHundredths < load.weeklyHoursHundredths);
}

/** The version after a change, as the answer told it. */
export function merged(
  before: WholeTimetable,
  answer: Pick<WholeTimetable, 'timetable' | 'entries' | 'check'> & { removedEntryIds: string[] },
): WholeTimetable {
  const gone = new Set([...answer.removedEntryIds, ...answer.entries.map((entry) => entry.timetableEntryId)]);
  const kept = before.entries.filter((entry) => !gone.has(entry.timetableEntryId));
  return { timetable: answer.timetable, check: answer.check, entries: [...kept, ...answer.entries] };
}

/** Half hours as people write them: `1,5`. */
export function hours(hundredths: number): string {
  return String(hundredths / 100).replace('.', ',');
}

/** Where a conflict is seen: the lesson to go to. */
export function lessonOf(conflict: TimetableConflict, entries: readonly TimetableEntry[]): TimetableEntry | undefined {
  return entries.find((entry) => conflict.timetableEntryIds.includes(entry.timetableEntryId));
}

/** What can be put into a class: loads with hours left first, then what is taught there already. */
export function choices(whole: WholeTimetable, view: View, of: string): Choice[] {
  const fits = (one: { classId: string; teacherId: string }) => view === 'room' || (view === 'class' ? one.classId === of : one.teacherId === of);
  const left = unplaced(whole.check)
    .filter(fits)
    .map((load) => ({ ...pick(load), left: load.weeklyHoursHundredths - load.placedHoursHundredths }));
  const known = new Set(left.map(keyOf));
  const taught = whole.entries.filter(fits).map((entry) => ({ ...pick(entry), left: 0 }));
  const more = taught.filter((choice) => !known.has(keyOf(choice)) && known.add(keyOf(choice)));
  return [...left, ...more];
}

export interface Choice {
  groupId: string;
  groupTitle: string;
  subjectId: string;
  subjectTitle: string;
  teacherId: string;
  /** Hours left, times 100. */
  left: number;
}

function pick<T extends Omit<Choice, 'left'>>({ groupId, groupTitle, subjectId, subjectTitle, teacherId }: T): Omit<Choice, 'left'> {
  return { groupId, groupTitle, subjectId, subjectTitle, teacherId };
}

export function keyOf(choice: Omit<Choice, 'left'>): string {
  return `${choice.groupId} ${choice.subjectId} ${choice.teacherId}`;
}
