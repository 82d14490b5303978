import type { Role } from '../api/types';
import { loadWords, type Sections, words } from '../i18n/index.svelte';
import { match, type Route } from './pattern';
import { common, FAMILY } from './routes';

/** All screens that are known yet. The menu is made of the same table. */
class Screens {
  routes = $state.raw<readonly Route[]>(common);

  /** Titles of the sections of the staff, once their table is known. */
  get nav(): Partial<Sections['staff']['nav']> {
    return this.routes === common ? {} : words('staff').nav;
  }

  /** The table for a role and an address; that of the staff comes when it is needed. */
  async of(role: Role | null, path: string): Promise<readonly Route[]> {
    const small = match(common, path) !== null && (role === null || FAMILY.includes(role));
    if (!small && this.routes === common) {
      const [{ staff }] = await Promise.all([import('./staff'), loadWords('staff')]);
      this.routes = [...staff, ...common];
    }
    return this.routes;
  }
}

export const screens = new Screens();
