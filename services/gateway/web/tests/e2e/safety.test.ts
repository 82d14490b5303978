import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

async function toSecondStep(): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Логин').fill('guarded');
  await page.getByLabel('Пароль', { exact: true }).fill('верный пароль');
  await page.keyboard.press('Enter');
  await page.getByLabel('Код второго фактора').waitFor();
}

describe('the second step of a log-in', () => {
  it('asks for a code, tells a wrong one and goes on with a right one', async () => {
    await toSecondStep();
    const code = page.getByLabel('Код второго фактора');
    expect(await code.evaluate((input) => input === document.activeElement)).toBe(true);
    await code.fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('Код не подходит или уже использован.').waitFor();
    expect(await code.inputValue()).toBe('');
    await code.fill('123456');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/today');
  });

  it('starts over when its time is out', async () => {
    await toSecondStep();
    mock.endChallenges();
    await page.getByLabel('Код второго фактора').fill('123456');
    await page.keyboard.press('Enter');
    await page.getByText('Введите логин и пароль ещё раз').waitFor();
    expect(await page.getByLabel('Логин').inputValue()).toBe('guarded');
    expect(await page.getByLabel('Пароль', { exact: true }).inputValue()).toBe('');
  });

  it('can be left for another account', async () => {
    await toSecondStep();
    await page.getByRole('button', { name: 'Войти под другой записью' }).click();
    await page.getByLabel('Логин').waitFor();
  });
});

