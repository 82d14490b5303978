import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/api/problem';
import type { Cell, MarkOperation, MarkResult } from '../../src/api/types';
import { Outbox, type Settled, type Transport } from '../../src/journal/outbox';
import { all, type Batch, openStore, type QueuedOperation, transact } from '../../src/journal/store';

const A = { account: 'acc_1', schoolId: 'sch_1', journalId: 'jrn_1' };
let factory: IDBFactory;

function set(pupil: string, value: string, base = '0', lesson = 'les_1'): MarkOperation {
  return { lessonId: lesson, pupilId: pupil, slot: 1, setMark: { value }, baseRevision: base };
}

function clear(pupil: string, base = '0'): MarkOperation {
  return { lessonId: 'les_1', pupilId: pupil, slot: 1, clearMark: {}, baseRevision: base };
}

function cell(operation: MarkOperation, revision: string): Cell {
  const marks = operation.setMark ? [{ slot: 1, value: operation.setMark.value, kind: 'CONTROL_KIND_UNSPECIFIED' as const, comment: '', revision, setAt: '' }] : [];
  return {
    lessonId: operation.lessonId, pupilId: operation.pupilId, marks, attendance: 'ATTENDANCE_UNSPECIFIED', lateMinutes: 0,
    attendanceComment: '', attendanceRevision: '0', correctionPending: false,
  };
}

/** A server that remembers answers by key, as the real one does. */
class Server implements Transport {
  batches: Batch[] = [];
  answers = new Map<string, MarkResult[]>();
  applied: string[] = [];
  revision = 10;
  /** Runs before each answer; may throw. */
  weather: (batch: Batch, attempt: number) => Promise<void> | void = () => {};
  judge: (operation: MarkOperation) => Partial<MarkResult> = () => ({});
  attempts = 0;

  async send(batch: Batch): Promise<MarkResult[]> {
    this.attempts += 1;
    this.batches.push(batch);
    await this.weather(batch, this.attempts);
    const known = this.answers.get(batch.key);
    if (known) return known;
    return this.take(batch);
  }

  take(batch: Batch): MarkResult[] {
    const { operations } = JSON.parse(batch.body) as { operations: MarkOperation[] };
    const results = operations.map((operation) => {
      const verdict = this.judge(operation);
      if (!verdict.verdict) {
        this.revision += 1;
        this.applied.push(`${operation.pupilId}=${operation.setMark?.value ?? ''}@${operation.baseRevision}`);
      }
      return { verdict: 'MARK_VERDICT_APPLIED' as const, reason: '', message: '', late: false, cell: cell(operation, String(this.revision)), ...verdict };
    });
    this.answers.set(batch.key, results);
    return results;
  }
}

/** A queue that sends only when it is told to. */
async function outbox(server: Transport, options: { locks?: Pick<LockManager, 'request'> } = {}): Promise<Outbox> {
  const box = new Outbox({ transport: server, open: () => openStore(factory), gatherMs: 100_000, backoffMs: 100_000, ...options });
  await log(box, A.account);
  return box;
}

/** Logs an account in and waits until the sending that this starts is over. */
async function log(box: Outbox, account: string): Promise<void> {
  box.use(account);
  await box.flush();
}

async function stored<T>(store: 'operations' | 'batches'): Promise<T[]> {
  const database = await openStore(factory);
  return transact(database, [store], 'readonly', (transaction) => all<T>(transaction, store));
}

beforeEach(() => {
  factory = new IDBFactory();
});

