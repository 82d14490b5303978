import type { CurriculumLine, ListedLoad } from '../api/types';
import { searchKey } from '../domain/person';

/** Hours as people write them, times 100; `undefined`: not hours. Empty = none. */
export function hundredths(written: string): number | undefined {
  const text = written.trim().replace(',', '.');
  if (text === '') return 0;
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text)) return undefined;
  const value = Math.round(Number(text) * 100);
  return value > 0 && value <= 10_000 ? value : undefined;
}

/** A curriculum as people read it: a row for each subject, a column for each grade. */
export interface Row {
  subject: string;
  /** Hours a week by grade, as written. */
  cells: Record<number, string>;
}

const written = (value: number) => (value ? String(value / 100).replace('.', ',') : '');

export function rowsOf(lines: readonly CurriculumLine[]): Row[] {
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const row = rows.get(line.subjectTitle) ?? { subject: line.subjectTitle, cells: {} };
    row.cells[line.grade] = written(line.weeklyHoursHundredths);
    rows.set(line.subjectTitle, row);
  }
  return [...rows.values()].sort((a, b) => a.subject.localeCompare(b.subject, 'ru'));
}

/**
 * Lines to save; `undefined`: some cell holds no hours. Hours of the year that
 * nobody touched go back as they came, others follow from hours a week.
 */
export function linesOf(rows: readonly Row[], before: readonly CurriculumLine[]): CurriculumLine[] | undefined {
  const lines: CurriculumLine[] = [];
  for (const { subject, cells } of rows) {
    for (const [grade, cell] of Object.entries(cells)) {
      const weekly = hundredths(cell);
      if (weekly === undefined) return undefined;
      if (weekly === 0) continue;
      const known = before.find((line) => line.subjectTitle === subject && line.grade === Number(grade) && line.weeklyHoursHundredths === weekly);
      lines.push({ grade: Number(grade), subjectTitle: subject, weeklyHoursHundredths: weekly, yearlyHours: known?.yearlyHours ?? 0 });
    }
  }
  return lines;
}

/** Sum of a grade; cells that hold no hours count nothing. */
export function totalOf(rows: readonly Row[], grade: number): number {
  return rows.reduce((sum, row) => sum + (hundredths(row.cells[grade] ?? '') ?? 0), 0);
}

export interface TeacherLoads {
  teacherId: string;
  name: string;
  loads: ListedLoad[];
  total: number;
}

/** Loads of a tariff order by teacher, in order of their names. A load that ended counts in no sum. */
export function byTeacher(loads: readonly ListedLoad[], nameOf: (person: string) => string): TeacherLoads[] {
  const rows = new Map<string, TeacherLoads>();
  for (const load of loads) {
    const id = load.teachingLoad.teacherId;
    const row = rows.get(id) ?? { teacherId: id, name: nameOf(id), loads: [], total: 0 };
    row.loads.push(load);
    if (!load.teachingLoad.endsOn) row.total += load.teachingLoad.weeklyHoursHundredths;
    rows.set(id, row);
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name, 'ru'));
}

/** Loads in which every typed word is found. */
export function matching(loads: readonly ListedLoad[], query: string, nameOf: (person: string) => string): ListedLoad[] {
  const parts = searchKey(query).split(/\s+/);
  return loads.filter((load) => {
    const text = searchKey(`${nameOf(load.teachingLoad.teacherId)} ${load.groupTitle} ${load.teachingLoad.subjectTitle}`);
    return parts.every((part) => text.includes(part));
  });
}
