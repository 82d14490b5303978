/** Marks and attendance (`grading.v1`). */
import { count, flag, int64, list, type Of, oneOf, record, text } from '../shape';

export type ControlKind =
  | 'CONTROL_KIND_UNSPECIFIED'
  | 'CONTROL_KIND_ANSWER'
  | 'CONTROL_KIND_HOMEWORK'
  | 'CONTROL_KIND_INDEPENDENT_WORK'
  | 'CONTROL_KIND_CONTROL_WORK'
  | 'CONTROL_KIND_DICTATION'
  | 'CONTROL_KIND_PRACTICAL_WORK'
  | 'CONTROL_KIND_PROJECT';

export const controlKind = oneOf<ControlKind>('CONTROL_KIND_UNSPECIFIED');

export type Attendance =
  | 'ATTENDANCE_UNSPECIFIED'
  | 'ATTENDANCE_ABSENT'
  | 'ATTENDANCE_ILL'
  | 'ATTENDANCE_EXCUSED'
  | 'ATTENDANCE_LATE';

export const mark = record({
  slot: count,
  value: text,
  kind: controlKind,
  comment: text,
  revision: int64,
  setAt: text,
});

export type Mark = Of<typeof mark>;

export const cell = record({
  lessonId: text,
  pupilId: text,
  marks: list(mark),
  attendance: oneOf<Attendance>('ATTENDANCE_UNSPECIFIED'),
  lateMinutes: count,
  attendanceComment: text,
  attendanceRevision: int64,
  correctionPending: flag,
});

export type Cell = Of<typeof cell>;
