import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const list = () => page.locator('#calendars li');

describe('the calendar of a phone', () => {
  it('is made by a parent for a child, its address is shown once and copied, and it ends', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Календарь на телефоне' }).click();
    await page.getByText('Ничего не подключено').waitFor();
    await page.getByRole('button', { name: /^Подключить/ }).first().click();
    const address = await page.locator('code').innerText();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/schools\/sch_[0-9a-f]+\/calendarFeeds\/[\w-]{43}\/calendar\.ics$/);
    const opened = await page.getByRole('link', { name: 'Открыть в календаре' }).getAttribute('href');
    expect(opened).toBe(address.replace(/^http:/, 'webcal:'));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Скопировать адрес' }).click();
    await page.getByText('Адрес скопирован').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
    await page.getByRole('button', { name: 'Готово' }).click();
    expect(await page.locator('code').count()).toBe(0);
    expect(await list().count()).toBe(1);
    await list().getByText('ещё не открывали').waitFor();

    await page.reload();
    await list().first().waitFor();
    expect(await page.locator('code').count()).toBe(0);
    await list().getByRole('button', { name: /^Отключить/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click();
    await page.getByText('Календарь отключён').waitFor();
    await page.getByText('Ничего не подключено').waitFor();
    expect(mock.world.calendars).toEqual([]);
  });

  it('of a teacher has the own lessons and those of a class', async () => {
    await logIn(page, 'teacher');
    await page.goto('/timetable');
    await page.getByRole('link', { name: 'Календарь на телефоне' }).click();
    await page.getByRole('button', { name: /^Подключить\s*: Мои уроки$/ }).click();
    await page.getByRole('heading', { name: 'Адрес календаря: Мои уроки' }).waitFor();
    await page.getByLabel('Класс').selectOption({ label: '5-А' });
    await page.getByRole('button', { name: /^Подключить\s*: Класс 5-А$/ }).click();
    await page.getByRole('heading', { name: 'Адрес календаря: Класс 5-А' }).waitFor();
    expect(await list().count()).toBe(2);
    expect(mock.world.calendars.map((one) => one.kind)).toEqual(['CALENDAR_FEED_KIND_CLASS', 'CALENDAR_FEED_KIND_TEACHER']);
  });

  it('is refused in words where there are too many', async () => {
    await logIn(page, 'teacher');
    await page.goto('/profile/calendars');
    const add = page.getByRole('button', { name: /Мои уроки$/ }).first();
    for (let made = 1; made <= 10; made += 1) {
      await add.click();
      await expect.poll(() => list().count()).toBe(made);
    }
    await page.getByText('Можно подключить не больше 10').waitFor();
    await add.click();
    await page.getByText('Календарей уже слишком много').waitFor();
  });
});
