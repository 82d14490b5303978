import type { Attendance, Cell, ControlKind, Mark } from '../api/types';
import { type Fraction, fraction, mean } from './fraction';

/** What a mark is worth: `5`, `4/5` (one mark of 9/2); `зач` and `незач` are worth nothing. */
export function exactValue(value: string): Fraction | null {
  const parts = /^([1-5])(?:\/([1-5]))?$/.exec(value);
  if (!parts) return null;
  const first = BigInt(parts[1]!);
  return parts[2] === undefined ? fraction(first) : fraction(first + BigInt(parts[2]), 2n);
}

/** Exact mean of marks as written; `null` when none of them counts. */
export function averageOf(values: readonly string[]): Fraction | null {
  return mean(values.map(exactValue).filter((value) => value !== null));
}

/** Whether a mark can be written like this. */
export function isMarkValue(value: string): boolean {
  return exactValue(value) !== null || value === 'зач' || value === 'незач';
}

/** Letters of the class register. */
export const ATTENDANCE_LETTER: Record<Attendance, string> = {
  ATTENDANCE_UNSPECIFIED: '',
  ATTENDANCE_ABSENT: 'н',
  ATTENDANCE_ILL: 'б',
  ATTENDANCE_EXCUSED: 'у',
  ATTENDANCE_LATE: 'оп',
};

/** Reads an attendance letter as typed in a spreadsheet. */
export function attendanceOf(letter: string): Attendance | null {
  for (const [attendance, written] of Object.entries(ATTENDANCE_LETTER)) {
    if (written && written === letter.toLowerCase()) return attendance as Attendance;
  }
  return letter.toLowerCase() === 'о' ? 'ATTENDANCE_LATE' : null;
}

/** «н», «б» and «у» beside a mark demand a comment (R32); being late does not. */
export function isAway(attendance: Attendance): boolean {
  return attendance === 'ATTENDANCE_ABSENT' || attendance === 'ATTENDANCE_ILL' || attendance === 'ATTENDANCE_EXCUSED';
}

/** What stands in a cell: `н 4 5`. */
export function cellText(cell: Pick<Cell, 'marks' | 'attendance'>): string {
  const letter = ATTENDANCE_LETTER[cell.attendance];
  return [letter, ...cell.marks.map((mark) => mark.value)].filter(Boolean).join(' ');
}

/** Lowest free slot of a cell. */
export function nextSlot(marks: readonly Mark[]): number {
  let slot = 1;
  while (marks.some((mark) => mark.slot === slot)) slot += 1;
  return slot;
}

/** Colour class of a mark by its rounded value, never without the digit beside it. */
export function tone(value: string): '5' | '4' | '3' | '2' | 'x' {
  const exact = exactValue(value);
  if (!exact) return value === 'незач' ? '2' : 'x';
  const rounded = (2n * exact.n + exact.d) / (2n * exact.d);
  return rounded >= 5n ? '5' : rounded === 4n ? '4' : rounded === 3n ? '3' : '2';
}

export const CONTROL_KINDS: ControlKind[] = [
  'CONTROL_KIND_UNSPECIFIED',
  'CONTROL_KIND_ANSWER',
  'CONTROL_KIND_HOMEWORK',
  'CONTROL_KIND_INDEPENDENT_WORK',
  'CONTROL_KIND_CONTROL_WORK',
  'CONTROL_KIND_DICTATION',
  'CONTROL_KIND_PRACTICAL_WORK',
  'CONTROL_KIND_PROJECT',
];
