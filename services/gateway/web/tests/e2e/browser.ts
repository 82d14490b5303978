import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Mock } from '../mock/server.mjs';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export function launch(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`no browser at ${EXECUTABLE}: apt-get install chromium`);
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors of the page and of its security policy; empty in a sound test. */
  complaints: string[];
}

export interface Look {
  size?: { width: number; height: number };
  theme?: 'light' | 'dark';
  touch?: boolean;
}

/** A fresh browser profile at the mock's time. */
export async function visit(browser: Browser, mock: Mock, look: Look = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: look.size ?? DESKTOP,
    colorScheme: look.theme ?? 'light',
    hasTouch: look.touch ?? false,
    isMobile: look.touch ?? false,
    deviceScaleFactor: 1,
    locale: 'ru-RU',
    baseURL: mock.origin,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(mock.now);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy|Refused to/i.test(text) || (message.type() === 'error' && !/Failed to load resource/.test(text))) complaints.push(text);
  });
  return { page, context, complaints };
}

/** Logs in by the form. */
export async function logIn(page: Page, login: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Логин').fill(login);
  await page.getByLabel('Пароль', { exact: true }).fill('верный пароль');
  await page.getByRole('button', { name: 'Войти' }).click();
  if (login === 'guarded') {
    await page.getByLabel('Код второго фактора').fill('123456');
    await page.keyboard.press('Enter');
  }
  await page.waitForURL((url) => url.pathname !== '/login');
}