describe('the queue', () => {
  it('sends changes in order, one journal per batch', async () => {
    const server = new Server();
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.add({ ...A, journalId: 'jrn_2', operation: set('per_1', '3', '0', 'les_9') });
    await box.add({ ...A, operation: set('per_2', '4') });
    await box.flush();
    expect(server.batches.map((batch) => [batch.journalId, batch.seqs.length])).toEqual([['jrn_1', 2], ['jrn_2', 1]]);
    expect(server.applied).toEqual(['per_1=5@0', 'per_2=4@0', 'per_1=3@0']);
    expect(await box.count()).toBe(0);
    expect(await stored('batches')).toEqual([]);
  });

  it('never seals more than 200 changes into one batch', async () => {
    const server = new Server();
    const box = await outbox(server);
    for (let pupil = 0; pupil < 230; pupil += 1) await box.add({ ...A, operation: set(`per_${pupil}`, '5') });
    await box.flush();
    expect(server.batches.map((batch) => batch.seqs.length)).toEqual([200, 30]);
  });

  it('stores the batch before it is sent', async () => {
    const server = new Server();
    let seen: Batch[] = [];
    server.weather = async () => {
      seen = await stored<Batch>('batches');
    };
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect(seen).toEqual(server.batches);
  });

  it('keeps the last word on a cell that is not sent yet', async () => {
    const server = new Server();
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5', '7') });
    await box.add({ ...A, operation: set('per_1', '4', '7') });
    await box.flush();
    expect(server.applied).toEqual(['per_1=4@7']);
  });

  it('forgets what was set and cleared before anybody saw it', async () => {
    const server = new Server();
    const box = await outbox(server);
    expect(await box.add({ ...A, operation: set('per_1', '5') })).toBe('stored');
    expect(await box.add({ ...A, operation: clear('per_1') })).toBe('undone');
    await box.flush();
    expect(server.attempts).toBe(0);
    expect(await box.count()).toBe(0);
  });

  it('sends a clear of something that the server knows', async () => {
    const server = new Server();
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5', '7') });
    await box.add({ ...A, operation: clear('per_1', '7') });
    await box.flush();
    expect(server.applied).toEqual(['per_1=@7']);
  });
});

describe('a lost answer', () => {
  it('repeats the same bytes under the same key until they are answered', async () => {
    const server = new Server();
    server.weather = (batch, attempt) => {
      if (attempt > 3) return;
      server.take(batch);
      throw new Problem(0, 'NETWORK', 'cut');
    };
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect(box.state).toBe('waiting');
    // A change of the same cell while the first is in the dark.
    await box.add({ ...A, operation: set('per_1', '4') });
    for (let round = 0; round < 4; round += 1) await box.flush();
    expect(new Set(server.batches.slice(0, 4).map((batch) => `${batch.key} ${batch.body}`)).size).toBe(1);
    expect(await box.count()).toBe(0);
  });

  it('gives the change that came after it the revision of its answer', async () => {
    const server = new Server();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    server.weather = (_, attempt) => (attempt === 1 ? gate : undefined);
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    const flushing = box.flush();
    await expect.poll(() => server.attempts).toBe(1);
    await box.add({ ...A, operation: set('per_1', '4') });
    release();
    await flushing;
    await box.flush();
    expect(server.applied).toEqual(['per_1=5@0', 'per_1=4@11']);
  });

  it('rebases a change that is stored just after the answer came', async () => {
    const server = new Server();
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    // The page had not heard of the answer yet: its base is still the old one.
    await box.add({ ...A, operation: set('per_1', '4', '0') });
    await box.flush();
    expect(server.applied).toEqual(['per_1=5@0', 'per_1=4@11']);
  });

  it('survives a restart of the page with the sealed batch', async () => {
    const server = new Server();
    server.weather = (batch, attempt) => {
      if (attempt > 1) return;
      server.take(batch);
      throw new Problem(0, 'NETWORK', 'cut');
    };
    const before = await outbox(server);
    await before.add({ ...A, operation: set('per_1', '5') });
    await before.add({ ...A, operation: set('per_2', '4') });
    await before.flush();
    const after = await outbox(server);
    expect(server.batches[1]).toEqual(server.batches[0]);
    expect(server.applied).toEqual(['per_1=5@0', 'per_2=4@0']);
    expect(await after.count()).toBe(0);
  });

  it.each([429, 500, 502, 503, 504, 409])('keeps the batch on %i', async (status) => {
    const server = new Server();
    server.weather = (_, attempt) => {
      if (attempt === 1) throw new Problem(status, 'X', '');
    };
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect((await stored<QueuedOperation>('operations')).length).toBe(1);
    await box.flush();
    expect(await box.count()).toBe(0);
    expect(server.batches[0]).toEqual(server.batches[1]);
  });

  it('stops at a lost session and goes on after log in', async () => {
    const server = new Server();
    server.weather = (_, attempt) => {
      if (attempt === 1) throw new Problem(401, 'SESSION_ENDED', '');
    };
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect(box.state).toBe('stopped');
    await log(box, A.account);
    expect(server.applied).toEqual(['per_1=5@0']);
  });
});

