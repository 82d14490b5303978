import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/api/types';
import { match, mayOpen } from '../../src/app/pattern';
import { common, firstScreen, menuOf } from '../../src/app/routes';
import { screens as table } from '../../src/app/screens.svelte';
import { staff } from '../../src/app/staff';

const ROLES: Role[] = [
  'ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER', 'ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_ADMINISTRATOR', 'ROLE_SECRETARY',
  'ROLE_ENGINEER', 'ROLE_TEACHER', 'ROLE_GUARDIAN', 'ROLE_PUPIL', 'ROLE_OPERATOR',
];
const IN_SCHOOL = 'sch_1';
const routes = [...common, ...staff];

function screens(role: Role | null): string[] {
  return routes.filter((route) => mayOpen(route, role)).map((route) => route.pattern);
}

describe('screens of a role', () => {
  it('nobody logged in sees log in, registration and a new password only', () => {
    expect(screens(null)).toEqual(['/login', '/register', '/reset']);
  });

  it.each(['ROLE_GUARDIAN', 'ROLE_PUPIL'] as Role[])('%s sees the diary and nothing of the school', (role) => {
    expect(screens(role)).toEqual(['/login', '/register', '/reset', '/', '/profile', '/profile/security', '/diary', '/diary/:pupil', '/marks', '/marks/:pupil', '/child-events', '/child-events/:pupil', '/profile/acts', '/profile/consents', '/profile/calendars', '/looks']);
  });

  it('a teacher has no office screens', () => {
    expect(screens('ROLE_TEACHER')).toEqual([
      '/login', '/register', '/reset', '/', '/profile', '/profile/security', '/diary/:pupil', '/marks/:pupil', '/today', '/corrections', '/journals', '/journals/:journal', '/events', '/my-class', '/reports',
      '/registries', '/consents/:class', '/supervision', '/pupils/:pupil/card', '/lesson-plans', '/lesson-plans/:group/:subject', '/timetable', '/profile/calendars', '/ministry-acts',
    ]);
  });

  it('only control sees the board, only an administrator the import', () => {
    expect(ROLES.filter((role) => screens(role).includes('/board'))).toEqual(['ROLE_DIRECTOR', 'ROLE_DEPUTY']);
    expect(ROLES.filter((role) => screens(role).includes('/substitutions'))).toEqual(['ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/import'))).toEqual(['ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/export'))).toEqual(['ROLE_DIRECTOR', 'ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/control-sheets'))).toEqual(['ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/consents'))).toEqual(['ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_ADMINISTRATOR', 'ROLE_SECRETARY']);
    expect(ROLES.filter((role) => screens(role).includes('/groups'))).toEqual(['ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_ADMINISTRATOR', 'ROLE_SECRETARY']);
    expect(ROLES.filter((role) => screens(role).includes('/monitorings'))).toEqual(['ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER', 'ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/municipalities'))).toEqual(['ROLE_MINISTRY_OFFICER', 'ROLE_ADMINISTRATOR']);
    expect(ROLES.filter((role) => screens(role).includes('/municipality'))).toEqual(['ROLE_MUNICIPAL_OFFICER']);
  });

  it('a family does not load the table of the staff for its own screens', async () => {
    for (const path of ['/', '/login', '/diary', '/marks/per_1']) expect(await table.of('ROLE_GUARDIAN', path)).toBe(common);
    expect(await table.of(null, '/login')).toBe(common);
    // Nobody yet: the address says that a table is missing, the log-in leads back to it.
    expect(match(await table.of(null, '/board'), '/board')?.route.pattern).toBe('/board');
  });

  it('the access log is of families, the director and the administrator', () => {
    expect(ROLES.filter((role) => screens(role).includes('/looks'))).toEqual(['ROLE_DIRECTOR', 'ROLE_ADMINISTRATOR', 'ROLE_GUARDIAN', 'ROLE_PUPIL']);
  });

  it('an operator sees no marks and no names', () => {
    expect(screens('ROLE_OPERATOR')).toEqual(['/login', '/register', '/reset', '/', '/profile', '/profile/security', '/service-clients']);
  });

  it.each(ROLES)('%s may open its first screen and every entry of its menu', (role) => {
    const who = { role, schoolId: ['ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER', 'ROLE_GUARDIAN', 'ROLE_PUPIL', 'ROLE_OPERATOR'].includes(role) ? '' : IN_SCHOOL };
    const first = match(routes, firstScreen(who));
    expect(first && mayOpen(first.route, role)).toBe(true);
    const menu = menuOf(routes, who);
    expect(menu.length).toBeLessThanOrEqual(6);
    for (const route of menu) expect(mayOpen(route, role)).toBe(true);
  });

  it('an administrator of the region starts with schools, one of a school with its people', () => {
    expect(menuOf(routes, { role: 'ROLE_ADMINISTRATOR', schoolId: '' }).map((route) => route.menu)).toEqual(['import', 'schools', 'rollouts', 'municipalities', 'monitorings']);
    expect(menuOf(routes, { role: 'ROLE_ADMINISTRATOR', schoolId: IN_SCHOOL }).map((route) => route.menu)).toEqual(['substitutions', 'journals', 'people', 'classes', 'ledger', 'orders']);
  });
});

describe('addresses', () => {
  it('give their parts to the screen', () => {
    expect(match(routes, '/journals/jrn_1')?.params).toEqual({ journal: 'jrn_1' });
    expect(match(routes, '/diary/per_1/')?.route.pattern).toBe('/diary/:pupil');
    expect(match(routes, '/diary/%D0%B0')?.params).toEqual({ pupil: 'а' });
  });

  it('that nobody knows match nothing', () => {
    expect(match(routes, '/nothing/here')).toBeNull();
    expect(match(routes, '/journals/a/b')).toBeNull();
    expect(match(routes, '/diary/%E0%A4%A')).toBeNull();
  });

  it('are not written twice', () => {
    const patterns = routes.map((route) => route.pattern);
    expect(new Set(patterns).size).toBe(patterns.length);
  });
});
