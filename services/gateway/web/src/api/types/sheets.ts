/** Control sheets of the monitoring (`reporting.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export type SheetKind = 'CONTROL_SHEET_KIND_UNSPECIFIED' | 'CONTROL_SHEET_KIND_DATABASES' | 'CONTROL_SHEET_KIND_DOCUMENTS';
export type LineSource = 'LINE_SOURCE_UNSPECIFIED' | 'LINE_SOURCE_COUNTED' | 'LINE_SOURCE_STATED';
export type Presence = 'PRESENCE_UNSPECIFIED' | 'PRESENCE_YES' | 'PRESENCE_NO';
export type SheetState = 'CONTROL_SHEET_STATE_UNSPECIFIED' | 'CONTROL_SHEET_STATE_DRAFT' | 'CONTROL_SHEET_STATE_SENT' | 'CONTROL_SHEET_STATE_RETURNED';

const sheetKind = oneOf<SheetKind>('CONTROL_SHEET_KIND_UNSPECIFIED');
const sheetState = oneOf<SheetState>('CONTROL_SHEET_STATE_UNSPECIFIED');
const presence = oneOf<Presence>('PRESENCE_UNSPECIFIED');

export const monitoring = record({
  monitoringId: text,
  kind: sheetKind,
  title: text,
  asOf: text,
  dueOn: text,
  schoolCount: count,
  sentCount: count,
  lateCount: count,
  ownState: sheetState,
  etag: text,
});

export type Monitoring = Of<typeof monitoring>;

const lineStatement = record({ number: text, percent: count, dueOn: text, presence, note: text });

export type LineStatement = Of<typeof lineStatement>;

export const sheetLine = record({
  number: text,
  title: text,
  source: oneOf<LineSource>('LINE_SOURCE_UNSPECIFIED'),
  have: count,
  needed: count,
  percent: count,
  presence,
  found: text,
  statement: maybe(lineStatement),
});

export type SheetLine = Of<typeof sheetLine>;

export const sheetContact = record({ personId: text, name: maybe(personName), post: text, phone: text, email: text });

export type SheetContact = Of<typeof sheetContact>;

export const controlSheet = record({
  monitoring,
  schoolId: text,
  schoolTitle: text,
  state: sheetState,
  lines: list(sheetLine),
  problems: text,
  responsible: maybe(sheetContact),
  head: maybe(sheetContact),
  countedOn: text,
  sentAt: text,
  late: flag,
  remark: text,
  etag: text,
});

export type ControlSheet = Of<typeof controlSheet>;

export const controlSheetSummary = record({
  schoolId: text,
  schoolTitle: text,
  municipality: text,
  state: sheetState,
  sentAt: text,
  late: flag,
  lineCount: count,
  fullCount: count,
  percent: count,
});

export type ControlSheetSummary = Of<typeof controlSheetSummary>;

export const completeness = record({
  databases: list(sheetLine),
  documents: list(sheetLine),
  responsible: maybe(sheetContact),
  countedOn: text,
  asOf: text,
});

export type Completeness = Of<typeof completeness>;
