import type { EntryWindow, LessonColumn } from '../api/types';
import { inSchool } from './day';

type Clocks = Pick<LessonColumn, 'date' | 'window' | 'entryDueAt' | 'freeCorrectionUntil' | 'cancelled'>;

/**
 * What the clocks allow at a lesson now. The server said it when it answered;
 * time moves on while the page stays open.
 */
export function windowAt(lesson: Clocks, nowMs: number): EntryWindow {
  if (lesson.cancelled || lesson.window === 'ENTRY_WINDOW_CANCELLED') return 'ENTRY_WINDOW_CANCELLED';
  if (lesson.window === 'ENTRY_WINDOW_FUTURE' && lesson.date > inSchool(nowMs).date) return 'ENTRY_WINDOW_FUTURE';
  if (lesson.window === 'ENTRY_WINDOW_CORRECTION' || isPast(lesson.freeCorrectionUntil, nowMs)) return 'ENTRY_WINDOW_CORRECTION';
  if (lesson.window === 'ENTRY_WINDOW_LATE' || isPast(lesson.entryDueAt, nowMs)) return 'ENTRY_WINDOW_LATE';
  return 'ENTRY_WINDOW_OPEN';
}

function isPast(instant: string, nowMs: number): boolean {
  return instant !== '' && Date.parse(instant) <= nowMs;
}

/** The lesson with its present window; the same object when nothing moved. */
export function presently<L extends Clocks>(lesson: L, nowMs: number): L {
  const window = windowAt(lesson, nowMs);
  return window === lesson.window ? lesson : { ...lesson, window };
}
