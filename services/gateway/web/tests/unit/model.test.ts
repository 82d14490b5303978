import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MarkOperation, MarkResult } from '../../src/api/types';
import { decimal } from '../../src/domain/fraction';
import { JournalModel } from '../../src/journal/model.svelte';
import { revisionAt, placeOf } from '../../src/journal/operations';
import { Outbox } from '../../src/journal/outbox';
import { openStore } from '../../src/journal/store';

const NOW = Date.parse('2026-11-18T08:20:00Z');
const LATER = '2026-11-18T21:00:00Z';

interface WireCell {
  lessonId: string;
  pupilId: string;
  marks?: { slot: number; value: string; revision: string; comment?: string; setAt?: string }[];
  attendance?: string;
  attendanceRevision?: string;
}

/** A page as the gateway sends it, with its default values left out. */
function wire(cells: WireCell[] = [], revision = '1') {
  const column = { lessonNumber: 1, startsAt: '08:30', endsAt: '09:15', entryDueAt: LATER, freeCorrectionUntil: LATER, own: true };
  return {
    page: {
      journal: { journalId: 'jrn_1', groupTitle: '5-А', subjectTitle: 'Математика', grade: 5 },
      from: '2026-11-09',
      to: '2026-12-27',
      columns: [
        { ...column, lessonId: 'les_old', date: '2026-11-16', window: 'ENTRY_WINDOW_CORRECTION', freeCorrectionUntil: '2026-11-16T21:00:00Z', entryDueAt: '2026-11-16T12:00:00Z' },
        { ...column, lessonId: 'les_now', date: '2026-11-18', window: 'ENTRY_WINDOW_OPEN' },
        { ...column, lessonId: 'les_foreign', date: '2026-11-18', window: 'ENTRY_WINDOW_OPEN', own: undefined },
        { ...column, lessonId: 'les_off', date: '2026-11-18', window: 'ENTRY_WINDOW_CANCELLED', cancelled: true },
        { ...column, lessonId: 'les_next', date: '2026-11-19', window: 'ENTRY_WINDOW_FUTURE' },
      ],
      rows: [
        { pupilId: 'per_1', name: { surname: 'Андреев', givenName: 'Пётр' }, cells: cells.filter((cell) => cell.pupilId === 'per_1') },
        { pupilId: 'per_2', name: { surname: 'Борисова', givenName: 'Анна' }, memberFrom: '2026-11-18', cells: cells.filter((cell) => cell.pupilId === 'per_2') },
      ],
      revision,
      asOf: '2026-11-18T08:20:00Z',
    },
  };
}

let sent: MarkOperation[][];
let verdicts: (operation: MarkOperation) => Partial<MarkResult>;
let page: unknown;
let outbox: Outbox;
let model: JournalModel;
let gate: Promise<void>;

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  sent = [];
  verdicts = () => ({});
  gate = Promise.resolve();
  page = wire();
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(page), { headers: { etag: 'W/"1"' } }));
  const factory = new IDBFactory();
  let revision = 50;
  outbox = new Outbox({
    open: () => openStore(factory),
    gatherMs: 100_000,
    transport: {
      async send(batch) {
        const { operations } = JSON.parse(batch.body) as { operations: MarkOperation[] };
        sent.push(operations);
        await gate;
        return operations.map((operation): MarkResult => {
          revision += 1;
          const marks = operation.setMark ? [{ slot: operation.slot ?? 1, value: operation.setMark.value, kind: 'CONTROL_KIND_UNSPECIFIED' as const, comment: operation.setMark.comment ?? '', revision: String(revision), setAt: '2026-11-18T08:20:00Z' }] : [];
          return {
            verdict: 'MARK_VERDICT_APPLIED', reason: '', message: '', late: false,
            cell: {
              lessonId: operation.lessonId, pupilId: operation.pupilId, marks, attendance: operation.setAttendance?.attendance ?? 'ATTENDANCE_UNSPECIFIED',
              lateMinutes: 0, attendanceComment: operation.setAttendance?.comment ?? '', attendanceRevision: operation.setAttendance ? String(revision) : '0', correctionPending: false,
            },
            ...verdicts(operation),
          };
        });
      },
    },
  });
  outbox.use('acc_1');
  await outbox.flush();
  model = new JournalModel('sch_1', 'jrn_1', 'acc_1', outbox);
  await model.read({ from: '', to: '' });
});