describe('the second factor', () => {
  it('is turned on with password and code, and its recovery codes are guarded until saved', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile');
    await page.getByRole('link', { name: 'Безопасность' }).click();
    await page.getByText('не включён').waitFor();
    await page.getByRole('button', { name: 'Включить' }).click();
    await page.getByLabel('Ваш пароль').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Пароль не подходит').waitFor();
    await page.getByLabel('Ваш пароль').fill('верный пароль');
    await page.keyboard.press('Enter');
    const picture = page.getByAltText('QR-код для приложения одноразовых кодов');
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0)).toBe(true);
    await page.getByText('GEZD GNBV').waitFor();
    await page.getByLabel('Код из приложения').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('Код не подходит').waitFor();
    await page.getByLabel('Код из приложения').fill('123456');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.codes li').count()).toBe(10);
    await page.getByText('включён с 18 ноября 2026').waitFor();
    await page.getByText('Включён второй фактор', { exact: true }).waitFor();

    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await page.getByRole('link', { name: 'Профиль' }).first().click();
    await expect.poll(() => asked.length).toBe(1);
    expect(new URL(page.url()).pathname).toBe('/profile/security');
    await page.getByRole('button', { name: 'Я сохранил коды' }).click();
    expect(await page.locator('.codes li').count()).toBe(0);
    await page.getByRole('link', { name: 'Профиль' }).first().click();
    await page.waitForURL('**/profile');
    expect(asked.length).toBe(1);
  });

  it('is turned off with both, and few recovery codes are a warning', async () => {
    await logIn(page, 'guarded');
    await page.goto('/profile/security');
    await page.getByText('Кодов почти не осталось').waitFor();
    await page.getByRole('button', { name: 'Отключить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Ваш пароль').fill('верный пароль');
    await dialog.getByLabel('Код из приложения').fill('000000');
    await dialog.getByRole('button', { name: 'Отключить' }).click();
    await dialog.getByText('Код не подходит').waitFor();
    await dialog.getByLabel('Код из приложения').fill('123456');
    await dialog.getByRole('button', { name: 'Отключить' }).click();
    await page.getByText('не включён').waitFor();
    await page.getByText('Отключён второй фактор', { exact: true }).waitFor();
  });

  it('gets new recovery codes', async () => {
    await logIn(page, 'guarded');
    await page.goto('/profile/security');
    await page.getByRole('button', { name: 'Новые резервные коды' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Ваш пароль').fill('верный пароль');
    await dialog.getByLabel('Код из приложения').fill('123456');
    await dialog.getByRole('button', { name: 'Сделать новые коды' }).click();
    await expect.poll(() => page.locator('.codes li').count()).toBe(10);
    await page.getByText('Резервных кодов осталось: 10').waitFor();
  });
});

describe('sessions', () => {
  it('are ended one by one and all but the present one', async () => {
    await logIn(page, 'parent');
    await page.goto('/profile/security');
    const card = page.getByRole('region', { name: 'Сеансы и устройства' });
    await card.getByText('это устройство').waitFor();
    expect(await card.getByRole('listitem').count()).toBe(3);
    expect(await card.getByRole('button', { name: /^Завершить ?:/ }).count()).toBe(2);
    await card.getByRole('button', { name: /^Завершить ?: Chrome, Android/ }).click();
    await page.getByText('Сеанс завершён', { exact: true }).waitFor();
    await expect.poll(() => card.getByRole('listitem').count()).toBe(2);
    await page.getByText('Завершён сеанс с другого устройства').waitFor();
    await card.getByRole('button', { name: 'Завершить все остальные' }).click();
    await page.getByText('Завершено сеансов: 1').waitFor();
    await card.getByText('Других сеансов нет.').waitFor();
  });
});

describe('a lost password', () => {
  it('is set anew by a code, and the way in follows with the login filled', async () => {
    await page.goto('/login');
    await page.getByRole('link', { name: 'Есть код для нового пароля' }).click();
    await page.waitForURL('**/reset');
    await page.getByLabel('Код для нового пароля').fill('zzzz-0000');
    await page.getByLabel('Придумайте пароль').fill('1234567890');
    await page.getByLabel('Повторите пароль').fill('123456789');
    await page.getByRole('button', { name: 'Задать пароль' }).click();
    await page.getByText('Пароли не совпадают').waitFor();
    await page.getByLabel('Повторите пароль').fill('1234567890');
    await page.getByRole('button', { name: 'Задать пароль' }).click();
    await page.getByText('Такого кода нет').waitFor();
    await page.getByLabel('Код для нового пароля').fill('k7qf-2mxd-9rtb-0zwe');
    await page.getByRole('button', { name: 'Задать пароль' }).click();
    await page.getByText('Такой пароль слишком прост').waitFor();
    await page.getByLabel('Придумайте пароль').fill('четыре жёлтых зонта');
    await page.getByLabel('Повторите пароль').fill('четыре жёлтых зонта');
    await page.getByRole('button', { name: 'Задать пароль' }).click();
    await page.getByText('Ваш логин: parent').waitFor();
    expect(await page.getByLabel('Логин').inputValue()).toBe('parent');
    await page.getByLabel('Пароль', { exact: true }).fill('четыре жёлтых зонта');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/diary');
  });

  it('keeps the code of a picture out of the address', async () => {
    await page.goto('/reset?code=K7QF-2MXD-9RTB-0ZWE');
    await expect.poll(() => page.url()).toBe(`${mock.origin}/reset`);
    expect(await page.getByLabel('Код для нового пароля').inputValue()).toBe('K7QF-2MXD-9RTB-0ZWE');
  });

  it('is helped by the class teacher, who has no say in second factors', async () => {
    await logIn(page, 'teacher');
    await page.goto('/my-class');
    await page.getByRole('button', { name: /^Помочь со входом/ }).first().click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Сбросить второй фактор' }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Выдать код для нового пароля' }).click();
    await page.getByText('Код для нового пароля в электронном журнале').waitFor();
    expect(await page.locator('.slip').count()).toBe(1);
    expect(await page.locator('.slip .code').textContent()).toMatch(/^([A-Z0-9]{4}-){3}[A-Z0-9]{4}$/);
    await page.getByText(`${new URL(mock.origin).host}/reset`).waitFor();
  });
});

describe('the security log', () => {
  it('says what happened, when, by whom or where', async () => {
    await logIn(page, 'guarded');
    await page.goto('/profile/security');
    const log = page.getByRole('region', { name: 'Журнал безопасности' });
    await log.getByText('Сменён пароль').waitFor();
    await log.getByText('12 ноября 2026, 09:20 · Яндекс Браузер, Windows').waitFor();
    await log.getByText('сделал: Журавлёва Ирина').waitFor();
  });
});

describe('help with a lost second factor', () => {
  it('is the administrator\'s, for a person who has registered', async () => {
    await logIn(page, 'admin');
    await page.goto('/people?access=with');
    const buttons = page.getByRole('button', { name: /^Помочь со входом/ });
    await buttons.first().waitFor();
    await buttons.nth(1).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Сбросить второй фактор' }).click();
    await page.getByText('Второй фактор сброшен, завершено сеансов: 2').waitFor();
    expect(mock.requests.some((line) => line.endsWith(':resetSecondFactor'))).toBe(true);
    await buttons.first().click();
    await dialog.getByRole('button', { name: 'Сбросить второй фактор' }).click();
    await dialog.getByText('Второй фактор не включён').waitFor();
  });
});
