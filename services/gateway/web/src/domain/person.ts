import type { PersonName } from '../api/types';

/** `Иванова Анна Петровна`. */
export function fullName(name: PersonName | undefined): string {
  return name ? [name.surname, name.givenName, name.patronymic].filter(Boolean).join(' ') : '';
}

/** `Иванова Анна`: how a class register writes pupils. */
export function listName(name: PersonName | undefined): string {
  return name ? [name.surname, name.givenName].filter(Boolean).join(' ') : '';
}

/** `Иванова А. П.` with no break between its parts. */
export function shortName(name: PersonName | undefined): string {
  if (!name) return '';
  const initials = [name.givenName, name.patronymic].filter(Boolean).map((part) => `${part[0]}.`);
  return [name.surname, ...initials].filter(Boolean).join('\u00a0');
}

export function initials(name: PersonName | undefined, otherwise = ''): string {
  if (!name) return otherwise.slice(0, 2).toUpperCase();
  return `${name.surname[0] ?? ''}${name.givenName[0] ?? ''}`;
}

/** Lower case without Ё, for searching by the start of any word. */
export function searchKey(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').trim();
}

/** Every typed word starts some word of the text. */
export function found(text: string, query: string): boolean {
  const words = searchKey(text).split(/[\s-]+/);
  return searchKey(query)
    .split(/\s+/)
    .every((part) => part === '' || words.some((word) => word.startsWith(part)));
}