describe('refusals', () => {
  it('takes only the refused change out and keeps it for the tray', async () => {
    const server = new Server();
    server.judge = (operation) =>
      operation.pupilId === 'per_2' ? { verdict: 'MARK_VERDICT_REJECTED', reason: 'CORRECTION_REQUIRED', message: 'Время вышло' } : {};
    const box = await outbox(server);
    const told: Settled[] = [];
    box.onSettled((settled) => told.push(...settled));
    for (const pupil of ['per_1', 'per_2', 'per_3']) await box.add({ ...A, operation: set(pupil, '5') });
    await box.flush();
    expect(server.applied).toEqual(['per_1=5@0', 'per_3=5@0']);
    expect((await box.refused('jrn_1')).map((item) => [item.operation.pupilId, item.reason, item.message])).toEqual([
      ['per_2', 'CORRECTION_REQUIRED', 'Время вышло'],
    ]);
    expect(told.map((item) => [item.operation.pupilId, item.refused?.reason ?? ''])).toEqual([['per_1', ''], ['per_2', 'CORRECTION_REQUIRED'], ['per_3', '']]);
    expect(await box.count()).toBe(0);
  });

  it('counts a clash as one, with the reason CONFLICT', async () => {
    const server = new Server();
    server.judge = () => ({ verdict: 'MARK_VERDICT_CONFLICT', message: 'Изменено' });
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect((await box.refused('jrn_1'))[0]?.reason).toBe('CONFLICT');
  });

  it('puts the whole batch into the tray when the request itself is refused', async () => {
    const server = new Server();
    server.weather = () => {
      throw new Problem(404, 'NOT_FOUND', 'Не найдено', 'Журнала нет');
    };
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.add({ ...A, operation: set('per_2', '5') });
    await box.flush();
    expect((await box.refused('jrn_1')).map((item) => item.message)).toEqual(['Журнала нет', 'Журнала нет']);
    expect(await box.count()).toBe(0);
    expect(box.state).toBe('idle');
  });

  it('forgets a refusal when the person tries again or has seen it', async () => {
    const server = new Server();
    server.judge = () => ({ verdict: 'MARK_VERDICT_REJECTED', reason: 'X' });
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.add({ ...A, operation: set('per_2', '5') });
    await box.flush();
    server.judge = () => ({});
    await box.add({ ...A, operation: set('per_1', '4') });
    expect((await box.refused('jrn_1')).map((item) => item.operation.pupilId)).toEqual(['per_2']);
    await box.dismiss((await box.refused('jrn_1'))[0]!.seq);
    expect(await box.refused('jrn_1')).toEqual([]);
  });
});

describe('accounts and tabs', () => {
  it('does not send what another account left', async () => {
    const server = new Server();
    const box = await outbox(server);
    await box.add({ ...A, operation: set('per_1', '5') });
    await log(box, 'acc_2');
    expect(server.attempts).toBe(0);
    expect(await box.pending('jrn_1')).toEqual([]);
    expect(await box.count()).toBe(1);
    await log(box, 'acc_1');
    expect(server.applied).toEqual(['per_1=5@0']);
  });

  it('sends from one tab at a time', async () => {
    let chain: Promise<unknown> = Promise.resolve();
    let inside = 0;
    let most = 0;
    const request = ((_name: string, work: () => Promise<unknown>) => {
      chain = chain.then(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await work();
        inside -= 1;
      });
      return chain;
    }) as unknown as LockManager['request'];
    const server = new Server();
    const one = await outbox(server, { locks: { request } });
    const two = await outbox(server, { locks: { request } });
    await one.add({ ...A, operation: set('per_1', '5') });
    await two.add({ ...A, operation: set('per_2', '4') });
    await Promise.all([one.flush(), two.flush()]);
    expect(most).toBe(1);
    expect(server.attempts).toBe(1);
    expect(server.applied).toEqual(['per_1=5@0', 'per_2=4@0']);
  });

  it('tells the other tabs what the server said', async () => {
    const posted: Settled[][] = [];
    const channel = { postMessage: (message: Settled[]) => posted.push(message), onmessage: null };
    const box = new Outbox({ transport: new Server(), open: () => openStore(factory), gatherMs: 100_000, channel });
    await log(box, A.account);
    await box.add({ ...A, operation: set('per_1', '5') });
    await box.flush();
    expect(posted.flat().map((item) => item.result?.verdict)).toEqual(['MARK_VERDICT_APPLIED']);
  });
});
