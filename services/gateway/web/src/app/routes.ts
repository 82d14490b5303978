import type { Me, Role } from '../api/types';
import { mayOpen, type Route } from './pattern';

const FAMILY: Role[] = ['ROLE_GUARDIAN', 'ROLE_PUPIL'];
const TEACHING: Role[] = ['ROLE_TEACHER'];
const CONTROL: Role[] = ['ROLE_DEPUTY', 'ROLE_DIRECTOR'];
const OFFICE: Role[] = ['ROLE_ADMINISTRATOR', 'ROLE_SECRETARY'];
const ABOVE: Role[] = ['ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER', 'ROLE_ADMINISTRATOR'];

const PLANNING: Role[] = [...TEACHING, ...CONTROL, 'ROLE_ADMINISTRATOR'];
const lessonPlans = () => import('../screens/LessonPlans.svelte');

/** All screens. The menu is made of the same table; a test opens it for each role. */
export const routes: readonly Route[] = [
  { pattern: '/login', load: () => import('../screens/Login.svelte'), roles: 'anonymous', words: ['start'] },
  { pattern: '/register', load: () => import('../screens/Register.svelte'), roles: 'anonymous', words: ['start'] },
  { pattern: '/', load: () => import('../screens/Home.svelte'), roles: 'everyone', words: ['start'] },
  { pattern: '/profile', load: () => import('../screens/Profile.svelte'), roles: 'everyone', words: ['start'] },

  { pattern: '/today', load: () => import('../screens/TeacherToday.svelte'), roles: TEACHING, words: ['journal'], menu: 'today' },
  { pattern: '/board', load: () => import('../screens/Board.svelte'), roles: CONTROL, words: ['office'], menu: 'board' },
  {
    pattern: '/substitutions',
    load: () => import('../screens/Substitutions.svelte'),
    roles: [...CONTROL, 'ROLE_ADMINISTRATOR'],
    words: ['office'],
    menu: 'substitutions',
  },
  {
    pattern: '/corrections',
    load: () => import('../screens/Corrections.svelte'),
    roles: [...TEACHING, ...CONTROL],
    words: ['journal'],
    menu: 'corrections',
  },
  {
    pattern: '/journals',
    load: () => import('../screens/Journals.svelte'),
    roles: [...TEACHING, ...CONTROL, 'ROLE_ADMINISTRATOR'],
    words: ['journal'],
    menu: 'journals',
  },
  {
    pattern: '/journals/:journal',
    load: () => import('../screens/JournalScreen.svelte'),
    roles: [...TEACHING, ...CONTROL, 'ROLE_ADMINISTRATOR'],
    words: ['journal'],
  },
  { pattern: '/my-class', load: () => import('../screens/MyClass.svelte'), roles: TEACHING, words: ['office'], menu: 'myClass' },
  { pattern: '/people', load: () => import('../screens/People.svelte'), roles: OFFICE, words: ['office'], menu: 'people' },
  { pattern: '/classes', load: () => import('../screens/Classes.svelte'), roles: [...OFFICE, ...CONTROL], words: ['office'], menu: 'classes' },
  { pattern: '/classes/:class', load: () => import('../screens/ClassScreen.svelte'), roles: [...OFFICE, ...CONTROL], words: ['office'] },
  {
    pattern: '/reports',
    load: () => import('../screens/Reports.svelte'),
    roles: [...TEACHING, ...CONTROL],
    words: ['office'],
    menu: 'reports',
  },
  { pattern: '/ledger', load: () => import('../screens/Ledger.svelte'), roles: [...CONTROL, 'ROLE_ADMINISTRATOR'], words: ['office'], menu: 'ledger' },
  { pattern: '/import', load: () => import('../screens/ImportUpload.svelte'), roles: ['ROLE_ADMINISTRATOR'], words: ['office'], menu: 'import' },
  { pattern: '/import/:import', load: () => import('../screens/ImportPreview.svelte'), roles: ['ROLE_ADMINISTRATOR'], words: ['office'] },
  { pattern: '/lesson-plans', load: lessonPlans, roles: PLANNING, words: ['office'], menu: 'lessonPlans' },
  { pattern: '/lesson-plans/:group/:subject', load: lessonPlans, roles: PLANNING, words: ['office'] },
  { pattern: '/schools', load: () => import('../screens/Schools.svelte'), roles: ABOVE, words: ['start'], menu: 'schools' },

  { pattern: '/diary', load: () => import('../screens/Diary.svelte'), roles: FAMILY, words: ['family'], menu: 'diary' },
  {
    pattern: '/diary/:pupil',
    load: () => import('../screens/Diary.svelte'),
    roles: [...FAMILY, ...TEACHING, ...CONTROL],
    words: ['family'],
  },
  { pattern: '/marks', load: () => import('../screens/Marks.svelte'), roles: FAMILY, words: ['family'], menu: 'marks' },
  {
    pattern: '/marks/:pupil',
    load: () => import('../screens/Marks.svelte'),
    roles: [...FAMILY, ...TEACHING, ...CONTROL],
    words: ['family'],
  },
];

/** More sections do not fit the bar without crowding it. */
const MENU_SIZE = 6;

type Who = Pick<Me, 'role' | 'schoolId'>;

/** Sections of the bar for a role. */
export function menuOf(who: Who): Route[] {
  return routes.filter((route) => route.menu && mayOpen(route, who.role) && fits(route, who)).slice(0, MENU_SIZE);
}

/** An administrator of the region has schools, one of a school has its people. */
function fits(route: Route, who: Who): boolean {
  if (who.role !== 'ROLE_ADMINISTRATOR') return true;
  const ofRegion = ['import', 'schools'].includes(route.menu ?? '');
  if (who.schoolId) return route.menu !== 'schools';
  return ofRegion;
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
