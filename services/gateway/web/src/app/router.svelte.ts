import type { Component } from 'svelte';
import { loadWords } from '../i18n/index.svelte';
import { match, mayOpen, type Route } from './pattern';
import { screens } from './screens.svelte';
import { session } from './session.svelte';

/** What is shown now. */
export interface Shown {
  route: Route | null;
  params: Record<string, string>;
  component: Component<Record<string, string>> | null;
  /** Why nothing is shown: no such page, not for this role, or the chunk did not come. */
  failure: 'missing' | 'denied' | 'chunk' | null;
}

const SECURITY = '/profile/security';

type Guard = () => boolean;

class Router {
  path = $state('/');
  search = $state.raw(new URLSearchParams());
  shown = $state.raw<Shown>({ route: null, params: {}, component: null, failure: null });
  /** A chunk is on its way; the old screen stays until it is here. */
  loading = $state(false);

  #guards = new Set<Guard>();
  #turn = 0;

  start(): void {
    window.addEventListener('popstate', () => {
      if (!this.#mayLeave()) {
        history.pushState(null, '', this.address());
        return;
      }
      this.#read();
      void this.#show();
    });
    document.addEventListener('click', (event) => {
      const href = ownLink(event);
      if (href === null) return;
      event.preventDefault();
      this.go(href);
    });
    this.#read();
  }

  address(): string {
    const tail = this.search.toString();
    return this.path + (tail ? `?${tail}` : '');
  }

  /** Opens an address of the application. */
  go(href: string, options: { replace?: boolean } = {}): void {
    const target = new URL(href, location.href);
    const samePage = target.pathname === this.path;
    if (!samePage && !this.#mayLeave()) return;
    if (options.replace) history.replaceState(null, '', target);
    else if (target.href !== location.href) history.pushState(null, '', target);
    this.#read();
    if (!samePage || this.shown.failure) void this.#show();
  }

  /** State of a screen lives in the address, so that a link can be sent. */
  query(change: Record<string, string | null>, options: { replace?: boolean } = { replace: true }): void {
    const next = new URLSearchParams(this.search);
    for (const [name, value] of Object.entries(change)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const tail = next.toString();
    this.go(this.path + (tail ? `?${tail}` : ''), options);
  }

  /** Asks before the screen is left; returns how to stop asking. */
  guard(mayLeave: Guard): () => void {
    this.#guards.add(mayLeave);
    return () => this.#guards.delete(mayLeave);
  }

  /** Shows the present address anew, e.g. after log in. */
  again(): Promise<void> {
    return this.#show();
  }

  #mayLeave(): boolean {
    return [...this.#guards].every((guard) => guard());
  }

  #read(): void {
    this.path = location.pathname;
    this.search = new URLSearchParams(location.search);
  }

  async #show(): Promise<void> {
    const turn = ++this.#turn;
    // Everything else is closed until the second factor is set up.
    if (session.me?.secondFactorMissing && this.path !== SECURITY) return this.go(SECURITY, { replace: true });
    const role = session.me?.role ?? null;
    let found;
    try {
      found = match(await screens.of(role, this.path), this.path);
    } catch {
      if (turn === this.#turn) this.shown = { route: null, params: {}, component: null, failure: 'chunk' };
      return;
    }
    if (turn !== this.#turn) return;
    if (!found) {
      this.shown = { route: null, params: {}, component: null, failure: 'missing' };
      return;
    }
    if (!mayOpen(found.route, role)) {
      if (role === null) {
        const next = this.address();
        this.go(next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`, { replace: true });
      } else {
        this.shown = { route: found.route, params: {}, component: null, failure: 'denied' };
      }
      return;
    }
    this.loading = true;
    try {
      const [module] = await Promise.all([found.route.load(), ...found.route.words.map(loadWords)]);
      if (turn !== this.#turn) return;
      const component = module.default as Component<Record<string, string>>;
      const moved = this.shown.route !== found.route;
      this.shown = { route: found.route, params: found.params, component, failure: null };
      if (moved) window.scrollTo(0, 0);
    } catch {
      if (turn === this.#turn) this.shown = { route: found.route, params: {}, component: null, failure: 'chunk' };
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}

/** Address of a plain click on a link of ours; `null` for everything that the browser must do itself. */
function ownLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download')) return null;
  const href = link.getAttribute('href');
  if (!href || !href.startsWith('/') || href.startsWith('/v1/') || href.startsWith('/docs') || href === '/d') return null;
  return href;
}

export const router = new Router();
