import type { ControlKind, PlanTheme } from '../api/types';

/** A theme as it is edited: the number may be missing while it is typed. */
export interface ThemeRow {
  /** Of the page only: keeps a row itself when it moves. */
  key: number;
  themeId: string;
  section: string;
  title: string;
  hours: number | null;
  controlKind: ControlKind;
  homework: string;
}

let last = 0;

function row(theme: Omit<ThemeRow, 'key'>): ThemeRow {
  last += 1;
  return { key: last, ...theme };
}

export function emptyRow(section = ''): ThemeRow {
  return row({ themeId: '', section, title: '', hours: 1, controlKind: 'CONTROL_KIND_UNSPECIFIED', homework: '' });
}

export function rowsOf(themes: readonly PlanTheme[]): ThemeRow[] {
  return themes.map(row);
}

/** Rows that say something, as they are sent. */
export function themesOf(rows: readonly ThemeRow[]): PlanTheme[] {
  return rows
    .filter((one) => one.title.trim() || one.homework.trim())
    .map(({ key: _, ...one }) => ({ ...one, section: one.section.trim(), title: one.title.trim(), homework: one.homework.trim(), hours: one.hours ?? 0 }));
}
