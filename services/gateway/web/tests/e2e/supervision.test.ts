import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const changes = () => mock.requests.filter((line) => line.startsWith('PUT') && line.endsWith('/supervision')).length;

describe('who decides on corrections', () => {
  it('is found from the requests, and changed by the director alone', async () => {
    await logIn(page, 'director');
    await page.goto('/corrections');
    await page.getByRole('link', { name: 'Кто решает' }).click();
    await page.getByRole('row', { name: /5–9/ }).waitFor();
    await page.getByText(/решает директор/).first().waitFor();
    await page.getByRole('button', { name: 'Изменить' }).click();
    await page.getByRole('group', { name: 'Строка 1' }).getByLabel('С класса').selectOption('10');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Последний класс не раньше первого').waitFor();
    await page.getByRole('group', { name: 'Строка 1' }).getByLabel('С класса').selectOption('1');
    await page.getByRole('group', { name: 'Строка 1' }).getByLabel('По класс').selectOption('6');
    await page.getByRole('button', { name: 'Добавить' }).click();
    await page.getByRole('group', { name: 'Строка 2' }).getByLabel('С класса').selectOption('7');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Записано, действует с сегодняшнего дня').waitFor();
    await page.getByRole('row', { name: /1–6/ }).waitFor();
    await page.getByRole('row', { name: /7–11/ }).waitFor();
    expect(changes()).toBe(2);
  });

  it('is only read by a teacher', async () => {
    await logIn(page, 'teacher');
    await page.goto('/supervision');
    await page.getByRole('row', { name: /5–9/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Изменить' }).count()).toBe(0);
  });
});
