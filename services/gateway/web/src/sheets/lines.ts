import type { FieldProblem } from '../api/problem';
import type { LineStatement, Presence, SheetKind, SheetLine } from '../api/types';

/** What the school writes beside a line; `percent` of a stated line is `null` until it is written. */
export interface Said {
  percent: number | null;
  dueOn: string;
  presence: Presence;
  note: string;
}
export type Draft = Record<string, Said>;
export type SaidField = keyof Said;

export const isDocuments = (kind: SheetKind) => kind === 'CONTROL_SHEET_KIND_DOCUMENTS';
const isStated = (line: SheetLine) => line.source === 'LINE_SOURCE_STATED';
const isCounted = (line: SheetLine) => line.source === 'LINE_SOURCE_COUNTED';

export function draftOf(lines: readonly SheetLine[]): Draft {
  return Object.fromEntries(lines.map((line) => [line.number, saidIn(line)]));
}

function saidIn(line: SheetLine): Said {
  const { statement } = line;
  return {
    percent: statement && isStated(line) ? statement.percent : null,
    dueOn: statement?.dueOn ?? '',
    presence: statement?.presence ?? 'PRESENCE_UNSPECIFIED',
    note: statement?.note ?? '',
  };
}

/** Per cent of a line as it is written now; `null` = nobody knows. There is nothing to do where nothing is needed. */
export function percentOf(kind: SheetKind, line: SheetLine, said?: Said): number | null {
  if (isDocuments(kind)) {
    const presence = said?.presence && said.presence !== 'PRESENCE_UNSPECIFIED' ? said.presence : line.presence;
    return presence === 'PRESENCE_UNSPECIFIED' ? null : presence === 'PRESENCE_YES' ? 100 : 0;
  }
  if (isStated(line)) return said ? said.percent : null;
  return isCounted(line) ? (line.needed === 0 ? 100 : line.percent) : null;
}

/** A term is asked for a line of sheet № 1 that is not at 100 %. */
export function takesTerm(kind: SheetKind, line: SheetLine, said: Said): boolean {
  return !isDocuments(kind) && percentOf(kind, line, said) !== 100;
}

/** What is to be saved: lines of which the school says something. */
export function statementsOf(kind: SheetKind, lines: readonly SheetLine[], draft: Draft): LineStatement[] {
  return lines.flatMap((line) => {
    const said = draft[line.number];
    if (!said) return [];
    const statement: LineStatement = {
      number: line.number,
      percent: !isDocuments(kind) && isStated(line) ? (said.percent ?? 0) : 0,
      dueOn: takesTerm(kind, line, said) ? said.dueOn : '',
      presence: isDocuments(kind) ? said.presence : 'PRESENCE_UNSPECIFIED',
      note: said.note.trim(),
    };
    const wordless = !statement.dueOn && !statement.note && statement.presence === 'PRESENCE_UNSPECIFIED';
    const silent = wordless && (isDocuments(kind) || !isStated(line) || said.percent === null);
    return silent ? [] : [statement];
  });
}

/** Lines whose per cent is no per cent, or is not there beside a term or a note: saved, they would say 0 %. */
export function withoutPercent(kind: SheetKind, lines: readonly SheetLine[], draft: Draft): string[] {
  if (isDocuments(kind)) return [];
  const wrong = ({ percent, dueOn, note }: Said) => (percent === null ? dueOn !== '' || note.trim() !== '' : !Number.isInteger(percent) || percent < 0 || percent > 100);
  return lines.filter((line) => isStated(line) && draft[line.number] && wrong(draft[line.number]!)).map((line) => line.number);
}

export interface Fullness {
  full: number;
  all: number;
  percent: number;
}

/** How full a sheet is; a line of which nobody knows anything counts 0. */
export function fullness(kind: SheetKind, lines: readonly SheetLine[], draft?: Draft): Fullness {
  const known = lines.filter((line) => line.source !== 'LINE_SOURCE_UNSPECIFIED').map((line) => percentOf(kind, line, draft?.[line.number]) ?? 0);
  const sum = known.reduce((total, percent) => total + percent, 0);
  return { full: known.filter((percent) => percent === 100).length, all: known.length, percent: known.length ? Math.floor(sum / known.length) : 0 };
}

export interface LineMistake {
  field: SaidField;
  message: string;
}

const OF_RULE: Record<string, SaidField> = { TERM_REQUIRED: 'dueOn', TERM_PAST: 'dueOn', NOTE_REQUIRED: 'note' };
const FIELDS: readonly string[] = ['percent', 'dueOn', 'presence', 'note'];

/**
 * Refused fields by line: `lines[2.1]`, which the gateway writes as the pointer
 * `/lines/2/1`, or the place of a statement in what was sent, `/statements/3/dueOn`.
 */
export function mistakesOf(kind: SheetKind, fields: readonly FieldProblem[], sent: readonly LineStatement[] = []): Map<string, LineMistake> {
  const found = new Map<string, LineMistake>();
  for (const { field, rule = '', message } of fields) {
    const [where, ...rest] = field.split(/[/.[\]]/).filter(Boolean);
    const number = where === 'lines' ? rest.join('.') : where === 'statements' ? sent[Number(rest[0])]?.number : undefined;
    if (!number || found.has(number)) continue;
    const last = rest.at(-1) ?? '';
    const named = where === 'statements' && FIELDS.includes(last) ? (last as SaidField) : undefined;
    found.set(number, { field: OF_RULE[rule] ?? named ?? (isDocuments(kind) ? 'presence' : 'percent'), message });
  }
  return found;
}
