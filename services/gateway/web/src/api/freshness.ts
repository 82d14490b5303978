/**
 * Reading own writes: a write answers how far its service's feed must be read to
 * hold the change; later requests say so, and a service whose copy is behind waits
 * a moment instead of answering with the state before.
 */

/** Producer → cursor, `e<epoch>.<position>`. */
const seen = new Map<string, string>();

/** Header of every request; empty until something was written. */
export const MIN_VERSIONS = 'zhurnal-min-versions';

/** Takes the token out of a write's answer, if it has one. */
export function noteToken(answer: any): void {
  for (const [producer, cursor] of Object.entries<string>(answer?.causalToken?.cursors ?? {})) {
    // Numbers in the texts compare as numbers.
    if (cursor.localeCompare(seen.get(producer) ?? '', 'en', { numeric: true }) > 0) seen.set(producer, cursor);
  }
}

/** What this page has written: `schedule=e1.42,grading=e1.7`. */
export const minVersions = (): string => [...seen].map((pair) => pair.join('=')).join();

/** A copy that stays behind is shown as it is: better an old state than none. */
export const forgetTokens = (): void => seen.clear();
