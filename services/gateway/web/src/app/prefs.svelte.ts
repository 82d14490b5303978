import { type Language, LANGUAGES } from '../i18n/index.svelte';

/** Look and habits, kept on the device; nothing personal is among them. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark', 'contrast'];
export type Advance = 'down' | 'right' | 'stay';
export const ADVANCES: readonly Advance[] = ['down', 'right', 'stay'];

const KEY = 'zhurnal.look';

interface Stored {
  language: Language;
  theme: Theme;
  large: boolean;
  advance: Advance;
}

function stored(): Stored {
  let from: Partial<Stored> = {};
  try {
    from = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>;
  } catch {
    // Unreadable settings are as good as none.
  }
  return {
    language: LANGUAGES.find((name) => name === from.language) ?? 'ru',
    theme: THEMES.find((name) => name === from.theme) ?? 'system',
    large: from.large === true,
    advance: ADVANCES.find((name) => name === from.advance) ?? 'down',
  };
}

const DARK = '(prefers-color-scheme: dark)';
const MORE_CONTRAST = '(prefers-contrast: more)';

function systemTheme(): Exclude<Theme, 'system'> {
  if (matchMedia(MORE_CONTRAST).matches) return 'contrast';
  return matchMedia(DARK).matches ? 'dark' : 'light';
}

class Prefs {
  #now = $state.raw<Stored>(stored());

  get language(): Language {
    return this.#now.language;
  }
  get theme(): Theme {
    return this.#now.theme;
  }
  get large(): boolean {
    return this.#now.large;
  }
  get advance(): Advance {
    return this.#now.advance;
  }

  set(change: Partial<Stored>): void {
    this.#now = { ...this.#now, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#now));
    } catch {
      // Private windows may refuse; the choice holds until the page is closed.
    }
    this.show();
  }

  /** Puts the look on the page. */
  show(): void {
    const root = document.documentElement;
    root.dataset['theme'] = this.theme === 'system' ? systemTheme() : this.theme;
    root.dataset['type'] = this.large ? 'large' : 'normal';
  }

  /** Follows the system when it turns dark in the evening. */
  follow(): void {
    for (const query of [DARK, MORE_CONTRAST]) matchMedia(query).addEventListener('change', () => this.show());
    this.show();
  }
}

export const prefs = new Prefs();