afterEach(() => {
  model.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const mark = (row: number, column: number, value: string, comment = '', place = 1) => ({
  row, column, place, value: { value, kind: 'CONTROL_KIND_UNSPECIFIED' as const, comment },
});
const away = (row: number, column: number, comment = '') => ({
  row, column, place: 0, value: { attendance: 'ATTENDANCE_ABSENT' as const, lateMinutes: 0, comment },
});

async function flush(): Promise<void> {
  // `add` is on its way to the device when a key was pressed.
  await expect.poll(() => outbox.count()).toBeGreaterThan(0);
  await outbox.flush();
}

describe('a mark', () => {
  it('stands at once as waiting, counts in the average, and is saved by the answer', async () => {
    expect(model.apply([mark(0, 1, '5')])).toEqual([]);
    expect(model.cell(0, 1)).toMatchObject({ text: '5', state: 'waiting' });
    expect(decimal(model.rows[0]!.average!)).toBe('5,00');
    expect(model.waiting).toBe(1);
    await flush();
    expect(model.cell(0, 1)).toMatchObject({ text: '5', state: 'saved' });
    expect(model.waiting).toBe(0);
    expect(sent).toMatchObject([[{ lessonId: 'les_now', pupilId: 'per_1', slot: 1, setMark: { value: '5' }, baseRevision: '0' }]]);
  });

  it('that is the same as before is no change', async () => {
    model.apply([mark(0, 1, '5')]);
    await flush();
    model.apply([mark(0, 1, '5')]);
    expect(model.cell(0, 1)?.state).toBe('saved');
    expect(await outbox.count()).toBe(0);
  });

  it('on top of an own mark is based on its revision', async () => {
    model.apply([mark(0, 1, '4')]);
    await flush();
    model.apply([mark(0, 1, '4/5')]);
    await flush();
    expect(sent[1]).toMatchObject([{ setMark: { value: '4/5' }, baseRevision: '51' }]);
  });

  it('changed while it is on its way ends as the last word', async () => {
    let release = (): void => {};
    gate = new Promise((resolve) => (release = resolve));
    model.apply([mark(0, 1, '4')]);
    await expect.poll(() => outbox.count()).toBe(1);
    const flushing = outbox.flush();
    await expect.poll(() => sent.length).toBe(1);
    model.apply([mark(0, 1, '3')]);
    expect(model.cell(0, 1)).toMatchObject({ text: '3', state: 'waiting' });
    await expect.poll(async () => (await outbox.pending('jrn_1')).length).toBe(2);
    release();
    await flushing;
    await outbox.flush();
    expect(sent[1]).toMatchObject([{ setMark: { value: '3' }, baseRevision: '51' }]);
    expect(model.cell(0, 1)).toMatchObject({ text: '3', state: 'saved' });
    expect(model.waiting).toBe(0);
  });

  it('and its taking back before it was sent leave nothing to send', async () => {
    model.apply([mark(0, 1, '4')]);
    await expect.poll(() => outbox.count()).toBe(1);
    model.undo();
    await expect.poll(() => outbox.count()).toBe(0);
    await expect.poll(() => model.waiting).toBe(0);
    expect(model.cell(0, 1)).toMatchObject({ text: '', state: 'saved' });
  });
});

describe('objections', () => {
  it.each([
    [2, 'notOwn'],
    [3, 'cancelled'],
    [4, 'future'],
  ])('lesson %i: %s', (column, kind) => {
    expect(model.apply([mark(0, column, '5')])).toEqual([{ kind }]);
    expect(model.cell(0, column)?.text).toBe('');
  });

  it('knows when the pupil was not in the group', () => {
    expect(model.cell(1, 0)?.outside).toBe(true);
    expect(model.apply([mark(1, 0, '5')])).toEqual([{ kind: 'outside' }]);
  });

  it('asks for a comment when an absence meets a mark, in both orders (R32)', async () => {
    model.apply([mark(0, 1, '4')]);
    expect(model.apply([away(0, 1)])).toMatchObject([{ kind: 'comment' }]);
    expect(model.cell(0, 1)?.text).toBe('4');
    expect(model.apply([away(0, 1, 'Ушёл после второго урока')])).toEqual([]);
    expect(model.cell(0, 1)?.text).toBe('н 4');
    model.apply([away(1, 1)]);
    expect(model.apply([mark(1, 1, '5')])).toMatchObject([{ kind: 'comment' }]);
  });

  it('does not ask for one beside a late arrival', () => {
    model.apply([mark(0, 1, '4')]);
    expect(model.apply([{ row: 0, column: 1, place: 0, value: { attendance: 'ATTENDANCE_LATE', lateMinutes: 0, comment: '' } }])).toEqual([]);
    expect(model.cell(0, 1)?.text).toBe('оп 4');
  });

  it('takes a first late entry, but wants a request for a change (R27)', async () => {
    page = wire([{ lessonId: 'les_old', pupilId: 'per_1', marks: [{ slot: 1, value: '3', revision: '9', setAt: '2026-11-16T07:00:00Z' }] }], '2');
    await model.read({ from: '2026-11-01', to: '' });
    expect(model.apply([mark(0, 0, '4')])).toMatchObject([{ kind: 'correction' }]);
    expect(model.apply([mark(0, 0, '5', '', 2)])).toEqual([]);
  });

  it('lets an own slip of the last five minutes be mended', async () => {
    page = wire([{ lessonId: 'les_old', pupilId: 'per_1', marks: [{ slot: 1, value: '3', revision: '9', setAt: '2026-11-18T08:17:00Z' }] }], '2');
    await model.read({ from: '2026-11-01', to: '' });
    expect(model.apply([mark(0, 0, '4')])).toEqual([]);
  });

  it('makes the sound changes of a block and reports the others', () => {
    const objections = model.apply([mark(0, 1, '5'), mark(0, 2, '5'), mark(1, 1, '4')]);
    expect(objections).toEqual([{ kind: 'notOwn' }]);
    expect([model.cell(0, 1)?.text, model.cell(0, 2)?.text, model.cell(1, 1)?.text]).toEqual(['5', '', '4']);
  });
});

describe('undo', () => {
  it('is a new change, step by step, and can be redone', async () => {
    model.apply([mark(0, 1, '5')]);
    model.apply([mark(0, 1, '3'), mark(1, 1, '2')]);
    expect(model.undoable).toBe(true);
    model.undo();
    expect([model.cell(0, 1)?.text, model.cell(1, 1)?.text]).toEqual(['5', '']);
    model.redo();
    expect([model.cell(0, 1)?.text, model.cell(1, 1)?.text]).toEqual(['3', '2']);
    model.undo();
    model.undo();
    expect([model.cell(0, 1)?.text, model.cell(1, 1)?.text]).toEqual(['', '']);
    expect(model.undoable).toBe(false);
    expect(model.undo()).toBeNull();
  });

  it('of a saved mark is based on what the server holds', async () => {
    model.apply([mark(0, 1, '5')]);
    await flush();
    model.undo();
    await flush();
    expect(sent[1]).toMatchObject([{ clearMark: {}, baseRevision: '51' }]);
  });
});

describe('changes of others', () => {
  it('appear, unless the cell is waiting', async () => {
    model.apply([mark(0, 1, '5')]);
    page = wire(
      [
        { lessonId: 'les_now', pupilId: 'per_1', marks: [{ slot: 1, value: '2', revision: '70' }] },
        { lessonId: 'les_now', pupilId: 'per_2', marks: [{ slot: 1, value: '3', revision: '71' }] },
      ],
      '2',
    );
    await model.read({ from: '2026-11-02', to: '' });
    expect(model.cell(0, 1)).toMatchObject({ text: '5', state: 'waiting' });
    expect(model.cell(1, 1)).toMatchObject({ text: '3', state: 'saved' });
  });

  it('leave rows alone that did not change', async () => {
    page = wire([{ lessonId: 'les_now', pupilId: 'per_2', marks: [{ slot: 1, value: '3', revision: '71' }] }], '2');
    const [first, second] = [model.rows[0]!.cells, model.rows[1]!.cells];
    await model.read({ from: '2026-11-02', to: '' });
    expect(model.rows[0]!.cells).toBe(first);
    expect(model.rows[1]!.cells).not.toBe(second);
  });

  it('that clash show the truth in a frame, with a choice', async () => {
    const theirs = { lessonId: 'les_now', pupilId: 'per_1', marks: [{ slot: 1, value: '2', kind: 'CONTROL_KIND_UNSPECIFIED' as const, comment: '', revision: '70', setAt: '' }], attendance: 'ATTENDANCE_UNSPECIFIED' as const, lateMinutes: 0, attendanceComment: '', attendanceRevision: '0', correctionPending: false };
    verdicts = () => ({ verdict: 'MARK_VERDICT_CONFLICT', cell: theirs });
    model.apply([mark(0, 1, '5')]);
    await flush();
    expect(model.cell(0, 1)).toMatchObject({ text: '2', state: 'clash' });
    const [item] = model.refused;
    verdicts = () => ({});
    expect(model.insist(item!)).toBeNull();
    await flush();
    expect(sent[1]).toMatchObject([{ setMark: { value: '5' }, baseRevision: '70' }]);
    expect(model.cell(0, 1)).toMatchObject({ text: '5', state: 'saved' });
    expect(model.refused).toEqual([]);
  });
});

it('a refused change goes back to what the server holds and into the tray', async () => {
  verdicts = () => ({ verdict: 'MARK_VERDICT_REJECTED', reason: 'MARK_BLOCKED', message: 'Заблокировано', cell: undefined });
  model.apply([mark(0, 1, '5')]);
  await flush();
  expect(model.cell(0, 1)).toMatchObject({ text: '', state: 'refused' });
  expect(model.refused.map((item) => item.message)).toEqual(['Заблокировано']);
  await model.dismiss(model.refused[0]!);
  expect(model.cell(0, 1)?.state).toBe('saved');
});

it('what was left unsent stands on the page after a reload', async () => {
  model.apply([mark(0, 1, '5')]);
  await expect.poll(() => outbox.count()).toBe(1);
  model.stop();
  const again = new JournalModel('sch_1', 'jrn_1', 'acc_1', outbox);
  await again.read({ from: '', to: '' });
  expect(again.cell(0, 1)).toMatchObject({ text: '5', state: 'waiting' });
  await outbox.flush();
  expect(again.cell(0, 1)).toMatchObject({ text: '5', state: 'saved' });
  expect(revisionAt(again.cell(0, 1)!, placeOf(sent[0]![0]!))).toBe('51');
  again.stop();
});

it('an answer that comes while the page is read is not waited for', async () => {
  model.apply([mark(0, 1, '5')]);
  await expect.poll(() => outbox.count()).toBe(1);
  model.stop();
  // The page is on its way when the queue gets its answer.
  let release = (): void => {};
  const slow = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal('fetch', async () => {
    await slow;
    return new Response(JSON.stringify(wire()), { headers: { etag: 'W/"1"' } });
  });
  const again = new JournalModel('sch_1', 'jrn_1', 'acc_1', outbox);
  const reading = again.read({ from: '', to: '' });
  await outbox.flush();
  release();
  await reading;
  expect(again.waiting).toBe(0);
  expect(again.cell(0, 1)).toMatchObject({ text: '5', state: 'saved' });
  again.stop();
});
