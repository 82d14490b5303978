import { asProblem, type Problem } from '../api/problem';

/** A value that comes from the server: what is there, whether more is on its way, what went wrong. */
export class Load<T> {
  value = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #stop: AbortController | null = null;

  /** Reads anew; an earlier reading that is still under way is dropped. */
  async run(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.busy = true;
    try {
      const value = await read(stop.signal);
      if (stop.signal.aborted) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (!stop.signal.aborted) this.problem = asProblem(error);
    } finally {
      if (this.#stop === stop) this.busy = false;
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
  }
}

/** Reads every page of a list; lists of a school are short enough to be shown whole. */
export async function allPages<T>(page: (token: string) => Promise<{ items: T[]; next: string }>): Promise<T[]> {
  const items: T[] = [];
  let token = '';
  do {
    const answer = await page(token);
    items.push(...answer.items);
    token = answer.next;
  } while (token);
  return items;
}
