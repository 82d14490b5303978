import { describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const PERSONAL = 'Персональные данные';
const rowOf = (nth: number) => page.locator('tbody tr').nth(nth);
const chip = (nth: number, kind: string) => rowOf(nth).getByRole('button', { name: new RegExp(kind) });

/** The class teacher's way to the list of the own class. */
async function ownClass(): Promise<void> {
  await page.goto('/my-class');
  await page.getByRole('link', { name: 'Согласия' }).click();
  await page.getByRole('heading', { name: /^Согласия, / }).waitFor();
}

describe('consents of a class', () => {
  it('shows where each kind stands and keeps only those who lack something', async () => {
    await logIn(page, 'teacher');
    await ownClass();
    expect(await page.locator('tbody tr').count()).toBe(30);
    await chip(0, PERSONAL).getByText('дано').waitFor();
    await chip(0, 'Фото').getByText('отказ').waitFor();
    await chip(2, PERSONAL).getByText('нет').waitFor();
    await page.getByLabel(/чего-то не хватает/).check();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(10);
  });

  it('records a signed paper once, whatever the answers do', async () => {
    await logIn(page, 'teacher');
    await ownClass();
    await chip(2, PERSONAL).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Где лежит бумага').fill('Папка 5-А, № 3');
    mock.weather.dropAnswers = 1;
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Записано').waitFor();
    await chip(2, PERSONAL).getByText('дано').waitFor();
    await chip(2, PERSONAL).click();
    await dialog.getByText('Папка 5-А, № 3').waitFor();
    expect(await dialog.locator('li').count()).toBe(1);
  });

  it('names the field of a wrong date and says why a second paper is refused', async () => {
    await logIn(page, 'secretary');
    await page.goto('/classes');
    await page.getByRole('link', { name: 'Согласия' }).click();
    await page.getByRole('link', { name: '5-А', exact: true }).click();
    await chip(0, PERSONAL).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Записать ещё одно' }).click();
    await dialog.getByLabel('Дата подписи').fill('2026-12-31');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Дата подписи не может быть позже сегодняшней').waitFor();
    await dialog.getByLabel('Дата подписи').fill('2026-10-01');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText(/уже записана/).waitFor();
  });

  it('withdraws, corrects and removes a record', async () => {
    await logIn(page, 'secretary');
    await page.goto('/consents');
    await page.getByRole('link', { name: '5-А', exact: true }).click();
    await chip(0, PERSONAL).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /Изменить/ }).click();
    await dialog.getByLabel('Отозвано').fill('2026-10-05');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await chip(0, PERSONAL).getByText('отозвано').waitFor();
    await chip(0, 'Фото').click();
    await dialog.getByRole('button', { name: /Изменить/ }).click();
    await dialog.getByText('Удалить', { exact: true }).first().click();
    await dialog.getByRole('button', { name: 'Удалить' }).click();
    await page.getByText('Запись удалена').waitFor();
    await chip(0, 'Фото').getByText('нет').waitFor();
  });

  it('is read alone by a deputy', async () => {
    await logIn(page, 'deputy');
    await page.goto('/consents');
    await page.getByText('Ответственный за защиту данных').waitFor();
    await page.getByRole('row', { name: /^5-А/ }).getByText('20 из 30').first().waitFor();
    await page.getByRole('link', { name: '5-А', exact: true }).click();
    await rowOf(0).getByText('дано').first().waitFor();
    expect(await page.locator('tbody button').count()).toBe(0);
  });

  it('lets a parent withdraw what the parent has signed, and nothing else', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Согласия о ребёнке' }).click();
    const first = page.locator('section.card').first();
    await first.getByText('Персональные данные').waitFor();
    expect(await first.getByRole('button', { name: /Отозвать/ }).count()).toBe(1);
    await first.getByRole('button', { name: /Отозвать/ }).click();
    await page.getByRole('dialog').getByText(/на бумаге/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Отозвать' }).click();
    await page.getByText('Согласие отозвано').waitFor();
    await first.getByText('отозвано').waitFor();
  });

  it('fits a phone', async () => {
    await page.setViewportSize(PHONE);
    await logIn(page, 'teacher');
    await ownClass();
    await chip(0, PERSONAL).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });
});
