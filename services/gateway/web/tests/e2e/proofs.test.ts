import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const TITLE = 'Подтвердите, что это вы';

async function askForReset(login: string): Promise<string[]> {
  await logIn(page, login);
  await page.goto('/my-class');
  const keys: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith(':issuePasswordReset')) keys.push(request.headers()['idempotency-key'] ?? '');
  });
  await page.getByRole('button', { name: /^Помочь со входом/ }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Выдать код для нового пароля' }).click();
  await page.getByRole('dialog', { name: TITLE }).waitFor();
  return keys;
}

describe('an important action', () => {
  it('asks for the password, tells a wrong one, and repeats the same request', async () => {
    mock.stepUp = 'PASSWORD';
    const keys = await askForReset('teacher');
    const asked = page.getByRole('dialog', { name: TITLE });
    await asked.getByLabel('Ваш пароль').fill('wrong');
    await page.keyboard.press('Enter');
    await asked.getByText('Пароль не подходит').waitFor();
    await asked.getByLabel('Ваш пароль').fill('верный пароль');
    await page.keyboard.press('Enter');
    await page.getByText('Код для нового пароля в электронном журнале').waitFor();
    expect(await asked.count()).toBe(0);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it('asks for a code where there is a second factor, and can be given up', async () => {
    mock.stepUp = 'SECOND_FACTOR';
    const keys = await askForReset('guarded');
    const asked = page.getByRole('dialog', { name: TITLE });
    await asked.getByLabel('Код из приложения').fill('000000');
    await page.keyboard.press('Enter');
    await asked.getByText('Код не подходит').waitFor();
    await asked.getByRole('button', { name: 'Отмена' }).click();
    await page.getByText('Подтвердите действие').waitFor();
    expect(keys).toHaveLength(1);
  });
});

describe('a role that demands a second factor', () => {
  it('opens nothing else until it is set up', async () => {
    await logIn(page, 'unfinished');
    await page.waitForURL('**/profile/security');
    await page.getByText('Ваша роль требует второго фактора. Включите его').waitFor();
    await page.goto('/people');
    await page.waitForURL('**/profile/security');
    await page.getByRole('button', { name: 'Включить' }).click();
    await page.getByLabel('Ваш пароль').fill('верный пароль');
    await page.keyboard.press('Enter');
    await page.getByLabel('Код из приложения').fill('123456');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Я сохранил коды' }).click();
    await page.goto('/people');
    await page.getByRole('heading', { level: 1, name: 'Сотрудники' }).waitFor();
  });
});

describe('who looked', () => {
  it('is read by the family of the own child', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Кто смотрел' }).click();
    const list = page.getByRole('list', { name: 'Обращения к записям' });
    await list.getByText('страница журнала: весь класс 5-А').waitFor();
    await list.getByText('дневник: записи ребёнка').waitFor();
    await list.getByText('список учеников: все ученики школы').waitFor();
    await list.getByText('контроль администрации школы').waitFor();
    await list.getByText('сотрудник без карточки в школе').waitFor();
  });

  it('is read by the administrator of the school, by days', async () => {
    await logIn(page, 'admin');
    await page.goto('/looks');
    await page.getByText('страница журнала: весь класс 5-А').waitFor();
    await page.getByLabel('С', { exact: true }).fill('2026-12-02');
    await page.getByText('Записи никто не открывал').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toBe('2026-12-02');
  });
});

describe('other systems', () => {
  it('are registered with a secret shown once, changed and revoked by the operator', async () => {
    await logIn(page, 'operator');
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Внешние системы' }).click();
    await page.getByText('Внешних систем нет').waitFor();
    await page.getByRole('button', { name: 'Зарегистрировать систему' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Название').fill('Региональный сегмент');
    await dialog.getByLabel('школы, классы и группы').check();
    await dialog.getByLabel('Действует по').fill('2026-01-01');
    await dialog.getByRole('button', { name: 'Зарегистрировать' }).click();
    await dialog.getByText('последний день уже прошёл').waitFor();
    expect(await dialog.getByLabel('Название').inputValue()).toBe('Региональный сегмент');
    await dialog.getByLabel('Действует по').fill('2027-08-31');
    await dialog.getByRole('button', { name: 'Зарегистрировать' }).click();
    await page.getByText('vydumannyj-sekret-1').waitFor();
    await page.getByRole('button', { name: 'Я сохранил секрет' }).click();
    expect(await page.getByText('vydumannyj-sekret-1').count()).toBe(0);
    await page.getByRole('button', { name: 'Новый секрет' }).click();
    await page.getByText('vydumannyj-sekret-2').waitFor();
    await page.getByRole('button', { name: 'Завершить секрет' }).last().click();
    await page.getByText('Секрет завершён').waitFor();
    await page.getByRole('button', { name: /^Отозвать доступ/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Отозвать доступ' }).click();
    await page.getByText(/^отозван/).waitFor();
    expect(mock.clients[0]?.secrets).toEqual([]);
  });
});
