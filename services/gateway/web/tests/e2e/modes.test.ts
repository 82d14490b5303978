import { describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const dialog = () => page.getByRole('dialog');
const save = () => dialog().getByRole('button', { name: 'Сохранить' }).click();

/** The first pupil of the own class is taught individually. */
function onPaper(): string {
  const [pupil] = mock.world.pupils;
  const more = { pupilId: pupil!.pupilId, startsOn: '2026-11-01', orderNumber: '17-у', orderDate: '2026-10-30' };
  mock.world.modes.list.push({ ...mock.world.modes.list[0]!, modeId: 'jmd_paper', kind: 'JOURNAL_MODE_KIND_PAPER', ...more });
  return pupil!.pupilId;
}

describe('how the journal is kept', () => {
  it('shows the stage and its history, and says why full keeping is refused', async () => {
    await logIn(page, 'director');
    await page.goto('/classes');
    await page.getByRole('link', { name: 'Ведение журнала' }).click();
    await page.getByText('только электронный с 1 сентября 2026').waitFor();
    expect(await page.getByRole('row', { name: /подготовка/ }).getByText('не действует').count()).toBe(1);
    await page.getByRole('button', { name: 'Новое решение' }).click();
    await dialog().getByLabel('только электронный').check();
    await dialog().getByLabel('С какого дня').fill('2026-12-01');
    await save();
    await dialog().getByText(/положение, регламент или приказ/).waitFor();
  });

  it('records once that a pupil is taught on paper, by an order, whatever the answers do', async () => {
    await logIn(page, 'director');
    await page.goto('/journal-modes');
    await page.getByRole('button', { name: 'Новое решение' }).click();
    await dialog().getByLabel('Ученик на индивидуальном обучении').check();
    await dialog().getByRole('combobox', { name: 'Класс' }).selectOption({ label: '5-А' });
    await dialog().getByRole('combobox', { name: 'Ученик' }).locator('option').first().waitFor({ state: 'attached' });
    await save();
    await dialog().getByText(/Укажите номер приказа/).waitFor();
    await dialog().getByLabel('Номер приказа').fill('17-у');
    await dialog().getByLabel('Дата приказа').fill('2026-11-16');
    mock.weather.dropAnswers = 1;
    await save();
    await page.getByText('Решение записано').waitFor();
    await page.getByRole('row', { name: /на бумаге/ }).getByText(/приказ № 17-у/).waitFor();
    expect(mock.world.modes.list.length).toBe(3);
  });

  it('ends a decision, and withdraws one with its reason', async () => {
    onPaper();
    await logIn(page, 'director');
    await page.goto('/journal-modes');
    const row = page.getByRole('row', { name: /на бумаге/ });
    await row.getByRole('button', { name: /Завершить/ }).click();
    await dialog().getByLabel('По какой день').fill('2026-11-17');
    await save();
    await row.getByText('17 ноября 2026').waitFor();
    await row.getByText('не действует').waitFor();
    await row.getByRole('button', { name: /Отменить/ }).click();
    await dialog().getByLabel('Почему').fill('Записано по ошибке');
    await save();
    await row.getByText('отменено').waitFor();
    await row.getByText('Записано по ошибке').waitFor();
  });

  it('is only read by a deputy', async () => {
    await logIn(page, 'deputy');
    await page.goto('/journal-modes');
    await page.getByText('только электронный с 1 сентября 2026').waitFor();
    expect(await page.getByRole('button', { name: 'Новое решение' }).count()).toBe(0);
    expect(await page.locator('td.buttons').count()).toBe(0);
  });

  it('stands at the head of the first screen while the school is on its way', async () => {
    mock.world.modes.list[1]!.kind = 'JOURNAL_MODE_KIND_PILOT';
    await logIn(page, 'teacher');
    await page.getByRole('heading', { name: 'Мои уроки' }).waitFor();
    await page.locator('header').getByText('пилот', { exact: true }).waitFor();
  });

  it('keeps the cells of a pupil on paper closed in the journal', async () => {
    onPaper();
    await logIn(page, 'teacher');
    await page.goto(`/journals/${mock.world.maths.journalId}`);
    const cell = page.locator('[role=gridcell].outside').first();
    await cell.waitFor();
    expect(await cell.getAttribute('title')).toBe('журнал этого ученика ведётся на бумаге');
    const before = await cell.textContent();
    await cell.click();
    await page.keyboard.press('5');
    await page.getByText('Журнал этого ученика в этот день ведётся на бумаге.').first().waitFor();
    expect(await cell.textContent()).toBe(before);
  });

  it('is told to the family in the diary', async () => {
    const child = mock.world.first.pupilId;
    mock.world.modes.list.push({ ...mock.world.modes.list[0]!, modeId: 'jmd_paper', kind: 'JOURNAL_MODE_KIND_PAPER', pupilId: child, startsOn: '2026-11-01' });
    await logIn(page, 'parent');
    await page.goto(`/diary/${child}`);
    await page.getByText(/Журнал ученика ведётся на бумаге/).waitFor();
  });

  it('fits a phone', async () => {
    onPaper();
    await page.setViewportSize(PHONE);
    await logIn(page, 'director');
    await page.goto('/journal-modes');
    await page.getByText('на бумаге').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.getByRole('button', { name: 'Новое решение' }).click();
    await dialog().getByLabel('С какого дня').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });
});
