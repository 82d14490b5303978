import type { Attendance } from '../api/types';

/** What a key press means in the journal grid. Keys are read by their place, whatever the layout. */
export type Command =
  | { kind: 'mark'; value: string }
  | { kind: 'split' }
  | { kind: 'attendance'; attendance: Attendance }
  | { kind: 'move'; rows: number; columns: number; extend: boolean }
  | { kind: 'edge'; where: 'rowStart' | 'rowEnd' | 'gridStart' | 'gridEnd'; extend: boolean }
  | { kind: 'page'; direction: 1 | -1; extend: boolean }
  | { kind: 'card' }
  | { kind: 'clear' }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'help' }
  | { kind: 'collapse' };

export interface Press {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Н, Б, У and О stand here on ЙЦУКЕН. */
const ATTENDANCE_PLACES: Record<string, Attendance> = {
  KeyY: 'ATTENDANCE_ABSENT',
  Comma: 'ATTENDANCE_ILL',
  KeyE: 'ATTENDANCE_EXCUSED',
  KeyJ: 'ATTENDANCE_LATE',
};

/** A phonetic layout has the letters elsewhere: there the letter itself counts as well. */
const ATTENDANCE_LETTERS: Record<string, Attendance> = {
  н: 'ATTENDANCE_ABSENT',
  б: 'ATTENDANCE_ILL',
  у: 'ATTENDANCE_EXCUSED',
  о: 'ATTENDANCE_LATE',
};

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function commandOf(press: Press): Command | null {
  const control = press.ctrlKey || press.metaKey;
  if (press.altKey) return null;
  const extend = press.shiftKey;

  const arrow = ARROWS[press.key];
  if (arrow && !control) return { kind: 'move', rows: arrow[0], columns: arrow[1], extend };
  if (press.key === 'Home') return { kind: 'edge', where: control ? 'gridStart' : 'rowStart', extend };
  if (press.key === 'End') return { kind: 'edge', where: control ? 'gridEnd' : 'rowEnd', extend };

  if (control) {
    if (press.code === 'KeyZ') return { kind: extend ? 'redo' : 'undo' };
    if (press.code === 'KeyY') return { kind: 'redo' };
    return null;
  }

  if (press.key === 'PageDown') return { kind: 'page', direction: 1, extend };
  if (press.key === 'PageUp') return { kind: 'page', direction: -1, extend };
  if (press.key === 'Enter' || press.key === 'F2') return { kind: 'card' };
  if (press.key === 'Delete' || press.key === 'Backspace') return { kind: 'clear' };
  if (press.key === 'Escape') return { kind: 'collapse' };
  // `?` is written with different keys; Shift and the slash key ask for help on every layout.
  if (press.key === '?' || (press.code === 'Slash' && press.shiftKey)) return { kind: 'help' };
  if (press.code === 'Slash' || press.code === 'NumpadDivide' || press.key === '/') return { kind: 'split' };
  if (press.shiftKey) return null;

  const digit = /^(?:Digit|Numpad)([1-5])$/.exec(press.code);
  if (digit) return { kind: 'mark', value: digit[1]! };
  const attendance = ATTENDANCE_LETTERS[press.key.toLowerCase()] ?? ATTENDANCE_PLACES[press.code];
  return attendance ? { kind: 'attendance', attendance } : null;
}
