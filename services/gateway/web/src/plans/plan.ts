import type { PlanHour, PlanTheme } from '../api/types';

/** Hours of themes; what is not a whole number counts nothing. */
export function hoursOf(themes: readonly Pick<PlanTheme, 'hours'>[]): number {
  return themes.reduce((sum, theme) => sum + (Number.isInteger(theme.hours) ? theme.hours : 0), 0);
}

/** First and last day of each theme: its hours take the lessons one after another. */
export function daysOf(themes: readonly Pick<PlanTheme, 'hours'>[], lessons: readonly PlanHour[]): { from: string; to: string }[] {
  let before = 0;
  return themes.map((theme) => {
    const hours = Number.isInteger(theme.hours) ? theme.hours : 0;
    const [first, last] = [lessons[before], lessons[before + hours - 1]];
    before += hours;
    return { from: first?.date ?? '', to: hours > 0 ? (last?.date ?? '') : '' };
  });
}

export interface PlannedHour {
  /** Index of the theme. */
  theme: number;
  /** Which of its hours, from 1. */
  hour: number;
}

/** The plan as a row of hours. */
function hoursInOrder(themes: readonly Pick<PlanTheme, 'hours'>[]): PlannedHour[] {
  return themes.flatMap((one, theme) => Array.from({ length: one.hours }, (_, at) => ({ theme, hour: at + 1 })));
}

/**
 * What a lesson takes from the plan: the hour after the one that the last recorded lesson
 * before it took; without such a lesson, the hour at the lesson's place in the year.
 * `null`: the plan is over, or the lesson is not in it.
 */
export function nextHour(
  themes: readonly Pick<PlanTheme, 'title' | 'hours'>[],
  lessons: readonly Pick<PlanHour, 'lessonId'>[],
  lessonId: string,
  topicOf: (lessonId: string) => string,
): PlannedHour | null {
  const hours = hoursInOrder(themes);
  const place = lessons.findIndex((one) => one.lessonId === lessonId);
  for (let at = place - 1; at >= 0; at -= 1) {
    const topic = topicOf(lessons[at]!.lessonId).trim();
    if (!topic) continue;
    const taken = nearest(hours, (hour) => themes[hour.theme]!.title === topic, at);
    // A topic of the teacher's own says nothing of the plan.
    if (taken < 0) continue;
    const first = taken - (hours[taken]!.hour - 1);
    const used = usedBefore(lessons, at, topic, topicOf);
    const theme = hours[taken]!.theme;
    return hours[first + Math.min(used, themes[theme]!.hours)] ?? null;
  }
  return place < 0 ? null : (hours[place] ?? null);
}

/** How many lessons in a row up to `at` had the topic. */
function usedBefore(lessons: readonly Pick<PlanHour, 'lessonId'>[], at: number, topic: string, topicOf: (lessonId: string) => string): number {
  let used = 0;
  while (at - used >= 0 && topicOf(lessons[at - used]!.lessonId).trim() === topic) used += 1;
  return used;
}

/** Of the hours that fit, the one nearest to the place: «Повторение» comes more than once. */
function nearest(hours: readonly PlannedHour[], fits: (hour: PlannedHour) => boolean, place: number): number {
  let best = -1;
  for (const [at, hour] of hours.entries()) {
    if (fits(hour) && (best < 0 || Math.abs(at - place) < Math.abs(best - place))) best = at;
  }
  return best;
}

/** Cells copied from a spreadsheet; a cell with line breaks comes in quotes. */
export function readCells(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  for (let found = cell.exec(source); found; found = cell.exec(source)) {
    rows.at(-1)!.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
    if (found[3] === '\n') rows.push([]);
    if (found[3] === '') break;
  }
  return rows;
}
