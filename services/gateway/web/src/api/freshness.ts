/**
 * Reading own writes: a write answers how far its service's feed must be read to
 * hold the change; later requests say so, and a service whose copy is behind waits
 * a moment instead of answering with the state before.
 */

interface Cursor {
  epoch: number;
  position: number;
}

const seen = new Map<string, Cursor>();

/** Header of every request; empty until something was written. */
export const MIN_VERSIONS = 'zhurnal-min-versions';

/** Takes the token out of a write's answer, if it has one. */
export function noteToken(answer: unknown): void {
  const token = (answer as { causalToken?: { cursors?: Record<string, string> } } | null)?.causalToken;
  for (const [producer, text] of Object.entries(token?.cursors ?? {})) {
    const cursor = parse(text);
    const known = seen.get(producer);
    if (cursor && (!known || later(cursor, known))) seen.set(producer, cursor);
  }
}

/** What this page has written: `schedule=e1.42,grading=e1.7`. */
export function minVersions(): string {
  return [...seen].map(([producer, { epoch, position }]) => `${producer}=e${epoch}.${position}`).join(',');
}

/** A copy that stays behind is shown as it is: better an old state than none. */
export function forgetTokens(): void {
  seen.clear();
}

function parse(text: string): Cursor | undefined {
  const match = /^e(\d+)\.(\d+)$/.exec(text);
  return match ? { epoch: Number(match[1]), position: Number(match[2]) } : undefined;
}

function later(one: Cursor, other: Cursor): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.position > other.position);
}
