import { newKey } from '../api/client';
import { asProblem } from '../api/problem';
import type { MarkOperation, MarkResult } from '../api/types';
import { placeOf, revisionAt, targetOf } from './operations';
import { all, ask, type Batch, openStore, type QueuedOperation, type RefusedOperation, transact } from './store';

/**
 * Marks on their way to the server.
 *
 * Changes are kept on the device first. A batch (at most 200 changes of one
 * journal) is sealed with its idempotency key before it is sent and repeated byte
 * for byte until an answer comes. One tab sends at a time.
 */

export interface Wanted {
  account: string;
  schoolId: string;
  journalId: string;
  operation: MarkOperation;
}

/** The server's word about one change, told to every tab. */
export interface Settled {
  journalId: string;
  operation: MarkOperation;
  /** Absent when the whole batch was refused. */
  result: MarkResult | null;
  refused: RefusedOperation | null;
  /** A newer change of the same place is still queued. */
  more: boolean;
}

export type SendState = 'idle' | 'sending' | 'waiting' | 'stopped';

export interface Transport {
  send(batch: Batch): Promise<MarkResult[]>;
}

interface Options {
  transport: Transport;
  open?: () => Promise<IDBDatabase>;
  locks?: Pick<LockManager, 'request'> | undefined;
  channel?: Pick<BroadcastChannel, 'postMessage' | 'onmessage'> | undefined;
  /** Milliseconds to gather changes into one batch. */
  gatherMs?: number;
  /** First pause after a failure; doubles up to 30 s. */
  backoffMs?: number;
  now?: () => number;
}

const LARGEST_BATCH = 200;
const LONGEST_BACKOFF_MS = 30_000;
const LOCK = 'zhurnal-outbox-sender';

export class Outbox {
  readonly #options: Options;
  #database: Promise<IDBDatabase> | null = null;
  #account = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #draining = false;
  #again = false;
  #failures = 0;
  #state: SendState = 'idle';
  #answers = new Map<string, { operation: MarkOperation; result: MarkResult | null }>();
  #settled = new Set<(settled: Settled[]) => void>();
  #watchers = new Set<() => void>();

  constructor(options: Options) {
    this.#options = options;
    if (options.channel) {
      options.channel.onmessage = (event: MessageEvent<Settled[]>) => this.#hear(event.data);
    }
  }

