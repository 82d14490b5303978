import type { ControlKind } from '../api/types';
import { attendanceOf, isMarkValue } from '../domain/mark';
import { ATTENDANCE, type Place, type PlaceValue } from './operations';

/** What a pasted cell says: places with their values, or `null` when it cannot be read. */
export function readCell(text: string, kind: ControlKind): { place: Place; value: PlaceValue }[] | null {
  const parts = text.trim().split(/[\s,;]+/).filter(Boolean);
  const read: { place: Place; value: PlaceValue }[] = [];
  let slot = 0;
  for (const part of parts) {
    const attendance = attendanceOf(part);
    if (attendance) {
      if (read.some((item) => item.place === ATTENDANCE)) return null;
      read.push({ place: ATTENDANCE, value: { attendance, lateMinutes: 0, comment: '' } });
    } else if (isMarkValue(part.toLowerCase())) {
      slot += 1;
      read.push({ place: slot, value: { value: part.toLowerCase(), kind, comment: '' } });
    } else {
      return null;
    }
  }
  return read;
}

/** Rows and columns of a copied table; spreadsheets end each row with a line break. */
export function readTable(text: string): string[][] {
  const rows = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return rows.map((row) => row.split('\t'));
}

export function writeTable(cells: readonly (readonly string[])[]): string {
  return cells.map((row) => row.join('\t')).join('\n');
}
