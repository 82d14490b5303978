import { describe, expect, it } from 'vitest';
import { controlSheet, type SheetLine, sheetLine } from '../../src/api/types/sheets';
import { common } from '../../src/app/routes';
import { staff } from '../../src/app/staff';
import sheets from '../../src/i18n/ru/sheets';
import { type Draft, draftOf, fullness, mistakesOf, percentOf, statementsOf, takesTerm, withoutPercent } from '../../src/sheets/lines';
import { placeOf, PLACES } from '../../src/sheets/places';
import { told, toldOfMonitoring, toldOfSheet } from '../../src/sheets/state';

const DATABASES = 'CONTROL_SHEET_KIND_DATABASES';
const DOCUMENTS = 'CONTROL_SHEET_KIND_DOCUMENTS';
const routes = [...common, ...staff];
const line = (number: string, fields: object): SheetLine => sheetLine({ number, title: number, ...fields });
const counted = (number: string, percent: number, fields: object = {}) => line(number, { source: 'LINE_SOURCE_COUNTED', have: percent, needed: 100, percent, ...fields });
const stated = (number: string, fields: object = {}) => line(number, { source: 'LINE_SOURCE_STATED', ...fields });

/** The draft of the lines with some of it written over. */
function written(lines: SheetLine[], over: Record<string, Partial<Draft[string]>>): Draft {
  const draft = draftOf(lines);
  for (const [number, said] of Object.entries(over)) draft[number] = { ...draft[number]!, ...said };
  return draft;
}

describe('what a school says of a line', () => {
  const lines = [counted('1', 83), counted('2.1', 100), stated('19')];

  it('is nothing until it is written', () => {
    expect(statementsOf(DATABASES, lines, draftOf(lines))).toEqual([]);
    expect(withoutPercent(DATABASES, lines, draftOf(lines))).toEqual([]);
  });

  it('comes back from the server as it was sent', () => {
    const draft = written(lines, { '1': { dueOn: '2026-12-01', note: ' ждём ' }, '19': { percent: 0 } });
    const sent = statementsOf(DATABASES, lines, draft);
    expect(sent).toEqual([
      { number: '1', percent: 0, dueOn: '2026-12-01', presence: 'PRESENCE_UNSPECIFIED', note: 'ждём' },
      { number: '19', percent: 0, dueOn: '', presence: 'PRESENCE_UNSPECIFIED', note: '' },
    ]);
    const answered = lines.map((one) => sheetLine({ ...one, statement: sent.find((item) => item.number === one.number) }));
    expect(statementsOf(DATABASES, answered, draftOf(answered))).toEqual(sent);
    // Zero per cent that was stated is no longer nothing.
    expect(draftOf(answered)['19']?.percent).toBe(0);
    expect(draftOf(answered)['1']?.percent).toBeNull();
  });

  it('has no term at 100 %', () => {
    const draft = written(lines, { '2.1': { dueOn: '2026-12-01' }, '19': { percent: 100, dueOn: '2026-12-01' } });
    expect(takesTerm(DATABASES, lines[1]!, draft['2.1']!)).toBe(false);
    expect(statementsOf(DATABASES, lines, draft)).toEqual([{ number: '19', percent: 100, dueOn: '', presence: 'PRESENCE_UNSPECIFIED', note: '' }]);
  });

  it.each([[null, 'почему'], [101, ''], [-1, ''], [49.5, '']])('is refused with the per cent %s and the note «%s»', (percent, note) => {
    expect(withoutPercent(DATABASES, lines, written(lines, { '19': { percent, note } }))).toEqual(['19']);
  });

  it('of a document is presence and note, found or stated', () => {
    const documents = [counted('2', 0, { presence: 'PRESENCE_NO' }), stated('5')];
    expect(percentOf(DOCUMENTS, documents[0]!, draftOf(documents)['2'])).toBe(0);
    const draft = written(documents, { '2': { presence: 'PRESENCE_YES', note: 'приказ № 5' } });
    expect(percentOf(DOCUMENTS, documents[0]!, draft['2'])).toBe(100);
    expect(percentOf(DOCUMENTS, documents[1]!, draft['5'])).toBeNull();
    expect(takesTerm(DOCUMENTS, documents[1]!, draft['5']!)).toBe(false);
    expect(statementsOf(DOCUMENTS, documents, draft)).toEqual([{ number: '2', percent: 0, dueOn: '', presence: 'PRESENCE_YES', note: 'приказ № 5' }]);
  });
});

