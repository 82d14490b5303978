import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { browser, mock, page, scene } from './scene';

scene();

describe('log in', () => {
  it('tells a wrong password and keeps the login', async () => {
    await page.goto('/login');
    await page.getByLabel('Логин').fill('teacher');
    await page.getByLabel('Пароль', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/не подходят/);
    expect(await page.getByLabel('Логин').inputValue()).toBe('teacher');
  });

  it('goes on to where the person wanted', async () => {
    await page.goto('/board?by=teacher');
    await page.waitForURL('**/login?next=%2Fboard%3Fby%3Dteacher');
    await page.getByLabel('Логин').fill('deputy');
    await page.getByLabel('Пароль', { exact: true }).fill('верный пароль');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/board?by=teacher');
  });

  it('does not follow an address of another site', async () => {
    await page.goto('/login?next=//evil.example/');
    await page.getByLabel('Логин').fill('parent');
    await page.getByLabel('Пароль', { exact: true }).fill('верный пароль');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/diary');
    expect(new URL(page.url()).origin).toBe(mock.origin);
  });

  it.each([
    ['teacher', '/today'],
    ['deputy', '/board'],
    ['director', '/board'],
    ['admin', '/people'],
    ['secretary', '/classes'],
    ['region', '/import'],
    ['ministry', '/schools'],
    ['parent', '/diary'],
    ['pupil', '/diary'],
    ['operator', '/'],
  ])('brings %s to %s', async (login, first) => {
    await logIn(page, login);
    await expect.poll(() => new URL(page.url()).pathname).toBe(first);
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  it('shows a page of another role as not for this one', async () => {
    await logIn(page, 'parent');
    await page.goto('/board');
    await page.getByText('Эта страница для другой роли.').waitFor();
    await page.goto('/nothing/here');
    await page.getByRole('heading', { name: 'Страница не найдена' }).waitFor();
  });
});

describe('registration', () => {
  it('shows whom the code is for and takes it out of the address', async () => {
    await page.goto('/register?code=K7QF-2MXD-9TRW-6HCE');
    await page.getByText('Елена Б.').waitFor();
    await expect.poll(() => page.url()).toBe(`${mock.origin}/register`);
    await page.getByLabel('Придумайте логин').fill('taken');
    await page.getByLabel('Придумайте пароль').fill('синее море утром');
    await page.getByLabel('Повторите пароль').fill('синее море');
    await page.getByRole('button', { name: 'Зарегистрироваться' }).click();
    await page.getByText('Пароли не совпадают').waitFor();
    await page.getByLabel('Повторите пароль').fill('синее море утром');
    await page.getByRole('button', { name: 'Зарегистрироваться' }).click();
    await page.getByText('Этот логин уже занят.').waitFor();
    await page.getByLabel('Придумайте логин').fill('elena');
    await page.getByRole('button', { name: 'Зарегистрироваться' }).click();
    await page.waitForURL('**/diary');
  });

  it('refuses an unknown code in words', async () => {
    await page.goto('/register');
    await page.getByLabel('Пригласительный код').fill('zzzz-0000');
    await page.keyboard.press('Enter');
    await page.getByText('Такого кода нет').waitFor();
  });

  it('adds a child to an open account without a new login', async () => {
    await logIn(page, 'parent');
    await page.goto('/register?code=K7QF-2MXD-9TRW-6HCE');
    await page.getByRole('heading', { name: 'Добавить ребёнка или школу' }).waitFor();
    await page.getByRole('button', { name: 'Добавить к моей записи' }).click();
    await page.waitForURL('**/diary');
  });
});

describe('the frame', () => {
  it('switches the role and shows its first screen', async () => {
    await logIn(page, 'deputy');
    await page.waitForSelector('table');
    await page.getByRole('button', { name: /Меню пользователя/ }).click();
    await page.getByRole('button', { name: /Учитель/ }).click();
    await page.waitForURL('**/today');
    expect(await page.getByRole('link', { name: 'Контроль' }).count()).toBe(0);
  });

  it('can be used without a mouse, from the first key', async () => {
    await logIn(page, 'teacher');
    await page.waitForSelector('ol.lessons');
    await page.keyboard.press('Tab');
    await page.goto('/today');
    await page.waitForSelector('ol.lessons');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('К содержанию');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('starts reading at the title of a new screen', async () => {
    await logIn(page, 'teacher');
    await page.waitForSelector('ol.lessons');
    await page.getByRole('link', { name: 'Журналы', exact: true }).first().click();
    await page.waitForSelector('.groups');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    expect(await page.title()).toBe('Журналы · Журнал');
  });

  it('changes language, theme and type, and keeps them', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Тёмное' }).click();
    await page.getByLabel('Крупный шрифт').check();
    await page.getByLabel('Язык').selectOption('crh');
    await page.getByRole('heading', { name: 'Профиль', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Кунделик' }).click();
    await page.waitForSelector('.week');
    expect((await page.locator('.day h2').first().innerText()).replace(/\s+/g, ' ').trim()).toMatch(/^базарэртеси 16 ноябрь$/i);
    expect(await page.locator('.week').textContent()).not.toMatch(/January|November|Monday/);
    await page.reload();
    await page.waitForSelector('.week');
    expect(await page.evaluate(() => ({ ...document.documentElement.dataset, lang: document.documentElement.lang }))).toEqual({ theme: 'dark', type: 'large', lang: 'crh' });
  });

  it('declares Russian where a language has no words yet', async () => {
    await logIn(page, 'teacher');
    await page.goto('/profile');
    await page.getByLabel('Язык').selectOption('en');
    await page.getByRole('link', { name: 'Journals' }).click();
    await page.waitForSelector('.groups');
    expect(await page.locator('main').getAttribute('lang')).toBe('ru');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('says so when the server cannot be reached, and tries again', async () => {
    await logIn(page, 'deputy');
    await page.waitForSelector('table');
    mock.weather.unavailable = 1_000;
    await page.getByRole('link', { name: 'Классы' }).click();
    await page.getByRole('alert').waitFor();
    mock.weather.unavailable = 0;
    await page.getByRole('button', { name: 'Повторить' }).click();
    await page.getByRole('heading', { name: '1 параллель', exact: true }).waitFor();
  });
});

it('keeps only the shell in the service worker, never an answer', async () => {
  const context = await browser.newContext({ baseURL: mock.origin });
  const visitor = await context.newPage();
  await visitor.clock.setFixedTime(mock.now);
  await logIn(visitor, 'parent');
  await visitor.waitForSelector('.week');
  await visitor.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const cached = () => visitor.evaluate(async () => {
    const names = await caches.keys();
    const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)));
    return lists.flat();
  });
  await expect.poll(async () => (await cached()).length).toBeGreaterThan(10);
  for (const path of await cached()) expect(path).toMatch(/^\/$|^\/assets\//);
  await context.setOffline(true);
  await visitor.reload();
  await visitor.getByText('Нет связи с сервером').waitFor();
  await context.close();
});
