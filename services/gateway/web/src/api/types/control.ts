/** Board, reports, ledger check (`reporting.v1`, `grading.v1`). */
import { count, int64, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export const ledgerFinding = record({
  reason: text,
  record: text,
  message: text,
  day: text,
  lessonId: text,
  pupilId: text,
});

export type LedgerFinding = Of<typeof ledgerFinding>;

export const verifyLedgerResponse = record({
  entryCount: int64,
  checkpointCount: int64,
  findings: list(ledgerFinding),
});

export type LedgerReport = Of<typeof verifyLedgerResponse>;

export type LessonFigure =
  | 'LESSON_FIGURE_UNFILLED'
  | 'LESSON_FIGURE_LATE'
  | 'LESSON_FIGURE_WITHOUT_HOMEWORK'
  | 'LESSON_FIGURE_WITHOUT_MARKS';

export type PupilFigure = 'PUPIL_FIGURE_WITHOUT_MARKS' | 'PUPIL_FIGURE_ONE_MARK';

export const boardFigures = record({
  lessonsDue: count,
  lessonsRecorded: count,
  lessonsUnfilled: count,
  lessonsLate: count,
  lessonsWithoutHomework: count,
  pupilSubjects: count,
  withoutMarks: count,
  withOneMark: count,
  marks: count,
  absences: count,
});

export type BoardFigures = Of<typeof boardFigures>;

export const controlBoard = record({
  from: text,
  to: text,
  school: boardFigures,
  classes: list(record({ classId: text, classTitle: text, figures: boardFigures })),
  teachers: list(record({ teacherId: text, name: personName, figures: boardFigures })),
  asOf: text,
});

export type ControlBoard = Of<typeof controlBoard>;

export const boardLesson = record({
  lessonId: text,
  journalId: text,
  date: text,
  lessonNumber: count,
  groupTitle: text,
  subjectTitle: text,
  teacherName: maybe(personName),
});

export type BoardLesson = Of<typeof boardLesson>;

export const boardPupil = record({
  pupilId: text,
  name: personName,
  classTitle: text,
  subjectTitle: text,
  marks: count,
});

export type BoardPupil = Of<typeof boardPupil>;

export type ReportFormat = 'REPORT_FORMAT_XLSX' | 'REPORT_FORMAT_PDF' | 'REPORT_FORMAT_CSV';

export type ReportJobState =
  | 'REPORT_JOB_STATE_UNSPECIFIED'
  | 'REPORT_JOB_STATE_QUEUED'
  | 'REPORT_JOB_STATE_RUNNING'
  | 'REPORT_JOB_STATE_DONE'
  | 'REPORT_JOB_STATE_FAILED'
  | 'REPORT_JOB_STATE_CANCELLED';

export const reportJob = record({
  reportJobId: text,
  classId: text,
  classTitle: text,
  from: text,
  to: text,
  state: oneOf<ReportJobState>('REPORT_JOB_STATE_UNSPECIFIED'),
  progressPercent: count,
  stage: text,
  failure: text,
  queuedAt: text,
  endedAt: text,
});

export type ReportJob = Of<typeof reportJob>;