describe('fullness', () => {
  it('counts full lines and rounds the mean down', () => {
    const lines = [counted('1', 100), counted('2', 50), counted('11', 0, { needed: 0 }), stated('19'), line('3', {})];
    expect(fullness(DATABASES, lines, draftOf(lines))).toEqual({ full: 2, all: 4, percent: 62 });
    expect(fullness(DATABASES, lines, written(lines, { '19': { percent: 99 } })).percent).toBe(87);
    expect(fullness(DATABASES, [])).toEqual({ full: 0, all: 0, percent: 0 });
  });
});

describe('refused lines', () => {
  it.each([
    ['lines[2.1]', 'TERM_REQUIRED', 'dueOn'],
    ['/lines/2/1', 'TERM_PAST', 'dueOn'],
    ['/lines/2/1', 'STATEMENT_REQUIRED', 'percent'],
    ['/lines/2/1', 'NOTE_REQUIRED', 'note'],
    ['/statements/1/note', 'TOO_LONG', 'note'],
    ['/statements/1/number', 'LINE_TWICE', 'percent'],
  ])('%s, %s is at the %s of 2.1', (field, rule, at) => {
    const sent = [{ number: '1' }, { number: '2.1' }].map((one) => ({ ...one, percent: 0, dueOn: '', presence: 'PRESENCE_UNSPECIFIED' as const, note: '' }));
    expect([...mistakesOf(DATABASES, [{ field, rule, message: 'нет' }], sent)]).toEqual([['2.1', { field: at, message: 'нет' }]]);
  });

  it('of sheet № 2 are at the presence, other fields are no lines', () => {
    const fields = [{ field: '/lines/5', rule: 'STATEMENT_REQUIRED', message: 'нет' }, { field: '/problems', rule: 'TOO_LONG', message: 'длинно' }];
    expect([...mistakesOf(DOCUMENTS, fields)]).toEqual([['5', { field: 'presence', message: 'нет' }]]);
  });
});

describe('the state of a sheet in a word', () => {
  it.each([
    ['CONTROL_SHEET_STATE_DRAFT', false, 'missing'], ['CONTROL_SHEET_STATE_DRAFT', true, 'overdue'], ['CONTROL_SHEET_STATE_SENT', false, 'sent'],
    ['CONTROL_SHEET_STATE_SENT', true, 'late'], ['CONTROL_SHEET_STATE_RETURNED', true, 'returned'],
  ] as const)('%s, late %s: %s', (state, late, word) => {
    expect(told(state, late)).toBe(word);
  });

  it('is known of a monitoring by the state of the own sheet', () => {
    const open = controlSheet({ monitoring: { dueOn: '2026-11-20', ownState: 'CONTROL_SHEET_STATE_DRAFT' } }).monitoring;
    expect(toldOfMonitoring(open, '2026-11-20')).toBe('missing');
    expect(toldOfMonitoring(open, '2026-11-21')).toBe('overdue');
    expect(toldOfMonitoring({ ...open, ownState: 'CONTROL_SHEET_STATE_RETURNED' }, '2026-11-21')).toBe('returned');
    expect(toldOfMonitoring({ ...open, ownState: 'CONTROL_SHEET_STATE_SENT', lateCount: 1 }, '2026-11-18')).toBe('late');
    expect(toldOfSheet(controlSheet({ monitoring: open }), '2026-11-21')).toBe('overdue');
  });
});

describe('where a line is filled in', () => {
  it('is a screen that there is, with a name', () => {
    for (const href of PLACES) expect(sheets.places[href], href).toBeTruthy();
    for (const kind of [DATABASES, DOCUMENTS] as const) {
      const found = Array.from({ length: 20 }, (_, at) => placeOf(kind, String(at + 1), routes, 'ROLE_ADMINISTRATOR')).filter((one) => one !== null);
      expect(found.length).toBeGreaterThan(3);
      // The administrator fills in everything that is filled in on some screen.
      for (const place of found) expect(place.open, place.href).toBe(true);
    }
  });

  it('is of the part where it has its own, otherwise of the line', () => {
    expect(placeOf(DATABASES, '2.1', routes, 'ROLE_ADMINISTRATOR')?.href).toBe('/people');
    expect(placeOf(DATABASES, '2.4', routes, 'ROLE_ADMINISTRATOR')?.href).toBe('/classes');
    expect(placeOf(DATABASES, '2.1', routes, 'ROLE_DIRECTOR')).toEqual({ href: '/people', open: false });
    expect(placeOf(DOCUMENTS, '1', routes, 'ROLE_DIRECTOR')).toBeNull();
  });
});
