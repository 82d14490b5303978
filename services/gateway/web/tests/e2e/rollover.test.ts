import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const surname = (place: number) => mock.world.pupils[place]!.name.surname;

describe('the rollover of the year', () => {
  it('is found from the book of orders, planned, applied once and undone', async () => {
    await logIn(page, 'secretary');
    await page.goto('/orders');
    await page.getByRole('link', { name: 'Переход на новый год' }).click();
    await page.getByRole('heading', { name: 'Переход на новый год' }).waitFor();
    await page.getByText('2026/2027 → 2027/2028').first().waitFor();
    await page.getByText('Препятствий нет').waitFor();
    expect(await page.getByRole('button', { name: 'Провести переход…' }).isDisabled()).toBe(true);

    // One pupil stays for a second year; his class of the next year is a new one.
    await page.getByLabel('Ученики класса').selectOption({ label: '5-А' });
    const choice = page.getByLabel(new RegExp(`^${surname(2)}.*переходит в`));
    await choice.selectOption({ label: '5-А, повторно' });
    await page.getByText('План изменён').waitFor();
    await page.getByRole('button', { name: 'Сохранить и пересчитать' }).click();
    await page.getByText('План сохранён').waitFor();
    const staying = page.locator('dl div').filter({ hasText: 'оставлены на повторное обучение' });
    await expect.poll(() => staying.innerText()).toContain('1');
    expect(mock.world.rollover.plan.pupils).toHaveLength(1);

    await page.getByRole('button', { name: 'Провести переход…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Провести переход 2026/2027 → 2027/2028?' });
    await dialog.getByRole('button', { name: 'Провести' }).click();
    await dialog.getByText('Заполните поле').waitFor();
    await dialog.getByLabel('Основание').fill('Решение педагогического совета');
    await dialog.getByRole('button', { name: 'Провести' }).dblclick();
    await page.getByText('Школа работает в 2027/2028 учебном году').waitFor();
    expect(mock.requests.filter((line) => line.includes(':apply')).length).toBe(1);
    await page.getByText('Учебный план и нагрузка').waitFor();
    await page.getByRole('link', { name: 'О переводе в следующий класс, № П-9' }).click();
    await page.locator('article').getByText('О переводе в следующий класс').waitFor();
    expect(await page.getByRole('button', { name: 'Отменить приказ…' }).count()).toBe(0);

    await page.goBack();
    await page.getByRole('button', { name: 'Отменить переход…' }).click();
    const undo = page.getByRole('dialog', { name: 'Отменить переход на новый год?' });
    await undo.getByLabel('Основание').fill('Ошибка в плане');
    await undo.getByRole('button', { name: 'Отменить переход' }).click();
    await page.getByText('Переход отменён').waitFor();
    await page.getByRole('button', { name: 'Сохранить и пересчитать' }).waitFor();
  });

  it('names the class and the pupil that are in the way', async () => {
    await logIn(page, 'director');
    await page.goto('/rollover');
    await page.getByLabel('5-А: переходит в').selectOption({ label: 'не продолжается: каждый по отдельности' });
    await page.getByRole('button', { name: 'Сохранить и пересчитать' }).click();
    await page.getByRole('heading', { name: /^Мешают/ }).waitFor();
    const own = page.getByRole('listitem').filter({ hasText: 'Не выбран класс нового учебного года' }).first();
    expect(await own.innerText()).toContain('5-А');
    expect(await page.getByRole('button', { name: 'Провести переход…' }).isDisabled()).toBe(true);
  });

  it('adds and removes classes of the next year by the keyboard', async () => {
    await logIn(page, 'secretary');
    await page.goto('/rollover');
    await page.getByLabel('Параллель').selectOption('5');
    const add = page.getByRole('button', { name: 'Добавить класс' });
    await add.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('5-А: литера').fill('Я');
    await page.keyboard.press('Tab');
    await page.getByLabel('5-Я: смена').selectOption('2');
    await page.getByRole('button', { name: 'Сохранить и пересчитать' }).click();
    await page.getByText('План сохранён').waitFor();
    expect(mock.world.rollover.plan.nextClasses.filter((one) => one.grade === 5).map((one) => one.letter)).toContain('Я');
    await page.getByRole('button', { name: 'Убрать 5-Я' }).click();
    await expect.poll(() => page.getByLabel('5-Я: смена').count()).toBe(0);
  });

  it('that somebody else has changed is shown anew', async () => {
    await logIn(page, 'secretary');
    await page.goto('/rollover');
    await page.getByLabel('Последний день выпускников').fill('2027-06-25');
    mock.world.rollover.etag = 'v7';
    await page.getByRole('button', { name: 'Сохранить и пересчитать' }).click();
    await page.getByText('План изменил другой сотрудник').waitFor();
    await expect.poll(() => page.getByLabel('Последний день выпускников').inputValue()).toBe('2027-08-31');
  });

  it('is only read by a deputy', async () => {
    await logIn(page, 'deputy');
    await page.goto('/rollover');
    await page.getByText('Препятствий нет').waitFor();
    expect(await page.getByRole('button', { name: 'Сохранить и пересчитать' }).count()).toBe(0);
    expect(await page.getByLabel('5-А: переходит в').isDisabled()).toBe(true);
  });
});
