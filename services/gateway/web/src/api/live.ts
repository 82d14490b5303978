/**
 * Live changes: one event stream per browser, shared by its tabs.
 *
 * The tab that holds the lock keeps the stream for all and passes events on.
 * An event only names what changed; screens read it anew with their entity tag.
 */

export interface Change {
  topic: string;
  type: string;
  resource: string;
  revision: string;
}

/** `opened`: the stream started anew, something may have been missed. */
export type Heard = { kind: 'changed'; change: Change } | { kind: 'opened' };
type Listener = (heard: Heard) => void;

type Message =
  | { kind: 'want'; tab: string; topics: string[] }
  | { kind: 'bye'; tab: string }
  | { kind: 'who' }
  | { kind: 'change'; change: Change }
  | { kind: 'opened'; topics: string[] };

const REOPEN_MS = 3_000;
const LONGEST_MS = 60_000;

export class Live {
  #tab = Math.random().toString(36).slice(2);
  #listeners = new Map<string, Set<Listener>>();
  #any = new Set<() => void>();
  #peers = new Map<string, string[]>();
  #channel: BroadcastChannel | null = null;
  #source: EventSource | null = null;
  #leading = false;
  #release: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open = '';
  #failures = 0;
  /** Up to where this page has heard; the next stream goes on from there. */
  #position = '';

  /** Called when the stream learns that the session is over. */
  onSessionEnded: () => void = () => {};

  /** Begins for an account; another account in the same browser has its own stream. */
  start(account: string): void {
    this.stop();
    const name = `zhurnal-live-${account}`;
    if (typeof BroadcastChannel === 'function') {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = (event: MessageEvent<Message>) => this.#hear(event.data);
    }
    if (navigator.locks && this.#channel) {
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      this.#release = release;
      void navigator.locks.request(name, () => {
        if (this.#release !== release) return;
        this.#lead();
        return held;
      });
    } else {
      this.#lead();
    }
  }

  stop(): void {
    this.#send({ kind: 'bye', tab: this.#tab });
    this.#release?.();
    this.#release = null;
    this.#leading = false;
    this.#peers.clear();
    this.#close();
    this.#channel?.close();
    this.#channel = null;
  }

  /** Hears about a topic until the returned function is called. */
  follow(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(topic, listeners);
    this.#changed();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(topic);
      this.#changed();
    };
  }

  /** Hears that anything at all has changed. */
  onAny(listener: () => void): () => void {
    this.#any.add(listener);
    return () => this.#any.delete(listener);
  }

  /** An answer says up to where it holds every change; a stream that follows begins there. */
  notePosition(position: string | null): void {
    const followed = this.#listeners.size > 0 || this.#peers.size > 0;
    if (position && !followed) this.#position = position;
  }

  leaveTab(): void {
    this.#send({ kind: 'bye', tab: this.#tab });
  }

  #changed(): void {
    if (this.#leading) this.#reopenIn(0);
    else this.#send({ kind: 'want', tab: this.#tab, topics: [...this.#listeners.keys()] });
  }

  #lead(): void {
    this.#leading = true;
    this.#send({ kind: 'who' });
    this.#reopenIn(0);
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'who':
        this.#send({ kind: 'want', tab: this.#tab, topics: [...this.#listeners.keys()] });
        break;
      case 'want':
        if (!this.#leading) break;
        this.#peers.set(message.tab, message.topics);
        this.#reopenIn(0);
        break;
      case 'bye':
        if (this.#peers.delete(message.tab)) this.#reopenIn(0);
        break;
      case 'change':
        this.#tell(message.change);
        break;
      case 'opened':
        this.#opened(message.topics);
        break;
    }
  }

  #reopenIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reopen(), ms);
  }

  #reopen(): void {
    if (!this.#leading) return;
    const topics = [...new Set([...this.#listeners.keys(), ...[...this.#peers.values()].flat()])].sort();
    const wanted = topics.join(',');
    if (wanted === this.#open && this.#source && this.#source.readyState !== EventSource.CLOSED) return;
    this.#close();
    this.#open = wanted;
    if (topics.length === 0) return;
    const after = this.#position;
    const query = new URLSearchParams(after ? { topics: wanted, after } : { topics: wanted });
    const source = new EventSource(`/v1/events?${query}`);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      // Otherwise what was missed comes, or `reset`.
      if (after) return;
      this.#opened(topics);
      this.#send({ kind: 'opened', topics });
    };
    source.onmessage = (event: MessageEvent<string>) => {
      const change = parse(event.data);
      if (event.lastEventId) this.#position = event.lastEventId;
      if (!change) return;
      this.#tell(change);
      this.#send({ kind: 'change', change });
    };
    source.addEventListener('reset', () => {
      this.#opened(topics);
      this.#send({ kind: 'opened', topics });
    });
    source.addEventListener('sessionEnded', () => this.onSessionEnded());
    source.onerror = () => {
      // While CONNECTING the browser repeats by itself, with the last id it saw.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#failures += 1;
      this.#reopenIn(Math.min(REOPEN_MS * 2 ** this.#failures, LONGEST_MS) * (0.75 + Math.random() / 2));
    };
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#open = '';
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners.get(change.topic) ?? []) listener({ kind: 'changed', change });
    for (const listener of this.#any) listener();
  }

  #opened(topics: string[]): void {
    for (const topic of topics) {
      for (const listener of this.#listeners.get(topic) ?? []) listener({ kind: 'opened' });
    }
  }

  #send(message: Message): void {
    this.#channel?.postMessage(message);
  }
}

function parse(data: string): Change | null {
  try {
    const from = JSON.parse(data) as Partial<Change>;
    if (typeof from.topic !== 'string') return null;
    return { topic: from.topic, type: from.type ?? '', resource: from.resource ?? '', revision: from.revision ?? '' };
  } catch {
    return null;
  }
}

export const live = new Live();

if (typeof window !== 'undefined') window.addEventListener('pagehide', () => live.leaveTab());
