import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Mock, startMock } from '../mock/server.mjs';
import { launch, type Look, type Visit, visit } from './browser';

/** What a test has before it; the names hold the present one. */
export let browser: Browser;
export let mock: Mock;
export let here: Visit;
export let page: Page;

/** One browser for the file; for each test a mock and a fresh profile, in which the page complains of nothing. */
export function scene(): void {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    mock = await startMock();
    await open();
  });
  afterEach(async () => {
    await here.context.close();
    await mock.close();
    expect(here.complaints).toEqual([]);
  });
}

/** Goes on in another profile, and before another mock where one is given. */
export async function anew(look: Look = {}, next?: Mock): Promise<void> {
  await here.context.close();
  if (next) {
    await mock.close();
    mock = next;
  }
  await open(look);
}

async function open(look: Look = {}): Promise<void> {
  here = await visit(browser, mock, look);
  page = here.page;
}
