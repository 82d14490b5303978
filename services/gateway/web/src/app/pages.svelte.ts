import { asProblem, type Problem } from '../api/problem';

/** A list that grows by pages. */
export class Pages<T> {
  items = $state.raw<readonly T[]>([]);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** More is there. */
  more = $state(false);
  started = $state(false);
  #token = '';
  #stop: AbortController | null = null;
  #read: ((token: string, signal: AbortSignal) => Promise<{ items: T[]; next: string }>) | null = null;

  /** Starts over with another reading. */
  start(read: (token: string, signal: AbortSignal) => Promise<{ items: T[]; next: string }>): void {
    this.stop();
    this.#read = read;
    this.#token = '';
    this.items = [];
    this.more = false;
    this.started = false;
    void this.next();
  }

  async next(): Promise<void> {
    if (!this.#read) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.busy = true;
    try {
      const page = await this.#read(this.#token, stop.signal);
      if (stop.signal.aborted) return;
      this.items = [...this.items, ...page.items];
      this.#token = page.next;
      this.more = page.next !== '';
      this.problem = null;
      this.started = true;
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
