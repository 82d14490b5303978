import type { MarkOperation } from '../api/types';

/** Off-line queue in IndexedDB: ids and marks, no names. */

/** A wanted change that has no answer yet. */
export interface QueuedOperation {
  seq: number;
  account: string;
  schoolId: string;
  journalId: string;
  /** Lesson, pupil and slot (`a` for attendance): one open change each. */
  target: string;
  operation: MarkOperation;
  /** An earlier change of the same target is on its way: its answer gives the base revision. */
  after: boolean;
  /** Key of the batch that it was sealed into; empty before. */
  batch: string;
}

/** Bytes that are repeated as they are until an answer comes. */
export interface Batch {
  /** Idempotency key. */
  key: string;
  account: string;
  schoolId: string;
  journalId: string;
  body: string;
  seqs: number[];
  sealedAt: number;
}

/** A change that the server did not take. */
export interface RefusedOperation {
  seq: number;
  account: string;
  schoolId: string;
  journalId: string;
  target: string;
  operation: MarkOperation;
  /** `CONFLICT`: somebody changed the cell meanwhile. */
  reason: string;
  message: string;
  at: number;
}

const NAME = 'zhurnal-outbox';
const VERSION = 1;

export type Stores = 'operations' | 'batches' | 'refused';

/** Opens the database; a browser that forbids it (a private window) makes this fail. */
export function openStore(factory: IDBFactory = indexedDB): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore('operations', { keyPath: 'seq', autoIncrement: true });
      database.createObjectStore('batches', { keyPath: 'key' });
      database.createObjectStore('refused', { keyPath: 'seq' });
    };
    request.onsuccess = () => {
      // Another tab wants to delete or upgrade: do not stand in its way.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('the queue cannot be opened'));
  });
}

/** Runs one transaction; resolves when it is durable. */
export function transact<T>(
  database: IDBDatabase,
  stores: Stores[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: 'strict' });
    let result: T;
    transaction.oncomplete = () => resolve(result);
    transaction.onerror = () => reject(transaction.error ?? new Error('the queue failed'));
    transaction.onabort = () => reject(transaction.error ?? new Error('the queue refused'));
    work(transaction).then(
      (value) => (result = value),
      (error: unknown) => {
        try {
          transaction.abort();
        } catch {
          // Ended already.
        }
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the queue failed'));
  });
}

export async function all<T>(transaction: IDBTransaction, store: Stores): Promise<T[]> {
  return (await ask(transaction.objectStore(store).getAll())) as T[];
}
