import type { Me, Role } from '../api/types';
import { loadWords, type Sections, words } from '../i18n/index.svelte';
import { match, type Route } from './pattern';
import { common, FAMILY } from './routes';
import type { Beside } from './staff';

/** All screens that are known yet. The menu is made of the same table. */
class Screens {
  routes = $state.raw<readonly Route[]>(common);
  #beside: readonly Beside[] = [];

  /** Titles of the sections of the staff, once their table is known. */
  get nav(): Partial<Sections['staff']['nav']> {
    return this.routes === common ? {} : words('staff').nav;
  }

  /** What a person of a school finds in the menu of the person. */
  beside(me: Me): readonly Beside[] {
    return this.routes === common || !me.schoolId ? [] : this.#beside.filter((one) => one.roles?.includes(me.role) ?? true);
  }

  /** The table for a role and an address; that of the staff comes when it is needed. */
  async of(role: Role | null, path: string): Promise<readonly Route[]> {
    const small = match(common, path) !== null && (role === null || FAMILY.includes(role));
    if (!small && this.routes === common) {
      const [{ beside, staff }] = await Promise.all([import('./staff'), loadWords('staff')]);
      this.#beside = beside;
      this.routes = [...staff, ...common];
    }
    return this.routes;
  }
}

export const screens = new Screens();
