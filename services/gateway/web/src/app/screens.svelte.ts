import type { Role } from '../api/types';
import { match, type Route } from './pattern';
import { common, FAMILY } from './routes';

/** All screens that are known yet. The menu is made of the same table. */
class Screens {
  routes = $state.raw<readonly Route[]>(common);

  /** The table for a role and an address; that of the staff comes when it is needed. */
  async of(role: Role | null, path: string): Promise<readonly Route[]> {
    const small = match(common, path) !== null && (role === null || FAMILY.includes(role));
    if (!small && this.routes === common) {
      const { staff } = await import('./staff');
      this.routes = [...staff, ...common];
    }
    return this.routes;
  }
}

export const screens = new Screens();
