import { beforeEach, describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();
beforeEach(async () => {
  await logIn(page, 'parent');
  await page.waitForSelector('.week');
});

describe('the diary', () => {
  it('shows a new mark within a second of its commit, and says so', async () => {
    await expect.poll(() => mock.streams()).toBe(1);
    const lesson = mock.world.columns.find((item) => item.date === '2026-11-18')!;
    const row = page.locator('#day-2026-11-18 .lesson', { hasText: 'Математика' });
    expect(await row.locator('.mark').count()).toBe(0);
    const committed = Date.now();
    mock.colleague({ lessonId: lesson.lessonId, pupilId: mock.world.first.pupilId, slot: 1, setMark: { value: '5' } });
    await row.locator('.mark', { hasText: '5' }).waitFor();
    expect(Date.now() - committed).toBeLessThan(1_000);
    await expect.poll(() => row.evaluate((item) => item.classList.contains('fresh'))).toBe(true);
    await expect.poll(() => page.getByRole('status').allTextContents()).toContainEqual('Новое: Математика, 5');
  });

  it('re-reads after a reset of the stream, without drawing anew what did not change', async () => {
    await expect.poll(() => mock.streams()).toBe(1);
    const reads = () => mock.requests.filter((line) => line.endsWith('/diaryWeek')).length;
    const before = reads();
    mock.reset();
    await expect.poll(reads).toBe(before + 1);
    expect(await page.locator('.fresh').count()).toBe(0);
  });

  it('goes from week to week by the address', async () => {
    await page.getByRole('button', { name: 'Предыдущая неделя' }).click();
    await page.getByText('9–14 ноября').first().waitFor();
    expect(new URL(page.url()).searchParams.get('date')).toBe('2026-11-09');
    await page.getByRole('button', { name: 'Эта неделя' }).click();
    await page.getByText('16–21 ноября').first().waitFor();
    await page.goBack();
    await page.getByText('9–14 ноября').first().waitFor();
  });

  it('switches between children', async () => {
    await page.getByRole('link', { name: /Лев/ }).click();
    await page.getByRole('heading', { name: 'Дневник: Баранов Лев' }).waitFor();
    expect(await page.getByRole('link', { name: /Лев/ }).getAttribute('aria-current')).toBe('page');
  });

  it('answers for a foreign child as for one that does not exist', async () => {
    await page.goto(`/diary/${mock.world.pupils[9]!.pupilId}`);
    const foreign = await page.getByRole('alert').textContent();
    await page.goto('/diary/per_ffffffffffffffffffffffffffffffff');
    expect(await page.getByRole('alert').textContent()).toBe(foreign);
    expect(foreign).toContain('Не найдено');
  });

  it('prints a week on one page', async () => {
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)?.length).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header.bar').isVisible()).toBe(false);
    expect(await page.getByText('Подпись родителя').isVisible()).toBe(true);
  });

  it('tells all about a lesson', async () => {
    await page.locator('#day-2026-11-16').getByRole('button', { name: 'Математика' }).click();
    const dialog = page.getByRole('dialog', { name: 'Математика' });
    await dialog.getByText('Журавлёва Марина Викторовна').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Математика');
  });
});

describe('marks by subject', () => {
  it('work out what would be, exactly', async () => {
    await page.goto('/marks');
    const subject = page.locator('.subjects > li', { has: page.getByRole('heading', { name: 'Математика' }) });
    const present = await subject.locator('.average').textContent();
    await subject.getByRole('button', { name: 'Что если' }).click();
    await subject.getByRole('button', { name: 'Добавить 5' }).click();
    const marks = (await subject.locator('.marks .mark').allTextContents()).map(Number);
    const sum = marks.reduce((a, b) => a + b, 5);
    const expected = (Math.floor((sum * 200 + marks.length + 1) / (2 * (marks.length + 1))) / 100).toFixed(2).replace('.', ',');
    await subject.getByText(`Станет ${expected}`).waitFor();
    expect(present?.trim()).not.toBe(expected);
  });
});

describe('the bell', () => {
  it('counts, lists and reads notices', async () => {
    await page.getByRole('button', { name: 'Уведомления, новых: 1' }).click();
    await page.getByText('Математика: 5').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Уведомления', exact: true }).waitFor();
  });
});
