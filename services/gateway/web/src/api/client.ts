import { noteServerDate } from '../app/clock';
import { forgetTokens, MIN_VERSIONS, minVersions, noteToken } from './freshness';
import { live } from './live';
import { asProblem, Problem, problemOf } from './problem';
import type { Shape } from './shape';

/**
 * The one place that talks to the server: CSRF header, idempotency keys,
 * problems as typed errors, short retries, and who hears that a session ended.
 */

export type Query = Record<string, string | number | boolean | undefined>;

export interface Options {
  query?: Query | undefined;
  body?: unknown;
  /** Sent as `Idempotency-Key`; made here when a POST has none. */
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  ifNoneMatch?: string | undefined;
  /** Raw body with its own type, e.g. a workbook. */
  raw?: { type: string; data: BodyInit } | undefined;
}

export interface Tagged<T> {
  value: T;
  etag: string;
}

const RETRIES = 2;
const LONGEST_PATIENCE_MS = 5_000;

let onSessionEnded: () => void = () => {};

/** The last proof that the person was asked for: `true` when it was given. */
let asked: Promise<boolean> | undefined;

/** Called when the server no longer knows the session (401). */
export function whenSessionEnds(listener: () => void): void {
  onSessionEnded = listener;
}

/** Random UUID (version 4) for an idempotency key; works without a secure context too. */
export function newKey(): string {
  return '00000000-0000-4000-8000-000000000000'.replace(/[08]/g, (digit) => {
    const random = crypto.getRandomValues(new Uint8Array(1))[0]!;
    return (digit === '8' ? 8 | (random & 3) : random & 15).toString(16);
  });
}

/** Path with each value encoded: url`/v1/schools/${id}`. */
export function url(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((path, part, index) => path + part + (index < values.length ? encodeURIComponent(values[index]!) : ''), '');
}

export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '' && value !== false) search.set(name, String(value));
  }
  const tail = search.toString();
  return tail ? `${path}?${tail}` : path;
}

export async function get<T>(shape: Shape<T>, path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await send('GET', path, { query, signal });
  return shape(await response.json());
}

/** Reads with `If-None-Match`; `null` when nothing has changed. */
export async function getTagged<T>(
  shape: Shape<T>,
  path: string,
  query: Query,
  etag: string | undefined,
  signal?: AbortSignal,
): Promise<Tagged<T> | null> {
  const response = await send('GET', path, { query, signal, ifNoneMatch: etag });
  if (response.status === 304) return null;
  return { value: shape(await response.json()), etag: response.headers.get('etag') ?? '' };
}

export async function post<T>(shape: Shape<T>, path: string, body: unknown, options: Options = {}): Promise<T> {
  return change('POST', shape, path, { ...options, body });
}

/** Any change; a DELETE has no body. */
export async function change<T>(method: 'POST' | 'PUT' | 'DELETE', shape: Shape<T>, path: string, options: Options): Promise<T> {
  const response = await send(method, path, { ...options, key: options.key ?? newKey() });
  if (response.status === 204) return shape(undefined);
  return shape(await written(response));
}

/** Sends stored bytes as they are, once; the queue decides about repeating. */
export async function postBytes<T>(shape: Shape<T>, path: string, body: string, key: string): Promise<T> {
  const response = await attempt('POST', path, { raw: { type: 'application/json', data: body }, key });
  return shape(await written(response));
}

async function written(response: Response): Promise<unknown> {
  const answer: unknown = await response.json();
  noteToken(answer);
  return answer;
}

/** Sends; where the server demands a proof of who is here, asks for it and repeats the same request. */
export async function send(method: string, path: string, options: Options): Promise<Response> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt(method, path, options);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      const problem = asProblem(error);
      if (problem.code === 'STEP_UP_REQUIRED' && tried < RETRIES) {
        // Only now is its dialog loaded.
        asked = import('../safety/prove').then(({ prove }) => prove()).catch(() => false);
        if (await asked) continue;
      }
      const again = problem.offline || problem.status === 503;
      // The last try takes the copy as it is.
      if (tried === RETRIES - 1) forgetTokens();
      const online = globalThis.navigator?.onLine !== false;
      if (!again || !online || tried >= RETRIES || problem.retryAfterMs > LONGEST_PATIENCE_MS) throw problem;
      await pause(problem.retryAfterMs || 250 * 2 ** tried * (0.75 + Math.random() / 2), options.signal);
    }
  }
}

async function attempt(method: string, path: string, options: Options, again = false): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', [MIN_VERSIONS]: minVersions() };
  let body: BodyInit | null = null;
  if (method !== 'GET') {
    headers['x-zhurnal-csrf'] = '1';
    if (options.key) headers['idempotency-key'] = options.key;
    if (options.raw) {
      headers['content-type'] = options.raw.type;
      body = options.raw.data;
    } else {
      // Of a DELETE too, which has no body: a form of another site cannot send this type.
      headers['content-type'] = 'application/json';
      if (method !== 'DELETE') body = JSON.stringify(options.body ?? {});
    }
  }
  if (options.ifNoneMatch) headers['if-none-match'] = options.ifNoneMatch;

  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal ?? null,
      credentials: 'same-origin',
      // ETags are kept by the caller: the browser's own cache would answer 200 for a 304.
      cache: 'no-store',
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw asProblem(error);
  }
  noteServerDate(response.headers.get('date'));
  live.notePosition(response.headers.get('zhurnal-live-position'));
  if (response.ok || response.status === 304) return response;
  const problem = await problemOf(response);
  // A wrong password at log-in is 401 as well, but ends nothing.
  if (problem.status === 401 && !path.startsWith('/session/')) {
    // It may have left with the secret of before a proof: the new one is in the cookie by now.
    if (!again && (await asked)) return attempt(method, path, options, true);
    onSessionEnded();
  }
  throw problem;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Problem(0, 'ABORTED', ''));
    });
  });
}
