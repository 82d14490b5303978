/** The weekly timetable in versions (`schedule.v1`). */
import { count, flag, list, type Of, oneOf, record, text } from '../shape';

export type TimetableState = 'TIMETABLE_STATE_UNSPECIFIED' | 'TIMETABLE_STATE_DRAFT' | 'TIMETABLE_STATE_APPROVED' | 'TIMETABLE_STATE_REPLACED';

export const timetable = record({
  timetableId: text,
  number: count,
  title: text,
  state: oneOf<TimetableState>('TIMETABLE_STATE_UNSPECIFIED'),
  validFrom: text,
  validTo: text,
  cycleWeeks: count,
  cycleStartsOn: text,
  entryCount: count,
  approvedBy: text,
  approvedAt: text,
  etag: text,
  approveBy: text,
  overdue: flag,
});

export type Timetable = Of<typeof timetable>;

export const timetableEntry = record({
  timetableEntryId: text,
  weekday: count,
  lessonNumber: count,
  week: count,
  groupId: text,
  groupTitle: text,
  classId: text,
  subjectId: text,
  subjectTitle: text,
  teacherId: text,
  room: text,
});

export type TimetableEntry = Of<typeof timetableEntry>;

export type ConflictKind =
  | 'TIMETABLE_CONFLICT_KIND_UNSPECIFIED'
  | 'TIMETABLE_CONFLICT_KIND_TEACHER_BUSY'
  | 'TIMETABLE_CONFLICT_KIND_GROUP_BUSY'
  | 'TIMETABLE_CONFLICT_KIND_PUPILS_BUSY'
  | 'TIMETABLE_CONFLICT_KIND_ROOM_BUSY'
  | 'TIMETABLE_CONFLICT_KIND_NO_BELL'
  | 'TIMETABLE_CONFLICT_KIND_DAY_NOT_STUDIED'
  | 'TIMETABLE_CONFLICT_KIND_NO_LOAD'
  | 'TIMETABLE_CONFLICT_KIND_LOAD_EXCEEDED'
  | 'TIMETABLE_CONFLICT_KIND_LOAD_NOT_PLACED'
  | 'TIMETABLE_CONFLICT_KIND_GAP';

export type Severity = 'TIMETABLE_SEVERITY_UNSPECIFIED' | 'TIMETABLE_SEVERITY_ERROR' | 'TIMETABLE_SEVERITY_WARNING';

export const timetableConflict = record({
  kind: oneOf<ConflictKind>('TIMETABLE_CONFLICT_KIND_UNSPECIFIED'),
  severity: oneOf<Severity>('TIMETABLE_SEVERITY_UNSPECIFIED'),
  timetableEntryIds: list(text),
  weekday: count,
  lessonNumber: count,
  groupId: text,
  subjectId: text,
  teacherId: text,
  classId: text,
  room: text,
});

export type TimetableConflict = Of<typeof timetableConflict>;

export const timetableLoad = record({
  groupId: text,
  groupTitle: text,
  classId: text,
  subjectId: text,
  subjectTitle: text,
  teacherId: text,
  weeklyHoursHundredths: count,
  placedHoursHundredths: count,
});

export type TimetableLoad = Of<typeof timetableLoad>;

export const timetableCheck = record({ errorCount: count, warningCount: count, conflicts: list(timetableConflict), loads: list(timetableLoad) });

export type TimetableCheck = Of<typeof timetableCheck>;

export const timetablePlace = record({ weekday: count, lessonNumber: count, conflicts: list(timetableConflict) });

export type TimetablePlace = Of<typeof timetablePlace>;

export const timetableEffect = record({ added: count, changed: count, removed: count, unchanged: count, substituted: count, validTo: text });

export type TimetableEffect = Of<typeof timetableEffect>;

/** A version with its lessons and what is wrong with it. */
export interface WholeTimetable {
  timetable: Timetable;
  entries: TimetableEntry[];
  check: TimetableCheck;
}
