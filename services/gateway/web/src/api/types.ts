/**
 * What the screens use of the contract in `proto/zhurnal`, as ProtoJSON.
 * Only fields that are read or written are listed.
 */
import { count, flag, int64, list, maybe, type Of, oneOf, record, text } from './shape';

// type.v1

export const personName = record({ surname: text, givenName: text, patronymic: text });
export type PersonName = Of<typeof personName>;

export const fraction = record({ numerator: int64, denominator: int64 });
export type WireFraction = Of<typeof fraction>;

export const tableIssue = record({
  sheet: text,
  row: count,
  column: text,
  value: text,
  reason: text,
  message: text,
  hint: text,
});
export type TableIssue = Of<typeof tableIssue>;

// identity.v1

export type Role =
  | 'ROLE_UNSPECIFIED'
  | 'ROLE_MINISTRY_OFFICER'
  | 'ROLE_MUNICIPAL_OFFICER'
  | 'ROLE_DIRECTOR'
  | 'ROLE_DEPUTY'
  | 'ROLE_ADMINISTRATOR'
  | 'ROLE_SECRETARY'
  | 'ROLE_ENGINEER'
  | 'ROLE_TEACHER'
  | 'ROLE_GUARDIAN'
  | 'ROLE_PUPIL'
  | 'ROLE_OPERATOR';
const role = oneOf<Role>('ROLE_UNSPECIFIED');

export const child = record({
  pupilId: text,
  name: personName,
  classTitle: text,
  schoolId: text,
  schoolTitle: text,
});
export type Child = Of<typeof child>;

export const availableRole = record({ role, schoolId: text, schoolTitle: text });
export type AvailableRole = Of<typeof availableRole>;

export const me = record({
  accountId: text,
  login: text,
  name: maybe(personName),
  role,
  schoolId: text,
  schoolTitle: text,
  personId: text,
  roles: list(role),
  available: list(availableRole),
  children: list(child),
});
export type Me = Of<typeof me>;

export const invitationPreview = record({ shortName: text, role, schoolTitle: text, expiresAt: text });
export type InvitationPreview = Of<typeof invitationPreview>;

export type Audience = 'AUDIENCE_STAFF' | 'AUDIENCE_CLASS_PUPILS' | 'AUDIENCE_CLASS_GUARDIANS';
export type InvitationState =
  | 'INVITATION_STATE_UNSPECIFIED'
  | 'INVITATION_STATE_ISSUED'
  | 'INVITATION_STATE_USED'
  | 'INVITATION_STATE_REVOKED'
  | 'INVITATION_STATE_EXPIRED';

export const invitation = record({
  invitationId: text,
  personId: text,
  name: personName,
  role,
  relation: text,
  state: oneOf<InvitationState>('INVITATION_STATE_UNSPECIFIED'),
  issuedAt: text,
  expiresAt: text,
  usedAt: text,
});
export type Invitation = Of<typeof invitation>;

export const issuedInvitation = record({ invitation, code: text, qrSvg: text });
export type IssuedInvitation = Of<typeof issuedInvitation>;

// roster.v1

export type SchoolState = 'SCHOOL_STATE_UNSPECIFIED' | 'SCHOOL_STATE_PREPARING' | 'SCHOOL_STATE_ACTIVE';
export const school = record({
  schoolId: text,
  title: text,
  municipality: text,
  academicYear: text,
  state: oneOf<SchoolState>('SCHOOL_STATE_UNSPECIFIED'),
});
export type School = Of<typeof school>;

export const schoolClass = record({
  classId: text,
  grade: count,
  letter: text,
  title: text,
  shift: count,
  classTeacherId: text,
  classTeacherName: maybe(personName),
  pupilCount: count,
});
export type SchoolClass = Of<typeof schoolClass>;

export type Duty =
  | 'DUTY_UNSPECIFIED'
  | 'DUTY_DIRECTOR'
  | 'DUTY_DEPUTY'
  | 'DUTY_ADMINISTRATOR'
  | 'DUTY_SECRETARY'
  | 'DUTY_ENGINEER'
  | 'DUTY_TEACHER';
export const staffMember = record({
  personId: text,
  name: personName,
  post: text,
  duties: list(oneOf<Duty>('DUTY_UNSPECIFIED')),
  endsOn: text,
  phone: text,
  email: text,
});
export type StaffMember = Of<typeof staffMember>;

export const pupil = record({
  pupilId: text,
  name: personName,
  birthDate: text,
  classId: text,
  classTitle: text,
});
export type Pupil = Of<typeof pupil>;

