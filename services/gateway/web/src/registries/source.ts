import type { Registry, RegistryRecord } from '../api/types';

/** Whose registries a book shows: of a school, of a municipality, of the ministry. */
export interface Source {
  /** Above schools nobody has a card: people are named. */
  above: boolean;
  /** The school; empty above schools. */
  school: string;
  /** The session may change records. */
  keeps: boolean;
  /** The session sees every registry. */
  office: boolean;
  list: (registry: Registry, onlyCurrent: boolean, token: string, signal: AbortSignal) => Promise<{ items: RegistryRecord[]; next: string }>;
  put: (recordId: string, entry: Record<string, unknown>, etag: string, key: string) => Promise<RegistryRecord>;
  remove: (recordId: string, etag: string, key: string) => Promise<void>;
  /** Adds a model list of measures; how many were missing. */
  addModel?: (key: string) => Promise<number>;
}
