import { describe, expect, it } from 'vitest';
import { commandOf, type Press } from '../../src/journal/keys';

function press(code: string, key: string, held: Partial<Press> = {}): Press {
  return { code, key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe('keys of the journal', () => {
  it('reads digits of both blocks', () => {
    for (const value of ['1', '2', '3', '4', '5']) {
      expect(commandOf(press(`Digit${value}`, value))).toEqual({ kind: 'mark', value });
      expect(commandOf(press(`Numpad${value}`, value))).toEqual({ kind: 'mark', value });
    }
    expect(commandOf(press('Digit6', '6'))).toBeNull();
    expect(commandOf(press('Digit0', '0'))).toBeNull();
  });

  it.each([
    ['KeyY', 'ATTENDANCE_ABSENT', ['н', 'y', 'н', 'z']],
    ['Comma', 'ATTENDANCE_ILL', ['б', ',', 'б', ';']],
    ['KeyE', 'ATTENDANCE_EXCUSED', ['у', 'e', 'у', 'e']],
    ['KeyJ', 'ATTENDANCE_LATE', ['о', 'j', 'о', 'j']],
  ] as const)('reads %s by its place on every layout', (code, attendance, written) => {
    for (const key of written) expect(commandOf(press(code, key)), key).toEqual({ kind: 'attendance', attendance });
  });

  it('takes the letter itself on a phonetic layout', () => {
    expect(commandOf(press('KeyN', 'н'))).toEqual({ kind: 'attendance', attendance: 'ATTENDANCE_ABSENT' });
    expect(commandOf(press('KeyB', 'Б'))).toEqual({ kind: 'attendance', attendance: 'ATTENDANCE_ILL' });
  });

  it('splits with the slash key, wherever the slash is', () => {
    expect(commandOf(press('Slash', '.'))).toEqual({ kind: 'split' });
    expect(commandOf(press('NumpadDivide', '/'))).toEqual({ kind: 'split' });
    expect(commandOf(press('Backslash', '/', { shiftKey: true }))).toEqual({ kind: 'split' });
  });

  it('asks for help with a question mark of any layout', () => {
    expect(commandOf(press('Slash', '?', { shiftKey: true }))).toEqual({ kind: 'help' });
    expect(commandOf(press('Slash', ',', { shiftKey: true }))).toEqual({ kind: 'help' });
    expect(commandOf(press('Digit7', '?', { shiftKey: true }))).toEqual({ kind: 'help' });
  });

  it('moves, and extends with Shift', () => {
    expect(commandOf(press('ArrowDown', 'ArrowDown'))).toEqual({ kind: 'move', rows: 1, columns: 0, extend: false });
    expect(commandOf(press('ArrowLeft', 'ArrowLeft', { shiftKey: true }))).toEqual({ kind: 'move', rows: 0, columns: -1, extend: true });
    expect(commandOf(press('Home', 'Home'))).toEqual({ kind: 'edge', where: 'rowStart', extend: false });
    expect(commandOf(press('End', 'End', { ctrlKey: true }))).toEqual({ kind: 'edge', where: 'gridEnd', extend: false });
    expect(commandOf(press('PageDown', 'PageDown'))).toEqual({ kind: 'page', direction: 1, extend: false });
  });

  it('does not take a numpad without number lock for marks', () => {
    expect(commandOf(press('Numpad4', 'ArrowLeft'))).toEqual({ kind: 'move', rows: 0, columns: -1, extend: false });
    expect(commandOf(press('Numpad1', 'End'))).toEqual({ kind: 'edge', where: 'rowEnd', extend: false });
  });

  it('undoes and redoes by place', () => {
    expect(commandOf(press('KeyZ', 'я', { ctrlKey: true }))).toEqual({ kind: 'undo' });
    expect(commandOf(press('KeyY', 'н', { ctrlKey: true }))).toEqual({ kind: 'redo' });
    expect(commandOf(press('KeyZ', 'Z', { metaKey: true, shiftKey: true }))).toEqual({ kind: 'redo' });
  });

  it('leaves copying, pasting, leaving and the system alone', () => {
    expect(commandOf(press('KeyC', 'с', { ctrlKey: true }))).toBeNull();
    expect(commandOf(press('KeyV', 'м', { ctrlKey: true }))).toBeNull();
    expect(commandOf(press('Tab', 'Tab'))).toBeNull();
    expect(commandOf(press('Digit5', '5', { altKey: true }))).toBeNull();
    expect(commandOf(press('Digit5', '5', { ctrlKey: true }))).toBeNull();
    expect(commandOf(press('KeyQ', 'й'))).toBeNull();
  });

  it('opens the card and clears', () => {
    expect(commandOf(press('Enter', 'Enter'))).toEqual({ kind: 'card' });
    expect(commandOf(press('F2', 'F2'))).toEqual({ kind: 'card' });
    expect(commandOf(press('Delete', 'Delete'))).toEqual({ kind: 'clear' });
    expect(commandOf(press('Backspace', 'Backspace'))).toEqual({ kind: 'clear' });
    expect(commandOf(press('Escape', 'Escape'))).toEqual({ kind: 'collapse' });
  });
});
