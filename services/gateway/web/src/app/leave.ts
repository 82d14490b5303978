import * as api from '../api/session';
import type { AvailableRole, Me } from '../api/types';
import { router } from './router.svelte';
import { firstScreen } from './routes';
import { session } from './session.svelte';

/** After log in: where the person wanted to go, or the first screen of the role. */
export function enter(me: Me): void {
  session.opened(me);
  const next = router.search.get('next');
  router.go(next?.startsWith('/') && !next.startsWith('//') ? next : firstScreen(me), { replace: true });
}

export async function changeRole(to: AvailableRole): Promise<void> {
  const me = await api.switchRole(to);
  session.opened(me);
  router.go(firstScreen(me));
  await router.again();
}

/** Ends the session; the server clears what the browser keeps. A full load forgets what is in memory. */
export async function leave(): Promise<void> {
  await api.logOut();
  session.closed();
  location.assign('/login');
}
