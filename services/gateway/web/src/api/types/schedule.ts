/** Dated lessons and what follows from them (`schedule.v1`). */
import { count, flag, list, type Of, oneOf, record, text } from '../shape';

export type LessonState = 'LESSON_STATE_UNSPECIFIED' | 'LESSON_STATE_PLANNED' | 'LESSON_STATE_MOVED' | 'LESSON_STATE_CANCELLED';

export const scheduledLesson = record({
  lessonId: text,
  date: text,
  lessonNumber: count,
  startsAt: text,
  endsAt: text,
  groupTitle: text,
  subjectTitle: text,
  teacherId: text,
  substituteId: text,
  room: text,
  state: oneOf<LessonState>('LESSON_STATE_UNSPECIFIED'),
  stateReason: text,
  remote: flag,
  etag: text,
});

export type ScheduledLesson = Of<typeof scheduledLesson>;

export const freeTeacher = record({ teacherId: text, teachesSubject: flag, lessonCount: count });

export type FreeTeacher = Of<typeof freeTeacher>;

export const timesheetRow = record({
  teacherId: text,
  planned: count,
  replaced: count,
  cancelled: count,
  substituted: count,
  given: count,
  days: list(record({ date: text, given: count })),
});

export type TimesheetRow = Of<typeof timesheetRow>;

export type DayChangeKind = 'DAY_CHANGE_KIND_UNSPECIFIED' | 'DAY_CHANGE_KIND_CANCELLED' | 'DAY_CHANGE_KIND_REMOTE';

export const dayChange = record({
  dayChangeId: text,
  date: text,
  kind: oneOf<DayChangeKind>('DAY_CHANGE_KIND_UNSPECIFIED'),
  reason: text,
  classIds: list(text),
  lessonNumbers: list(count),
  lessonCount: count,
  undoneAt: text,
  etag: text,
});

export type DayChange = Of<typeof dayChange>;
