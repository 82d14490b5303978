import type { Role } from '../api/types';
import type { Section } from '../i18n/index.svelte';

/** One screen: its address, who may open it, which words it needs. */
export interface Route {
  /** `/journals/:journal`; a name after a colon takes one segment. */
  pattern: string;
  load: () => Promise<{ default: unknown }>;
  /** Roles that may open it; `everyone` = any session, `anonymous` = without one too. */
  roles: readonly Role[] | 'everyone' | 'anonymous';
  words: readonly Section[];
  /** Key of the menu entry, when the screen has one. */
  menu?: string;
}

export interface Match<R extends Route = Route> {
  route: R;
  params: Record<string, string>;
}

export function match<R extends Route>(routes: readonly R[], path: string): Match<R> | null {
  const segments = split(path);
  for (const route of routes) {
    const params = matchOne(split(route.pattern), segments);
    if (params) return { route, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function matchOne(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(segment);
      } catch {
        return null;
      }
    } else if (part !== segment) {
      return null;
    }
  }
  return params;
}

/** Whether somebody in this role (`null` = nobody logged in) may open the screen. */
export function mayOpen(route: Pick<Route, 'roles'>, role: Role | null): boolean {
  if (route.roles === 'anonymous') return true;
  if (role === null) return false;
  return route.roles === 'everyone' || route.roles.includes(role);
}
