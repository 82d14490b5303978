/** Journal, day of a teacher, corrections (`grading.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { cell, controlKind, type Attendance, type ControlKind } from './marks';
import { personName } from './names';

/** `grading.v1.MarkOperation`: exactly one of the four actions is set. */
export interface MarkOperation {
  lessonId: string;
  pupilId: string;
  slot?: number;
  setMark?: { value: string; kind?: ControlKind; comment?: string };
  clearMark?: Record<string, never>;
  setAttendance?: { attendance: Attendance; lateMinutes?: number; comment?: string };
  clearAttendance?: Record<string, never>;
  baseRevision: string;
  clientTime?: string;
}

export type MarkVerdict =
  | 'MARK_VERDICT_UNSPECIFIED'
  | 'MARK_VERDICT_APPLIED'
  | 'MARK_VERDICT_DUPLICATE'
  | 'MARK_VERDICT_CONFLICT'
  | 'MARK_VERDICT_REJECTED';

export const markResult = record({
  verdict: oneOf<MarkVerdict>('MARK_VERDICT_UNSPECIFIED'),
  reason: text,
  message: text,
  cell: maybe(cell),
  late: flag,
});

export type MarkResult = Of<typeof markResult>;

export const recordMarksResponse = record({ results: list(markResult) });

export const journal = record({
  journalId: text,
  groupId: text,
  groupTitle: text,
  classId: text,
  grade: count,
  subjectId: text,
  subjectTitle: text,
  teacherIds: list(text),
  teacherNames: list(personName),
  unmarked: flag,
});

export type Journal = Of<typeof journal>;

export type EntryWindow =
  | 'ENTRY_WINDOW_UNSPECIFIED'
  | 'ENTRY_WINDOW_FUTURE'
  | 'ENTRY_WINDOW_OPEN'
  | 'ENTRY_WINDOW_LATE'
  | 'ENTRY_WINDOW_CORRECTION'
  | 'ENTRY_WINDOW_CANCELLED';

export const lessonColumn = record({
  lessonId: text,
  date: text,
  lessonNumber: count,
  startsAt: text,
  endsAt: text,
  topic: text,
  homework: text,
  homeworkMinutes: count,
  controlKind,
  conducted: flag,
  recordedLate: flag,
  entryDueAt: text,
  freeCorrectionUntil: text,
  window: oneOf<EntryWindow>('ENTRY_WINDOW_UNSPECIFIED'),
  own: flag,
  cancelled: flag,
  substituted: flag,
  remote: flag,
  etag: text,
});

export type LessonColumn = Of<typeof lessonColumn>;

export const journalRow = record({
  pupilId: text,
  name: personName,
  memberFrom: text,
  memberTo: text,
  cells: list(cell),
  paperPeriods: list(record({ startsOn: text, endsOn: text })),
});

export type JournalRow = Of<typeof journalRow>;

export const journalPage = record({
  journal,
  from: text,
  to: text,
  columns: list(lessonColumn),
  rows: list(journalRow),
  revision: text,
  asOf: text,
  withoutMarks: flag,
});

export type JournalPage = Of<typeof journalPage>;

export const teacherLesson = record({
  lesson: lessonColumn,
  journal,
  pupilCount: count,
  markCount: count,
  absentCount: count,
  room: text,
});

export type TeacherLesson = Of<typeof teacherLesson>;

export const teacherDay = record({ date: text, lessons: list(teacherLesson) });

export type TeacherDay = Of<typeof teacherDay>;

export type CorrectionState =
  | 'CORRECTION_STATE_UNSPECIFIED'
  | 'CORRECTION_STATE_PENDING'
  | 'CORRECTION_STATE_APPROVED'
  | 'CORRECTION_STATE_REFUSED';

export const correctionRequest = record({
  correctionRequestId: text,
  journalId: text,
  lessonId: text,
  date: text,
  subjectTitle: text,
  groupTitle: text,
  pupilId: text,
  pupilName: personName,
  oldValue: text,
  newValue: text,
  reason: text,
  state: oneOf<CorrectionState>('CORRECTION_STATE_UNSPECIFIED'),
  authorId: text,
  authorName: personName,
  requestedAt: text,
  decidedByName: maybe(personName),
  note: text,
  decidedAt: text,
  canDecide: flag,
});

export type CorrectionRequest = Of<typeof correctionRequest>;

export type LedgerSubject =
  | 'LEDGER_SUBJECT_UNSPECIFIED'
  | 'LEDGER_SUBJECT_MARK'
  | 'LEDGER_SUBJECT_ATTENDANCE'
  | 'LEDGER_SUBJECT_LESSON'
  | 'LEDGER_SUBJECT_CORRECTION';

export const ledgerEntry = record({
  ledgerEntryId: text,
  subject: oneOf<LedgerSubject>('LEDGER_SUBJECT_UNSPECIFIED'),
  slot: count,
  oldValue: text,
  newValue: text,
  personalText: text,
  authorName: maybe(personName),
  recordedAt: text,
  clientTime: text,
  late: flag,
  correctionRequestId: text,
});

export type LedgerEntry = Of<typeof ledgerEntry>;
