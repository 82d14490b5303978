import { beforeEach, describe, expect, it } from 'vitest';
import { type MockEntry, type MockTimetable } from '../mock/server.mjs';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const draft = (): MockTimetable => mock.world.timetables.all[0]!;
const lessonOf = (groupTitle: string, subjectTitle: string): MockEntry => draft().entries.find((one) => one.groupTitle === groupTitle && one.subjectTitle === subjectTitle)!;

async function open(): Promise<void> {
  await page.goto(`/timetable?version=${draft().timetable.timetableId}`);
  await page.locator('.week').waitFor();
  await page.getByLabel('Выбор класса').selectOption({ label: '5-А' });
}

const cell = (entry: MockEntry) => page.locator(`#${entry.timetableEntryId}`);

describe('a timetable for the deputy', () => {
  beforeEach(() => logIn(page, 'deputy'));

  it('is reached from the board and shows the version in force, which does not change', async () => {
    await page.goto('/board');
    await page.getByRole('link', { name: 'Расписание' }).click();
    await page.locator('.week').waitFor();
    await page.getByText('Действует, с 1 сентября 2026').waitFor();
    expect(await page.locator('.week button').count()).toBe(0);
    await page.getByRole('button', { name: 'Создать копию' }).click();
    await page.getByLabel('Название').fill('Весна');
    await page.getByRole('button', { name: 'Создать', exact: true }).click();
    await page.locator('.week button').first().waitFor();
    expect(draft().timetable.title).toBe('Весна');
    expect(await page.getByLabel('Версия').textContent()).toContain('№ 3, Весна (Черновик)');
  });

  it('moves a lesson to a free place by keyboard alone', async () => {
    await open();
    const lesson = lessonOf('5-А', 'Биология');
    await cell(lesson).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const free = dialog.getByRole('list', { name: 'Свободные места' }).getByRole('button', { name: 'пт, 6-й урок' });
    await free.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Сохранено').waitFor();
    expect([lesson.weekday, lesson.lessonNumber]).toEqual([5, 6]);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(lesson.timetableEntryId);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('data-number'))).toBe('5');
  });

  it('says what stands against a place and goes there all the same', async () => {
    await open();
    const lesson = lessonOf('5-А', 'Биология');
    await cell(lesson).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Места, где мешают другие уроки').click();
    const taken = dialog.locator('.taken li', { hasText: 'пн, 1-й урок' });
    await taken.getByText('У группы два урока сразу').waitFor();
    await taken.getByRole('button').click();
    await page.getByText('Сохранено').waitFor();
    expect([lesson.weekday, lesson.lessonNumber]).toEqual([1, 1]);
    await cell(lesson).getByText('Ошибка').waitFor();
  });

  it('puts hours that are left, changes a lesson and takes it out', async () => {
    await open();
    await page.getByRole('button', { name: '1 ч: Биология, 5-Б' }).click();
    let dialog = page.getByRole('dialog', { name: 'Биология, 5-Б' });
    await dialog.getByLabel('Кабинет').fill('каб. 40');
    await dialog.getByRole('list', { name: 'Свободные места' }).getByRole('button', { name: 'чт, 6-й урок' }).click();
    await page.getByText('Вся нагрузка стоит в расписании').waitFor();
    const made = draft().entries.find((one) => one.room === 'каб. 40')!;
    expect([made.weekday, made.lessonNumber, made.subjectTitle]).toEqual([4, 6, 'Биология']);

    await page.getByLabel('Выбор класса').selectOption({ label: '5-Б' });
    await cell(made).click();
    dialog = page.getByRole('dialog', { name: 'Биология, 5-Б' });
    await dialog.getByLabel('Кабинет').fill('каб. 41');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await cell(made).getByText('каб. 41').waitFor();
    await cell(made).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: '1 ч: Биология, 5-Б' }).waitFor();
    expect(draft().entries.some((one) => one.timetableEntryId === made.timetableEntryId)).toBe(false);

    await page.getByRole('button', { name: 'Поставить урок: пятница, 6-й урок' }).click();
    dialog = page.getByRole('dialog', { name: 'Поставить урок' });
    expect(await dialog.getByLabel('Что поставить').locator('option').first().textContent()).toContain('Биология, 5-Б');
    await dialog.getByRole('button', { name: 'Поставить', exact: true }).click();
    await expect.poll(() => draft().entries.some((one) => one.groupTitle === '5-Б' && one.subjectTitle === 'Биология' && one.weekday === 5 && one.lessonNumber === 6)).toBe(true);
  });

  it('leads from a conflict to its lesson, also in another view', async () => {
    await open();
    await page.getByRole('button', { name: 'Учитель', exact: true }).click();
    await page.getByRole('button', { name: 'У группы два урока сразу' }).click();
    await page.getByRole('heading', { name: 'Расписание 5-А класса' }).waitFor();
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    expect(focused).toContain('1-й урок');
    await page.getByText('1 ошибка').waitFor();
  });

  it('that a colleague has changed meanwhile is told and nothing is overwritten', async () => {
    await open();
    const lesson = lessonOf('5-А', 'Биология');
    mock.world.timetables.change(draft(), [{ move: { timetableEntryId: lesson.timetableEntryId, weekday: 5, lessonNumber: 5 } }]);
    await cell(lesson).focus();
    await page.keyboard.press('Delete');
    await page.getByText('уже изменил кто-то другой').waitFor();
    expect(draft().entries).toContain(lesson);
    await page.getByRole('button', { name: 'Показать новое' }).click();
    await page.locator(`[data-day="5"][data-number="5"] #${lesson.timetableEntryId}`).waitFor();
  });

  it('has a cycle of two weeks that begins on a Monday', async () => {
    await open();
    await page.getByRole('button', { name: 'Название, недели, срок' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Недель в цикле').selectOption('2');
    await dialog.getByLabel('Понедельник первой недели').fill('2027-01-12');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Выберите понедельник').waitFor();
    await dialog.getByLabel('Понедельник первой недели').fill('2027-01-11');
    await dialog.getByLabel('Утвердить до').fill('2026-12-25');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await expect.poll(() => draft().timetable.cycleWeeks).toBe(2);
    await page.getByText('утвердить до 25 декабря 2026').waitFor();
    const lesson = lessonOf('5-А', 'Биология');
    await cell(lesson).click();
    await dialog.getByLabel('Неделя').selectOption('1');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await cell(lesson).getByText('нед. 1').waitFor();
  });

  it('is thrown away after a question, and approved by others', async () => {
    await open();
    await page.getByRole('button', { name: 'Что изменится…' }).click();
    await page.getByText('Утвердить может директор').waitFor();
    expect(await page.getByRole('button', { name: 'Утвердить', exact: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
    page.once('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Удалить черновик' }).click();
    await page.getByText('Черновик удалён').waitFor();
    expect(mock.world.timetables.all).toHaveLength(1);
  });
});

describe('a timetable for the director', () => {
  beforeEach(() => logIn(page, 'director'));

  it('is approved when it has no errors, after it was said what changes', async () => {
    await open();
    await page.getByRole('button', { name: 'Утвердить…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Сначала исправьте ошибки: 1').waitFor();
    expect(await dialog.getByRole('button', { name: 'Утвердить', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'У группы два урока сразу' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? '')).toContain('Ошибка');

    const clash = lessonOf('5-А', 'История');
    mock.world.timetables.change(draft(), [{ move: { timetableEntryId: clash.timetableEntryId, weekday: 5, lessonNumber: 6 } }]);
    await page.reload();
    await page.locator('.week').waitFor();
    await page.getByRole('button', { name: 'Утвердить…' }).click();
    await dialog.getByLabel('С какого дня').fill('2027-01-12');
    await dialog.getByText('С 12 января:').waitFor();
    await dialog.getByText('37 уроков изменятся').waitFor();
    await dialog.getByText('4 урока отменятся').waitFor();
    await dialog.getByRole('button', { name: 'Утвердить', exact: true }).click();
    await page.getByText('Вступит в силу, с 12 января 2027').waitFor();
    expect([draft().timetable.state, draft().timetable.validFrom]).toEqual(['TIMETABLE_STATE_APPROVED', '2027-01-12']);
  });
});

describe('a timetable for a teacher', () => {
  beforeEach(() => logIn(page, 'teacher'));

  it('is the own one first, to be read and printed', async () => {
    await page.goto('/timetable');
    await page.getByRole('heading', { name: /Расписание: Журавлёва/ }).waitFor();
    expect(await page.locator('.week button').count()).toBe(0);
    await page.locator('.week').getByText('Математика').first().waitFor();
    await page.getByRole('button', { name: 'Кабинет', exact: true }).click();
    await page.getByRole('heading', { name: 'Расписание: каб. 10' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Печать' }).isVisible()).toBe(false);
    expect(await page.locator('.week section').count()).toBe(5);
  });

  it('fits a phone, day under day', async () => {
    await page.setViewportSize(PHONE);
    await page.goto('/timetable');
    await page.locator('.week section').first().waitFor();
    const boxes = await page.locator('.week section').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(boxes).size).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });
});
