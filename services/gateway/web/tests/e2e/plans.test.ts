import { beforeEach, describe, expect, it } from 'vitest';
import { type MockPlan } from '../mock/server.mjs';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

const TODAY = '2026-11-18';

scene();

const planOf = (groupTitle: string): MockPlan => [...mock.world.plans.values()].find((one) => one.groupTitle === groupTitle && ['Математика', 'Алгебра'].includes(one.subjectTitle))!;

async function open(groupTitle: string): Promise<MockPlan> {
  const plan = planOf(groupTitle);
  await page.goto(`/lesson-plans/${plan.groupId}/${plan.subjectId}`);
  await page.locator('table.themes').waitFor();
  return plan;
}

const cell = (column: string, row: number) => page.getByLabel(`${column}, строка ${row}`, { exact: true });

/** Puts text into the clipboard of the page and pastes it into what has the focus. */
async function paste(text: string): Promise<void> {
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

describe('lesson plans of a teacher', () => {
  beforeEach(() => logIn(page, 'teacher'));

  it('are listed with their state and the difference of hours, the own ones only', async () => {
    await page.getByRole('link', { name: 'КТП' }).click();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(4);
    const short = page.locator('tbody tr', { hasText: '5-Б' });
    await short.getByText('не хватает: 8').waitFor();
    await short.getByText('Черновик').waitFor();
    await page.getByRole('button', { name: 'Нет плана' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody').getByRole('link', { name: '7-А' }).click();
    await page.getByRole('heading', { name: '7-А, Алгебра' }).waitFor();
  });

  it('are written by keyboard and paste and summed against the hours of the load', async () => {
    const plan = await open('7-А');
    await page.getByText('0 из 68 часов').waitFor();
    await cell('Тема урока', 1).focus();
    await paste('Выражения\t20\tКонтрольная работа\t"§ 1\n№ 5"\nУравнения\t47\n');
    await page.getByText('Не хватает: 1 час').waitFor();
    expect(await cell('Домашнее задание', 1).inputValue()).toBe('§ 1\n№ 5');
    expect(await cell('Вид контроля', 1).inputValue()).toBe('CONTROL_KIND_CONTROL_WORK');
    await cell('Тема урока', 2).press('Enter');
    await page.keyboard.type('Повторение');
    await page.getByText('Часов столько, сколько нужно').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    expect(await cell('Тема урока', 2).inputValue()).toBe('Повторение');
    await page.keyboard.press('Control+KeyS');
    await page.getByText('План сохранён', { exact: true }).waitFor();
    expect(planOf('7-А').themes.map((one) => [one.title, one.hours])).toEqual([['Выражения', 20], ['Повторение', 1], ['Уравнения', 47]]);
    expect(plan.state).toBe('LESSON_PLAN_STATE_DRAFT');
    await cell('Тема урока', 3).press('Alt+Delete');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('План сохранён как черновик: не хватает 47 часов').waitFor();
  });

  it('say before they are sent which row is wrong', async () => {
    await open('7-А');
    await cell('Тема урока', 1).fill('Выражения');
    await cell('Часы', 1).fill('0');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Строка 1: часы').waitFor();
    expect(planOf('7-А').etag).toBe('');
  });

  it('that somebody else has saved meanwhile are not lost on either side', async () => {
    const plan = await open('5-Б');
    await cell('Тема урока', 1).fill('Моя тема');
    mock.world.putPlan(plan, { title: 'Чужой', themes: [{ title: 'Чужая тема', hours: 170 }] });
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('План сохранил кто-то другой').waitFor();
    expect(planOf('5-Б').themes[0]!.title).toBe('Чужая тема');
    await page.getByRole('button', { name: 'Сохранить мой поверх' }).click();
    await page.getByText('План сохранён как черновик').waitFor();
    expect(planOf('5-Б').themes[0]!.title).toBe('Моя тема');
    expect(planOf('5-Б').themes).toHaveLength(13);
  });

  it('are read from a table, refused rows by name', async () => {
    await open('7-А');
    await page.getByRole('button', { name: 'Из таблицы' }).click();
    const dialog = page.getByRole('dialog', { name: 'Темы из таблицы' });
    await dialog.getByRole('button', { name: 'Проверить' }).click();
    await dialog.getByText('Вставьте таблицу').waitFor();
    await dialog.getByLabel('Таблица').fill('Выражения\t68\nУравнения\tмного');
    await dialog.getByRole('button', { name: 'Проверить' }).click();
    await dialog.getByText('Прочитано: 1 тема').waitFor();
    await dialog.getByRole('row', { name: /2 «Часы» много/ }).waitFor();
    await dialog.getByRole('button', { name: 'Заменить все темы' }).click();
    await page.getByText('Часов столько, сколько нужно').waitFor();
    expect(planOf('7-А').etag).toBe('');
  });

  it('are copied to a parallel class, and not over a plan unless that is said', async () => {
    await open('5-А');
    await page.getByRole('button', { name: 'Копировать…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /^5-Б/ }).check();
    await dialog.getByRole('button', { name: 'Копировать' }).click();
    await dialog.getByText('план уже есть').waitFor();
    await dialog.getByLabel('Заменить планы').check();
    await dialog.getByRole('button', { name: 'Копировать' }).click();
    await page.getByText('Скопировано: 1').waitFor();
    expect(planOf('5-Б').plannedHours).toBe(170);
  });

  it('give the next theme to the lesson by one key', async () => {
    const lesson = mock.world.columns.find((one) => one.date === TODAY)!;
    await page.goto(`/journals/${mock.world.maths.journalId}?view=list&lesson=${lesson.lessonId}`);
    await page.locator('.pupils').waitFor();
    await page.locator('button.topic').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Тема урока').focus();
    await page.keyboard.press('Alt+KeyK');
    await dialog.getByText('Тема 8 из 16').waitFor();
    expect(await dialog.getByLabel('Тема урока').inputValue()).toBe('Вычитание смешанных чисел');
    expect(await dialog.getByLabel('Домашнее задание').inputValue()).toBe('§ 12, № 430 (а, б)');
    await dialog.getByLabel('Тема плана').selectOption({ label: '11. Контрольная работа № 3' });
    expect(await dialog.getByLabel('Вид контроля').inputValue()).toBe('CONTROL_KIND_CONTROL_WORK');
    await dialog.getByLabel('Тема плана').selectOption({ label: '8. Вычитание смешанных чисел' });
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Урок записан').waitFor();
    expect(lesson).toMatchObject({ topic: 'Вычитание смешанных чисел', homework: '§ 12, № 430 (а, б)' });
  });
});

describe('lesson plans for the deputy', () => {
  beforeEach(() => logIn(page, 'deputy'));

  it('are found by state, class and hours', async () => {
    await page.getByRole('link', { name: 'КТП' }).click();
    await page.getByRole('button', { name: /^Утверждён/ }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: /^Все/ }).click();
    await page.getByLabel('Параллель').selectOption('8');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody tr', { hasText: 'Возвращён' }).waitFor();
    await page.getByLabel('Параллель').selectOption('');
    await page.getByLabel('Часы не сходятся').check();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody tr', { hasText: '5-Б' }).waitFor();
  });

  it('are approved when the hours are right, and returned with a remark', async () => {
    const plan = await open('5-Б');
    expect(await page.getByRole('button', { name: 'Утвердить' }).isDisabled()).toBe(true);
    await cell('Часы', 13).fill('158');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('План сохранён', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Утвердить' }).click();
    await page.getByText('План утверждён').waitFor();
    expect(plan.state).toBe('LESSON_PLAN_STATE_APPROVED');
    await page.getByRole('button', { name: 'Вернуть' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Вернуть' }).click();
    await dialog.getByText('Напишите, что исправить').waitFor();
    await dialog.getByLabel('Что исправить').fill('Добавьте повторение');
    await dialog.getByRole('button', { name: 'Вернуть' }).click();
    await page.getByText('План возвращён:').waitFor();
    expect(plan).toMatchObject({ state: 'LESSON_PLAN_STATE_RETURNED', remark: 'Добавьте повторение' });
  });
});

it('a director looks at a plan and changes nothing', async () => {
  await logIn(page, 'director');
  await open('5-А');
  await page.getByText('Только просмотр.').waitFor();
  expect(await page.locator('table.themes input').count()).toBe(0);
  expect(await page.getByRole('button', { name: /Сохранить|Утвердить|Вернуть/ }).count()).toBe(0);
});
