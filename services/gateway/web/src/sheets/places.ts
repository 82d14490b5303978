import type { Role, SheetKind } from '../api/types';
import { match, mayOpen, type Route } from '../app/pattern';
import { isDocuments } from './lines';

/** Screens that fill a line, by the number of the form; a part of a line has its own or that of the line. */
const DATABASES: Record<string, string> = {
  '1': '/registries?view=equipment',
  '2': '/classes',
  '2.1': '/people',
  '2.2': '/people',
  '3': '/import',
  '4': '/import',
  '5': '/classes',
  '6': '/classes',
  '7': '/import',
  '8': '/orders',
  '9': '/timetable',
  '10': '/timetable',
  '11': '/timetable',
  '13': '/import',
  '14': '/classes',
  '14.1': '/people',
  '15': '/registries?view=equipment',
  '16': '/lesson-plans?state=missing',
  '17': '/registries?view=trainings',
  '18': '/registries?view=trainings',
  '19': '/registries?view=trainings',
};
const DOCUMENTS: Record<string, string> = {
  '2': '/registries?view=acts',
  '3': '/registries?view=measures',
  '4': '/registries?view=acts',
  '4.1': '/registries?view=persons',
  '4.2': '/registries?view=persons',
  '5': '/registries?view=measures',
};

export const PLACES: readonly string[] = [...new Set([...Object.values(DATABASES), ...Object.values(DOCUMENTS)])];

export interface Place {
  href: string;
  /** Whether somebody in that role may open it. */
  open: boolean;
}

/** Where a line is filled in; `null` when no screen does it. */
export function placeOf(kind: SheetKind, number: string, routes: readonly Route[], role: Role): Place | null {
  const places = isDocuments(kind) ? DOCUMENTS : DATABASES;
  const href = places[number] ?? places[number.split('.')[0]!];
  const route = href && match(routes, href.split('?')[0]!)?.route;
  return route ? { href, open: mayOpen(route, role) } : null;
}
