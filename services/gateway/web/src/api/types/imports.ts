/** Import of a school (`roster.v1`). */
import { count, list, type Of, oneOf, record, text } from '../shape';

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
