import { describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const dialog = () => page.getByRole('dialog');
const fact = (name: string) => page.locator('dl div').filter({ hasText: name }).locator('dd');

describe('what a school says of itself', () => {
  it('is confirmed anew each academic year, once, whatever the answers do', async () => {
    await logIn(page, 'director');
    await page.goto('/classes');
    await page.getByRole('link', { name: 'Сведения о школе' }).click();
    await page.getByText('пора подтвердить').waitFor();
    await fact('ИНН').getByText('9102000006').waitFor();
    mock.weather.dropAnswers = 1;
    await page.getByRole('button', { name: 'Подтвердить сведения' }).click();
    await page.getByText('Сведения подтверждены', { exact: true }).waitFor();
    await page.getByText(/Последнее подтверждение: 18 ноября/).waitFor();
    await expect.poll(() => page.locator('.history > li').count()).toBe(3);
    expect(await page.getByRole('button', { name: 'Подтвердить сведения' }).count()).toBe(0);
  });

  it('waits for another confirmation once it is changed, and tells who has changed what', async () => {
    await logIn(page, 'director');
    await page.goto('/school');
    await page.getByRole('button', { name: 'Подтвердить сведения' }).click();
    await page.getByText('Сведения подтверждены', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Изменить сведения' }).click();
    await dialog().getByLabel('ИНН').fill('9102000007');
    await dialog().getByLabel('Зданий').fill('3');
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await dialog().getByText(/последняя — контрольная/).waitFor();
    await dialog().getByLabel('ИНН').fill('9102000006');
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('изменены после подтверждения').waitFor();
    await page.getByText(/Зданий: 3/).waitFor();
    await page.getByText('(было: 2)').waitFor();
  });

  it('is what it is now for who comes second', async () => {
    await logIn(page, 'director');
    await page.goto('/school');
    await page.getByText('пора подтвердить').waitFor();
    const first = mock.world.profile.at(-1)!;
    mock.world.profile.push({ ...first, etag: 'v3', confirmed: false, entry: { ...first.entry, shortTitle: 'Школа-пример' } });
    await page.getByRole('button', { name: 'Подтвердить сведения' }).click();
    await page.getByText(/изменил кто-то другой/).waitFor();
    await fact('Краткое наименование').getByText('Школа-пример').waitFor();
  });

  it('is only read by a deputy', async () => {
    await logIn(page, 'deputy');
    await page.goto('/school');
    await page.getByText('пора подтвердить').waitFor();
    expect(await page.getByRole('button', { name: /сведения/ }).count()).toBe(0);
  });

  it('is seen by the ministry beside the school', async () => {
    await logIn(page, 'ministry');
    await page.goto('/rollouts');
    const row = page.getByRole('row', { name: /Средняя школа № 12/ });
    await row.getByText('пора подтвердить').waitFor();
    await row.getByText('12 мая 2026').waitFor();
    await page.getByRole('row', { name: /Школа № 3/ }).getByText('не заполнены').waitFor();
  });

  it('fits a phone', async () => {
    await page.setViewportSize(PHONE);
    await logIn(page, 'director');
    await page.goto('/school');
    await page.getByText('пора подтвердить').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.getByRole('button', { name: 'Изменить сведения' }).click();
    await dialog().getByLabel('ОГРН').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });
});
