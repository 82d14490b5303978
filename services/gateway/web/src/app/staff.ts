import type { Role } from '../api/types';
import type { Sections } from '../i18n/index.svelte';
import type { IconName } from '../ui/icons';
import type { Route } from './pattern';
import { FAMILY } from './routes';

const TEACHING: Role[] = ['ROLE_TEACHER'];
const CONTROL: Role[] = ['ROLE_DEPUTY', 'ROLE_DIRECTOR'];
const OFFICE: Role[] = ['ROLE_ADMINISTRATOR', 'ROLE_SECRETARY'];
const ABOVE: Role[] = ['ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER', 'ROLE_ADMINISTRATOR'];
const PLANNING: Role[] = [...TEACHING, ...CONTROL, 'ROLE_ADMINISTRATOR'];
const BOOK: Role[] = [...OFFICE, ...CONTROL];
const SHEETS: Role[] = [...CONTROL, 'ROLE_ADMINISTRATOR'];
const REGION: Role[] = ['ROLE_MINISTRY_OFFICER', 'ROLE_ADMINISTRATOR'];
const authority = () => import('../screens/Authority.svelte');
const childEvents = () => import('../screens/ChildEvents.svelte');
const lessonPlans = () => import('../screens/LessonPlans.svelte');

/** Screens of the staff, and those that a family opens rarely: it loads this table for them alone. */
export const staff: readonly Route[] = [
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
  { pattern: '/events', load: () => import('../screens/Events.svelte'), roles: [...TEACHING, ...BOOK], words: ['events'] },
  { pattern: '/my-class', load: () => import('../screens/MyClass.svelte'), roles: TEACHING, words: ['office'], menu: 'myClass' },
  { pattern: '/people', load: () => import('../screens/People.svelte'), roles: OFFICE, words: ['office'], menu: 'people' },
  { pattern: '/classes', load: () => import('../screens/Classes.svelte'), roles: [...OFFICE, ...CONTROL], words: ['office'], menu: 'classes' },
  { pattern: '/classes/:class', load: () => import('../screens/ClassScreen.svelte'), roles: [...OFFICE, ...CONTROL], words: ['office'] },
  { pattern: '/groups', load: () => import('../screens/Groups.svelte'), roles: BOOK, words: ['groups'] },
  { pattern: '/groups/:group', load: () => import('../screens/GroupScreen.svelte'), roles: BOOK, words: ['groups'] },
  {
    pattern: '/reports',
    load: () => import('../screens/Reports.svelte'),
    roles: [...TEACHING, ...CONTROL],
    words: ['office'],
    menu: 'reports',
  },
  { pattern: '/registries', load: () => import('../screens/Registries.svelte'), roles: [...TEACHING, ...CONTROL, ...OFFICE], words: ['registries'] },
  { pattern: '/ledger', load: () => import('../screens/Ledger.svelte'), roles: [...CONTROL, 'ROLE_ADMINISTRATOR'], words: ['office'], menu: 'ledger' },
  { pattern: '/import', load: () => import('../screens/ImportUpload.svelte'), roles: ['ROLE_ADMINISTRATOR'], words: ['office'], menu: 'import' },
  { pattern: '/import/:import', load: () => import('../screens/ImportPreview.svelte'), roles: ['ROLE_ADMINISTRATOR'], words: ['office'] },
  { pattern: '/export', load: () => import('../screens/ExportSchool.svelte'), roles: ['ROLE_DIRECTOR', 'ROLE_ADMINISTRATOR'], words: ['office'] },
  { pattern: '/consents', load: () => import('../screens/Consents.svelte'), roles: BOOK, words: ['consents'] },
  { pattern: '/consents/:class', load: () => import('../screens/ClassConsents.svelte'), roles: [...TEACHING, ...BOOK], words: ['consents'] },
  { pattern: '/school', load: () => import('../screens/SchoolProfile.svelte'), roles: [...BOOK, 'ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER'], words: ['school'] },
  { pattern: '/journal-modes', load: () => import('../screens/JournalModes.svelte'), roles: BOOK, words: ['school'] },
  { pattern: '/supervision', load: () => import('../screens/Supervision.svelte'), roles: [...TEACHING, ...BOOK], words: ['school'] },
  { pattern: '/orders', load: () => import('../screens/Orders.svelte'), roles: BOOK, words: ['orders'], menu: 'orders' },
  { pattern: '/orders/:order', load: () => import('../screens/OrderScreen.svelte'), roles: BOOK, words: ['orders'] },
  { pattern: '/pupils/:pupil/card', load: () => import('../screens/PupilCard.svelte'), roles: [...TEACHING, ...BOOK], words: ['cards'] },
  { pattern: '/rollover', load: () => import('../screens/Rollover.svelte'), roles: BOOK, words: ['rollover'] },
  { pattern: '/lesson-plans', load: lessonPlans, roles: PLANNING, words: ['office'], menu: 'lessonPlans' },
  { pattern: '/lesson-plans/:group/:subject', load: lessonPlans, roles: PLANNING, words: ['office'] },
  { pattern: '/loads', load: () => import('../screens/Loads.svelte'), roles: SHEETS, words: ['loads'] },
  { pattern: '/school-year', load: () => import('../screens/SchoolYear.svelte'), roles: SHEETS, words: ['loads', 'year'] },
  { pattern: '/timetable', load: () => import('../screens/Timetable.svelte'), roles: PLANNING, words: ['timetable'] },
  { pattern: '/child-events', load: childEvents, roles: FAMILY, words: ['events'] },
  { pattern: '/child-events/:pupil', load: childEvents, roles: FAMILY, words: ['events'] },
  { pattern: '/profile/acts', load: () => import('../screens/FamilyActs.svelte'), roles: FAMILY, words: ['registries'] },
  { pattern: '/profile/consents', load: () => import('../screens/FamilyConsents.svelte'), roles: FAMILY, words: ['consents'] },
  { pattern: '/profile/calendars', load: () => import('../screens/Calendars.svelte'), roles: [...FAMILY, ...TEACHING, ...BOOK], words: ['calendars'] },
  { pattern: '/looks', load: () => import('../screens/Looks.svelte'), roles: [...FAMILY, 'ROLE_DIRECTOR', 'ROLE_ADMINISTRATOR'], words: ['safety'] },
  { pattern: '/service-clients', load: () => import('../screens/ServiceClients.svelte'), roles: [...REGION, 'ROLE_OPERATOR'], words: ['office'] },
  { pattern: '/schools', load: () => import('../screens/Schools.svelte'), roles: ABOVE, words: ['start', 'municipalities'], menu: 'schools' },
  {
    pattern: '/rollouts',
    load: () => import('../screens/Rollouts.svelte'),
    roles: [...ABOVE, ...CONTROL],
    words: ['registries'],
    menu: 'rollouts',
  },
  { pattern: '/municipalities', load: () => import('../screens/Municipalities.svelte'), roles: REGION, words: ['municipalities'], menu: 'municipalities' },
  { pattern: '/municipalities/:municipality', load: authority, roles: REGION, words: ['municipalities', 'registries'] },
  { pattern: '/municipality', load: authority, roles: ['ROLE_MUNICIPAL_OFFICER'], words: ['municipalities', 'registries'], menu: 'municipality' },
  { pattern: '/ministry', load: () => import('../screens/Ministry.svelte'), roles: REGION, words: ['municipalities', 'registries'] },
  { pattern: '/ministry-acts', load: () => import('../screens/MinistryActs.svelte'), roles: [...TEACHING, ...CONTROL, ...OFFICE, 'ROLE_MUNICIPAL_OFFICER'], words: ['registries'] },
  { pattern: '/control-sheets', load: () => import('../screens/ControlSheets.svelte'), roles: SHEETS, words: ['sheets'] },
  { pattern: '/control-sheets/:monitoring', load: () => import('../screens/ControlSheet.svelte'), roles: SHEETS, words: ['sheets'] },
  { pattern: '/monitorings', load: () => import('../screens/Monitorings.svelte'), roles: ABOVE, words: ['sheets'], menu: 'monitorings' },
  { pattern: '/monitorings/:monitoring', load: () => import('../screens/Monitoring.svelte'), roles: ABOVE, words: ['sheets'] },
  { pattern: '/monitorings/:monitoring/:school', load: () => import('../screens/SchoolSheet.svelte'), roles: ABOVE, words: ['sheets'] },
];

/** A way beside the bar: in the menu of the person. */
export interface Beside {
  href: string;
  icon: IconName;
  word: keyof Sections['staff']['nav'];
  /** Whom it is for; everybody of the school without. */
  roles?: readonly Role[];
}

/** Ways of a person of a school that do not fit the bar. */
export const beside: readonly Beside[] = [
  { href: '/orders', icon: 'book', word: 'orders', roles: CONTROL },
  { href: '/events', icon: 'today', word: 'events' },
  { href: '/registries', icon: 'list', word: 'registries' },
  { href: '/export', icon: 'upload', word: 'export', roles: ['ROLE_DIRECTOR', 'ROLE_ADMINISTRATOR'] },
];
