import type { Me, Role } from '../api/types';
import { mayOpen, type Route } from './pattern';

/** A guardian or a pupil: no employee. */
export const FAMILY: readonly Role[] = ['ROLE_GUARDIAN', 'ROLE_PUPIL'];
const SCHOOL: Role[] = ['ROLE_TEACHER', 'ROLE_DEPUTY', 'ROLE_DIRECTOR'];

/** Screens that everybody loads: of nobody in particular and of families. */
export const common: readonly Route[] = [
  { pattern: '/login', load: () => import('../screens/Login.svelte'), roles: 'anonymous', words: ['start'] },
  { pattern: '/register', load: () => import('../screens/Register.svelte'), roles: 'anonymous', words: ['start'] },
  { pattern: '/reset', load: () => import('../screens/Reset.svelte'), roles: 'anonymous', words: ['start'] },
  { pattern: '/', load: () => import('../screens/Home.svelte'), roles: 'everyone', words: ['start'] },
  { pattern: '/profile', load: () => import('../screens/Profile.svelte'), roles: 'everyone', words: ['start'] },
  { pattern: '/profile/security', load: () => import('../screens/Security.svelte'), roles: 'everyone', words: ['safety'] },

  { pattern: '/diary', load: () => import('../screens/Diary.svelte'), roles: FAMILY, words: ['family'], menu: 'diary' },
  {
    pattern: '/diary/:pupil',
    load: () => import('../screens/Diary.svelte'),
    roles: [...FAMILY, ...SCHOOL],
    words: ['family'],
  },
  { pattern: '/marks', load: () => import('../screens/Marks.svelte'), roles: FAMILY, words: ['family'], menu: 'marks' },
  {
    pattern: '/marks/:pupil',
    load: () => import('../screens/Marks.svelte'),
    roles: [...FAMILY, ...SCHOOL],
    words: ['family'],
  },
];

/** More sections do not fit the bar without crowding it. */
const MENU_SIZE = 6;

type Who = Pick<Me, 'role' | 'schoolId'>;

/** Sections of the bar for a role. */
export function menuOf(routes: readonly Route[], who: Who): Route[] {
  return routes.filter((route) => route.menu && mayOpen(route, who.role) && fits(route, who)).slice(0, MENU_SIZE);
}

/** An administrator of the region has schools and makes new ones, one of a school has its people. */
function fits(route: Route, who: Who): boolean {
  if (who.role !== 'ROLE_ADMINISTRATOR') return true;
  const ofRegion = ['import', 'schools', 'rollouts', 'monitorings', 'municipalities'].includes(route.menu ?? '');
  return who.schoolId ? !ofRegion : ofRegion;
}

/** What to do now: the first screen of a role. */
export function firstScreen(who: Who): string {
  switch (who.role) {
    case 'ROLE_TEACHER':
      return '/today';
    case 'ROLE_DEPUTY':
    case 'ROLE_DIRECTOR':
      return '/board';
    case 'ROLE_ADMINISTRATOR':
      return who.schoolId ? '/people' : '/import';
    case 'ROLE_SECRETARY':
      return '/classes';
    case 'ROLE_GUARDIAN':
    case 'ROLE_PUPIL':
      return '/diary';
    case 'ROLE_MINISTRY_OFFICER':
    case 'ROLE_MUNICIPAL_OFFICER':
      return '/schools';
    default:
      return '/';
  }
}
