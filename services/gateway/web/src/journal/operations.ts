import type { Attendance, Cell, ControlKind, MarkOperation } from '../api/types';

/** A place in a cell that changes on its own: a slot of a mark (from 1) or attendance (0). */
export type Place = number;
export const ATTENDANCE: Place = 0;

export type MarkValue = { value: string; kind: ControlKind; comment: string };
export type AttendanceValue = { attendance: Attendance; lateMinutes: number; comment: string };
/** What stands in a place; `null` = nothing. */
export type PlaceValue = MarkValue | AttendanceValue | null;

export function isAttendance(value: PlaceValue): value is AttendanceValue {
  return value !== null && 'attendance' in value;
}

export function placeOf(operation: MarkOperation): Place {
  return operation.setAttendance || operation.clearAttendance ? ATTENDANCE : (operation.slot ?? 1);
}

/** Name of the cell's place in the queue. */
export function targetOf(operation: MarkOperation): string {
  return `${operation.lessonId}|${operation.pupilId}|${placeOf(operation) || 'a'}`;
}

export function cellKey(lessonId: string, pupilId: string): string {
  return `${lessonId}|${pupilId}`;
}

/** What a cell holds in a place. */
export function valueAt(cell: Pick<Cell, 'marks' | 'attendance' | 'lateMinutes' | 'attendanceComment'>, place: Place): PlaceValue {
  if (place === ATTENDANCE) {
    if (cell.attendance === 'ATTENDANCE_UNSPECIFIED') return null;
    return { attendance: cell.attendance, lateMinutes: cell.lateMinutes, comment: cell.attendanceComment };
  }
  const mark = cell.marks.find((item) => item.slot === place);
  return mark ? { value: mark.value, kind: mark.kind, comment: mark.comment } : null;
}

export function revisionAt(cell: Pick<Cell, 'marks' | 'attendanceRevision'>, place: Place): string {
  if (place === ATTENDANCE) return cell.attendanceRevision;
  return cell.marks.find((item) => item.slot === place)?.revision ?? '0';
}

/** The operation that puts a value into a place. */
export function operationOf(
  lessonId: string,
  pupilId: string,
  place: Place,
  value: PlaceValue,
  baseRevision: string,
  clientTime: string,
): MarkOperation {
  const common = { lessonId, pupilId, baseRevision, clientTime };
  if (place === ATTENDANCE) {
    if (!isAttendance(value)) return { ...common, clearAttendance: {} };
    const setAttendance: NonNullable<MarkOperation['setAttendance']> = { attendance: value.attendance };
    if (value.lateMinutes > 0) setAttendance.lateMinutes = value.lateMinutes;
    if (value.comment) setAttendance.comment = value.comment;
    return { ...common, setAttendance };
  }
  if (value === null || isAttendance(value)) return { ...common, slot: place, clearMark: {} };
  const setMark: NonNullable<MarkOperation['setMark']> = { value: value.value };
  if (value.kind !== 'CONTROL_KIND_UNSPECIFIED') setMark.kind = value.kind;
  if (value.comment) setMark.comment = value.comment;
  return { ...common, slot: place, setMark };
}

/** The value that an operation wants. */
export function wantedBy(operation: MarkOperation): PlaceValue {
  if (operation.setMark) {
    const { value, kind, comment } = operation.setMark;
    return { value, kind: kind ?? 'CONTROL_KIND_UNSPECIFIED', comment: comment ?? '' };
  }
  if (operation.setAttendance) {
    const { attendance, lateMinutes, comment } = operation.setAttendance;
    return { attendance, lateMinutes: lateMinutes ?? 0, comment: comment ?? '' };
  }
  return null;
}

export function sameValue(a: PlaceValue, b: PlaceValue): boolean {
  if (a === null || b === null) return a === b;
  if (isAttendance(a) || isAttendance(b)) {
    return (
      isAttendance(a) &&
      isAttendance(b) &&
      a.attendance === b.attendance &&
      a.lateMinutes === b.lateMinutes &&
      a.comment === b.comment
    );
  }
  return a.value === b.value && a.kind === b.kind && a.comment === b.comment;
}