  /** Only this account's changes are sent; others wait for their owner. Called again after log in, it goes on. */
  use(account: string): void {
    if (account === this.#account && this.#state !== 'stopped') return;
    this.#account = account;
    this.#failures = 0;
    this.#state = 'idle';
    if (account) this.kick(0);
  }

  get state(): SendState {
    return this.#state;
  }

  onSettled(listener: (settled: Settled[]) => void): () => void {
    this.#settled.add(listener);
    return () => this.#settled.delete(listener);
  }

  /** Hears when counts or the sending state may have changed. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /**
   * Stores a change, in place of an unsent one of the same target. Resolves when
   * it is on the device: `undone` when it only takes back what was never sent.
   */
  async add(wanted: Wanted): Promise<'stored' | 'undone'> {
    const target = targetOf(wanted.operation);
    const database = await this.#open();
    const outcome = await transact(database, ['operations', 'refused'], 'readwrite', async (transaction) => {
      const operations = transaction.objectStore('operations');
      const queued = await all<QueuedOperation>(transaction, 'operations');
      const same = queued.filter((item) => item.account === wanted.account && item.target === target);
      const unsent = same.find((item) => item.batch === '');
      const sent = same.some((item) => item.batch !== '');
      // A fresh try answers an old refusal.
      for (const item of await all<RefusedOperation>(transaction, 'refused')) {
        if (item.account === wanted.account && item.target === target) transaction.objectStore('refused').delete(item.seq);
      }
      if (unsent) {
        const operation = { ...wanted.operation, baseRevision: unsent.operation.baseRevision };
        if (!unsent.after && operation.baseRevision === '0' && clears(operation)) {
          operations.delete(unsent.seq);
          return 'undone';
        }
        operations.put({ ...unsent, operation });
        return 'stored';
      }
      const operation = sent ? wanted.operation : this.#onAnswer(wanted.account, target, wanted.operation);
      const fresh: Omit<QueuedOperation, 'seq'> = { ...wanted, operation, target, after: sent, batch: '' };
      await ask(operations.add(fresh));
      return 'stored';
    });
    this.#changed();
    this.kick(this.#options.gatherMs ?? 250);
    return outcome;
  }

  /** Changes of a journal that have no answer yet, oldest first. */
  async pending(journalId: string): Promise<QueuedOperation[]> {
    const queued = await this.#read<QueuedOperation>('operations');
    return queued.filter((item) => item.account === this.#account && item.journalId === journalId);
  }

  async refused(journalId: string): Promise<RefusedOperation[]> {
    const refused = await this.#read<RefusedOperation>('refused');
    return refused.filter((item) => item.account === this.#account && item.journalId === journalId);
  }

  async dismiss(seq: number): Promise<void> {
    const database = await this.#open();
    await transact(database, ['refused'], 'readwrite', async (transaction) => {
      await ask(transaction.objectStore('refused').delete(seq));
    });
    this.#changed();
  }

  /** Unanswered changes on this device, of whatever account. */
  async count(): Promise<number> {
    return (await this.#read<QueuedOperation>('operations')).length;
  }

  /** Sends soon; many calls are one. */
  kick(delayMs: number): void {
    if (!this.#account) return;
    if (this.#draining) {
      this.#again = true;
      return;
    }
    if (this.#timer !== undefined && delayMs > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), delayMs);
  }

  /** Sends what there is; resolves when the queue is empty or sending has to wait. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#draining || !this.#account) return;
    this.#draining = true;
    try {
      do {
        this.#again = false;
        const { locks } = this.#options;
        if (locks) await locks.request(LOCK, () => this.#drain());
        else await this.#drain();
      } while (this.#again && this.#state === 'idle');
    } finally {
      this.#draining = false;
      this.#changed();
    }
  }

  /** A change that was made on top of one which has been answered a moment ago builds on that answer. */
  #onAnswer(account: string, target: string, operation: MarkOperation): MarkOperation {
    const answer = this.#answers.get(`${account}|${target}`);
    if (!answer || answer.operation.baseRevision !== operation.baseRevision) return operation;
    return rebased(operation, answer.operation, answer.result);
  }

  async #drain(): Promise<void> {
    for (;;) {
      const account = this.#account;
      const batch = account ? await this.#nextBatch(account) : null;
      if (!batch) {
        this.#state = 'idle';
        return;
      }
      this.#state = 'sending';
      this.#changed();
      let results: MarkResult[];
      try {
        results = await this.#options.transport.send(batch);
      } catch (error) {
        const problem = asProblem(error);
        // 401: after log in the same bytes go again. 409: the first call is still running.
        if (problem.status === 401) {
          this.#state = 'stopped';
          return;
        }
        if (problem.temporary || problem.status === 409) {
          this.#state = 'waiting';
          this.#later(problem.retryAfterMs);
          return;
        }
        await this.#settle(batch, [], { reason: problem.code, message: problem.detail || problem.title });
        continue;
      }
      this.#failures = 0;
      await this.#settle(batch, results, null);
    }
  }

  #later(retryAfterMs: number): void {
    const backoff = Math.min((this.#options.backoffMs ?? 1_000) * 2 ** this.#failures, LONGEST_BACKOFF_MS);
    this.#failures += 1;
    const pause = Math.max(retryAfterMs, backoff * (0.75 + Math.random() / 2));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pause);
  }

  /** The batch that was sealed first, or a new one, durable before it is returned. */
  async #nextBatch(account: string): Promise<Batch | null> {
    const database = await this.#open();
    return transact(database, ['operations', 'batches'], 'readwrite', async (transaction) => {
      const sealed = (await all<Batch>(transaction, 'batches')).filter((item) => item.account === account);
      if (sealed.length > 0) return sealed.reduce((a, b) => (a.sealedAt <= b.sealedAt ? a : b));
      const queued = (await all<QueuedOperation>(transaction, 'operations')).filter((item) => item.account === account);
      const first = queued[0];
      if (!first) return null;
      const chosen = queued.filter((item) => item.journalId === first.journalId).slice(0, LARGEST_BATCH);
      const batch: Batch = {
        key: newKey(),
        account,
        schoolId: first.schoolId,
        journalId: first.journalId,
        body: JSON.stringify({ operations: chosen.map((item) => item.operation) }),
        seqs: chosen.map((item) => item.seq),
        sealedAt: (this.#options.now ?? Date.now)(),
      };
      transaction.objectStore('batches').add(batch);
      for (const item of chosen) transaction.objectStore('operations').put({ ...item, batch: batch.key });
      return batch;
    });
  }

  /** Takes the answered changes out and gives the next ones of the same places their base revision. */
  async #settle(batch: Batch, results: MarkResult[], whole: { reason: string; message: string } | null): Promise<void> {
    const database = await this.#open();
    const at = (this.#options.now ?? Date.now)();
    const settled = await transact(database, ['operations', 'batches', 'refused'], 'readwrite', async (transaction) => {
      const operations = transaction.objectStore('operations');
      const queued = await all<QueuedOperation>(transaction, 'operations');
      const told: Settled[] = [];
      for (const [index, seq] of batch.seqs.entries()) {
        const item = queued.find((one) => one.seq === seq);
        if (!item) continue;
        const result = results[index] ?? null;
        const trouble = whole ?? troubleOf(result);
        const refused: RefusedOperation | null = trouble && { ...refusalOf(item), ...trouble, at };
        if (refused) transaction.objectStore('refused').put(refused);
        operations.delete(seq);
        this.#answers.set(`${item.account}|${item.target}`, { operation: item.operation, result });
        const next = queued.find((one) => one.account === item.account && one.target === item.target && one.batch === '');
        if (next) operations.put({ ...next, after: false, operation: rebased(next.operation, item.operation, result) });
        told.push({ journalId: item.journalId, operation: item.operation, result, refused, more: next !== undefined });
      }
      transaction.objectStore('batches').delete(batch.key);
      return told;
    });
    this.#announce(settled);
  }

  #announce(settled: Settled[]): void {
    this.#options.channel?.postMessage(settled);
    this.#hear(settled);
  }

  #hear(settled: Settled[]): void {
    for (const listener of this.#settled) listener(settled);
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  async #read<T>(store: 'operations' | 'refused'): Promise<T[]> {
    const database = await this.#open();
    return transact(database, [store], 'readonly', (transaction) => all<T>(transaction, store));
  }

  #open(): Promise<IDBDatabase> {
    this.#database ??= (this.#options.open ?? openStore)().catch((error: unknown) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }
}

function clears(operation: MarkOperation): boolean {
  return operation.clearMark !== undefined || operation.clearAttendance !== undefined;
}

function troubleOf(result: MarkResult | null): { reason: string; message: string } | null {
  if (!result) return { reason: 'NO_ANSWER', message: '' };
  if (result.verdict === 'MARK_VERDICT_CONFLICT') return { reason: 'CONFLICT', message: result.message };
  if (result.verdict === 'MARK_VERDICT_REJECTED') return { reason: result.reason, message: result.message };
  return null;
}

function refusalOf(item: QueuedOperation): Omit<RefusedOperation, 'reason' | 'message' | 'at'> {
  const { seq, account, schoolId, journalId, target, operation } = item;
  return { seq, account, schoolId, journalId, target, operation };
}

/** A change made while the one before was on its way builds on that one's answer. */
function rebased(next: MarkOperation, before: MarkOperation, result: MarkResult | null): MarkOperation {
  const taken = result?.verdict === 'MARK_VERDICT_APPLIED' || result?.verdict === 'MARK_VERDICT_DUPLICATE';
  if (taken && result.cell) return { ...next, baseRevision: revisionAt(result.cell, placeOf(next)) };
  // Refused or clashed: what the person saw then is still what this change is based on.
  return { ...next, baseRevision: before.baseRevision };
}
