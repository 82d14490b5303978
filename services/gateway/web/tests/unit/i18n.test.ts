import { describe, expect, it } from 'vitest';
import { LANGUAGES, overlay } from '../../src/i18n/index.svelte';
import { slavic } from '../../src/i18n/plural';

const files = import.meta.glob<{ default: object }>('../../src/i18n/*/*.ts', { eager: true });
const SECTIONS = ['core', 'start', 'calendars', 'cards', 'consents', 'events', 'family', 'groups', 'journal', 'municipalities', 'office', 'orders', 'registries', 'rollover', 'safety', 'school', 'sheets', 'staff', 'year'];
/** Parts that every language must have whole: what families and newcomers read. */
const WHOLE = ['core', 'start', 'family', 'staff'];

function wordsOf(language: string, section: string): object | undefined {
  return files[`../../src/i18n/${language}/${section}.ts`]?.default;
}

/** Every key with the kind of its word. */
function keys(words: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const name = `${path}${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, kind] of keys(value, `${name}.`)) found.set(inner, kind);
    } else {
      found.set(name, typeof value === 'function' ? `function of ${value.length}` : Array.isArray(value) ? `list of ${value.length}` : typeof value);
    }
  }
  return found;
}

function texts(words: object): string[] {
  return Object.values(words).flatMap((value): string[] => {
    if (typeof value === 'string') return [value];
    if (Array.isArray(value)) return value.flat().map(String);
    if (typeof value === 'object' && value !== null) return texts(value);
    return [];
  });
}

describe('dictionaries', () => {
  it('are whole in Russian', () => {
    for (const section of SECTIONS) expect(wordsOf('ru', section), section).toBeDefined();
  });

  it.each(LANGUAGES.flatMap((language) => WHOLE.map((section) => [language, section])))('%s has every key of %s', (language, section) => {
    expect(keys(wordsOf(language, section)!)).toEqual(keys(wordsOf('ru', section)!));
  });

  it.each(LANGUAGES.flatMap((language) => SECTIONS.map((section) => [language, section])))('%s invents no keys in %s', (language, section) => {
    const known = keys(wordsOf('ru', section)!);
    for (const [key, kind] of keys(wordsOf(language, section) ?? {})) expect(known.get(key), key).toBe(kind);
  });

  it('have no empty words', () => {
    for (const language of LANGUAGES) {
      for (const section of SECTIONS) {
        for (const text of texts(wordsOf(language, section) ?? {})) {
          // The ordinary kind of work has no abbreviation.
          if (section !== 'journal') expect(text.trim(), `${language}/${section}`).not.toBe('');
        }
      }
    }
  });

  it.each(['ru', 'uk', 'crh'])('%s names months and weekdays without Latin letters', (language) => {
    const { dates } = wordsOf(language, 'core') as { dates: Record<string, string[]> };
    for (const list of ['months', 'monthsOf', 'weekdays', 'weekdaysShort']) {
      expect(dates[list]!.length).toBe(list.startsWith('month') ? 12 : 7);
      for (const name of dates[list]!) expect(name).not.toMatch(/[a-z]/i);
    }
  });

  it('fall back to Russian word by word', () => {
    const base = { a: 'один', part: { b: 'два', c: 'три' }, list: ['x'] };
    expect(overlay(base, { part: { b: 'two' }, list: ['y', 'z'] })).toEqual({ a: 'один', part: { b: 'two', c: 'три' }, list: ['y', 'z'] });
  });
});

describe('plurals', () => {
  it.each([
    [0, 'уроков'], [1, 'урок'], [2, 'урока'], [4, 'урока'], [5, 'уроков'], [11, 'уроков'], [12, 'уроков'], [14, 'уроков'],
    [21, 'урок'], [22, 'урока'], [25, 'уроков'], [101, 'урок'], [111, 'уроков'], [1289, 'уроков'],
  ])('%i %s', (n, word) => {
    expect(slavic(n, 'урок', 'урока', 'уроков')).toBe(word);
  });
});
