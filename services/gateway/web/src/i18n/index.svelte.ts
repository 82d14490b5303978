import ruCore from './ru/core';
import type consents from './ru/consents';
import type calendars from './ru/calendars';
import type cards from './ru/cards';
import type events from './ru/events';
import type family from './ru/family';
import type groups from './ru/groups';
import type journal from './ru/journal';
import type loads from './ru/loads';
import type office from './ru/office';
import type municipalities from './ru/municipalities';
import type orders from './ru/orders';
import type registries from './ru/registries';
import type rollover from './ru/rollover';
import type safety from './ru/safety';
import type school from './ru/school';
import type sheets from './ru/sheets';
import type staff from './ru/staff';
import type start from './ru/start';
import type timetable from './ru/timetable';
import type year from './ru/year';

/**
 * Words of the interface: one typed dictionary per language and part of the
 * product, loaded with the screens that need it. What a language does not have
 * yet is shown in Russian.
 */
export interface Sections {
  core: typeof ruCore;
  consents: typeof consents;
  staff: typeof staff;
  start: typeof start;
  calendars: typeof calendars;
  cards: typeof cards;
  events: typeof events;
  family: typeof family;
  groups: typeof groups;
  journal: typeof journal;
  loads: typeof loads;
  office: typeof office;
  municipalities: typeof municipalities;
  orders: typeof orders;
  registries: typeof registries;
  rollover: typeof rollover;
  safety: typeof safety;
  timetable: typeof timetable;
  school: typeof school;
  sheets: typeof sheets;
  year: typeof year;
}
export type Section = keyof Sections;

export const LANGUAGES = ['ru', 'uk', 'crh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  ru: 'Русский',
  uk: 'Українська',
  crh: 'Къырымтатарджа',
  en: 'English',
};

export type Partly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { [K in keyof T]?: Partly<T[K]> }
      : T;

const files = import.meta.glob<{ default: object }>(['./ru/*.ts', '!./ru/core.ts']);

let language = $state<Language>('ru');
let sections = $state.raw<Partial<Sections>>({ core: ruCore });
/** Sections that have their own words in the present language. */
let own = $state.raw<ReadonlySet<string>>(new Set(['core']));

export function currentLanguage(): Language {
  return language;
}

/** Words of a section; the route that shows the screen has loaded it. */
export function words<S extends Section>(section: S): Sections[S] {
  const found = sections[section];
  if (!found) throw new Error(`words of ${section} are not loaded`);
  return found as Sections[S];
}

/** Language of a section's words as a page must declare it (WCAG 3.1.2). */
export function languageOf(section: Section): Language {
  return own.has(section) ? language : 'ru';
}

export async function loadWords(section: Section): Promise<void> {
  if (sections[section]) return;
  const loaded = await read(language, section);
  sections = { ...sections, [section]: loaded.words };
  if (loaded.own) own = new Set([...own, section]);
  else own = new Set([...own].filter((name) => name !== section));
}

export async function setLanguage(next: Language): Promise<void> {
  const names = Object.keys(sections) as Section[];
  const loaded = await Promise.all(names.map(async (name) => [name, await read(next, name)] as const));
  language = next;
  sections = Object.fromEntries(loaded.map(([name, part]) => [name, part.words])) as Partial<Sections>;
  own = new Set(loaded.filter(([, part]) => part.own).map(([name]) => name));
  document.documentElement.lang = next;
}

async function read(lang: Language, section: Section): Promise<{ words: object; own: boolean }> {
  const base = section === 'core' ? ruCore : (await files[`./ru/${section}.ts`]!()).default;
  const file = lang === 'ru' ? undefined : (await import('./others')).others[`./${lang}/${section}.ts`];
  if (!file) return { words: base, own: lang === 'ru' };
  return { words: overlay(base, (await file()).default), own: true };
}

/** Words of `over` where it has them, of `base` elsewhere. */
export function overlay<T extends object>(base: T, over: object): T {
  const merged = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    const nested = isWords(before) && isWords(value);
    merged[key] = nested ? overlay(before, value) : value;
  }
  return merged as T;
}

function isWords(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
