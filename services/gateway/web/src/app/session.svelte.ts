import { whenSessionEnds } from '../api/client';
import { live } from '../api/live';
import { asProblem } from '../api/problem';
import * as api from '../api/session';
import type { Child, Me } from '../api/types';
import { FAMILY } from './routes';

/** Who is logged in. The cookie is the server's; here is only what it answers. */
class Session {
  me = $state.raw<Me | null>(null);
  /** The server said 401 in the middle of work: one dialog asks to log in again. */
  ended = $state(false);

  constructor() {
    const ended = () => {
      if (this.me) this.ended = true;
    };
    whenSessionEnds(ended);
    // Another tab may have proved who is here, or changed the role: the stream's secret is over, not the session.
    // The stream opens again by itself.
    live.onSessionEnded = () => void this.start().catch(() => false);
  }

  /** Reads who the cookie stands for; `false` when nobody. Network failures are thrown. */
  async start(): Promise<boolean> {
    try {
      this.opened(await api.readMe());
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401 || problem.status === 403) return false;
      throw problem;
    }
  }

  opened(me: Me): void {
    const same = this.me?.accountId === me.accountId && this.me.role === me.role && this.me.schoolId === me.schoolId;
    this.me = me;
    // Another role may follow other topics: the stream begins anew.
    if (!same || this.ended) live.start(me.accountId);
    this.ended = false;
  }

  closed(): void {
    live.stop();
    this.me = null;
    this.ended = false;
  }

  get children(): readonly Child[] {
    return this.me?.children ?? [];
  }

  get isFamily(): boolean {
    return this.me !== null && FAMILY.includes(this.me.role);
  }

  /** School that the session acts in; screens of a school are not shown without one. */
  get schoolId(): string {
    return this.me?.schoolId ?? '';
  }
}

export const session = new Session();