export type SchoolImportState =
  | 'SCHOOL_IMPORT_STATE_UNSPECIFIED'
  | 'SCHOOL_IMPORT_STATE_CHECKED'
  | 'SCHOOL_IMPORT_STATE_REFUSED'
  | 'SCHOOL_IMPORT_STATE_APPLYING'
  | 'SCHOOL_IMPORT_STATE_APPLIED'
  | 'SCHOOL_IMPORT_STATE_FAILED';

export const importCounts = record({
  staff: count,
  classes: count,
  pupils: count,
  guardians: count,
  loads: count,
  weeklyLessons: count,
  lessons: count,
});
export type ImportCounts = Of<typeof importCounts>;

export const schoolImport = record({
  schoolImportId: text,
  state: oneOf<SchoolImportState>('SCHOOL_IMPORT_STATE_UNSPECIFIED'),
  fileName: text,
  schoolId: text,
  schoolTitle: text,
  counts: importCounts,
  errors: list(tableIssue),
  warnings: list(tableIssue),
  normalisations: list(tableIssue),
  progressPercent: count,
  failure: text,
  uploadedAt: text,
});
export type SchoolImport = Of<typeof schoolImport>;

export type RowVerdict =
  | 'ROW_VERDICT_UNSPECIFIED'
  | 'ROW_VERDICT_NEW'
  | 'ROW_VERDICT_NORMALISED'
  | 'ROW_VERDICT_WARNING'
  | 'ROW_VERDICT_ERROR';
export const importRow = record({
  sheet: text,
  row: count,
  cells: list(text),
  verdict: oneOf<RowVerdict>('ROW_VERDICT_UNSPECIFIED'),
  issues: list(tableIssue),
});
export type ImportRow = Of<typeof importRow>;

// grading.v1

export type ControlKind =
  | 'CONTROL_KIND_UNSPECIFIED'
  | 'CONTROL_KIND_ANSWER'
  | 'CONTROL_KIND_HOMEWORK'
  | 'CONTROL_KIND_INDEPENDENT_WORK'
  | 'CONTROL_KIND_CONTROL_WORK'
  | 'CONTROL_KIND_DICTATION'
  | 'CONTROL_KIND_PRACTICAL_WORK'
  | 'CONTROL_KIND_PROJECT';
const controlKind = oneOf<ControlKind>('CONTROL_KIND_UNSPECIFIED');

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
  groupTitle: text,
  classId: text,
  grade: count,
  subjectId: text,
  subjectTitle: text,
  teacherIds: list(text),
  teacherNames: list(personName),
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
  etag: text,
});
export type LessonColumn = Of<typeof lessonColumn>;

export const journalRow = record({
  pupilId: text,
  name: personName,
  memberFrom: text,
  memberTo: text,
  cells: list(cell),
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

export const diaryLesson = record({
  lessonId: text,
  lessonNumber: count,
  startsAt: text,
  endsAt: text,
  subjectTitle: text,
  room: text,
  teacherName: maybe(personName),
  substituted: flag,
  cancelled: flag,
  topic: text,
  homework: text,
  cell: maybe(cell),
});
export type DiaryLesson = Of<typeof diaryLesson>;
export const diaryDay = record({ date: text, dayOffTitle: text, lessons: list(diaryLesson) });
export type DiaryDay = Of<typeof diaryDay>;
export const diaryWeek = record({
  pupilId: text,
  name: personName,
  classTitle: text,
  monday: text,
  days: list(diaryDay),
  asOf: text,
  revision: text,
});
export type DiaryWeek = Of<typeof diaryWeek>;

export const subjectMarks = record({
  subjectId: text,
  subjectTitle: text,
  marks: list(record({ lessonId: text, date: text, mark })),
  missedLessons: count,
});
export type SubjectMarks = Of<typeof subjectMarks>;
export const pupilMarks = record({ periodId: text, periodTitle: text, subjects: list(subjectMarks) });
export type PupilMarks = Of<typeof pupilMarks>;

// reporting.v1

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

// notification.v1

export type NoticeKind =
  | 'NOTICE_KIND_UNSPECIFIED'
  | 'NOTICE_KIND_MARK'
  | 'NOTICE_KIND_ABSENCE'
  | 'NOTICE_KIND_HOMEWORK'
  | 'NOTICE_KIND_CORRECTION';
export const notice = record({
  noticeId: text,
  kind: oneOf<NoticeKind>('NOTICE_KIND_UNSPECIFIED'),
  pupilId: text,
  pupilGivenName: text,
  text,
  link: text,
  createdAt: text,
  read: flag,
});
export type Notice = Of<typeof notice>;
