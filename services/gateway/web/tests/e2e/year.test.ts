import { beforeEach, describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const KIND = 'STUDY_DOCUMENT_KIND_CALENDAR';
const newest = () => mock.world.study.all.filter((one) => one.kind === KIND).at(-1);
const button = (name: string | RegExp) => page.getByRole('button', { name });
const dialog = () => page.getByRole('dialog');

async function save(): Promise<void> {
  await button('Проверить и сохранить').click();
  await dialog().getByRole('button', { name: 'Сохранить' }).click();
  await page.getByText('Календарь сохранён').waitFor();
}

describe('the school year for the deputy', () => {
  beforeEach(() => logIn(page, 'deputy'));

  it('is reached from the board; a day off is added and what it does is shown first', async () => {
    await page.goto('/board');
    await page.getByRole('link', { name: 'Учебный год' }).click();
    await button('Добавить выходной').click();
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await page.getByText('Укажите название').waitFor();
    await dialog().getByLabel('Название').fill('День школы');
    await dialog().getByLabel('Дата').fill('2026-12-07');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await page.getByText('Изменения не сохранены').waitFor();
    await button('Проверить и сохранить').click();
    await page.getByText('12 уроков уйдут').waitFor();
    await page.getByText('останется в нём как отменённый').waitFor();
    await page.getByText('5 класс: учебных дней 163 вместо 164').waitFor();
    expect(newest()).toBeUndefined();
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Календарь сохранён').waitFor();
    await page.getByText('Не утверждён').waitFor();
    expect(mock.world.year.calendar.daysOff.map((one) => one.date)).toContain('2026-12-07');
    expect(newest()?.number).toBe(1);
  });

  it('moves a term boundary, adds holidays and a shortened day, takes a day away', async () => {
    await page.goto('/school-year');
    const before = mock.world.year.calendar.periods[1]!.periodId;
    await button(/^Изменить\s*2 четверть/).click();
    expect(await dialog().getByLabel('Первый день').isDisabled()).toBe(true);
    await dialog().getByLabel('Последний день').fill('2026-12-25');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await page.getByText('26 декабря – 10 января 2027').waitFor();
    await button('Добавить каникулы').click();
    await dialog().getByLabel('Название').fill('Карантин');
    await dialog().getByLabel('Первый день').fill('2027-02-01');
    await dialog().getByLabel('Последний день').fill('2027-02-05');
    await dialog().getByLabel('По класс').selectOption('4');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await page.getByText('1–4 классы').waitFor();
    await button('Добавить сокращённый день').click();
    await dialog().getByLabel('Название').fill('Перед праздником');
    await dialog().getByLabel('Дата').fill('2027-02-22');
    await dialog().getByLabel('Минут в уроке').fill('35');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await button(/^Убрать\s*Международный женский день/).click();
    await save();
    const { periods, holidays, shortenedDays, daysOff } = mock.world.year.calendar;
    expect([periods[1]!.endsOn, periods[1]!.periodId]).toEqual(['2026-12-25', before]);
    expect(holidays.map((one) => [one.title, one.gradeTo])).toEqual([['Карантин', 4], ['Дополнительные каникулы', 1]]);
    expect(shortenedDays.map((one) => [one.date, one.lessonMinutes])).toEqual([['2026-12-25', 30], ['2027-02-22', 35]]);
    expect(daysOff.some((one) => one.date === '2027-03-08')).toBe(false);
  });

  it('takes over what the region names', async () => {
    await page.goto('/school-year');
    await page.getByText('Регион называет ещё 1 выходной день').waitFor();
    await button('Взять из региона').click();
    await save();
    expect(mock.world.year.regionalVersion).toBe(2);
    await expect.poll(() => page.getByText('Регион называет ещё').count()).toBe(0);
  });

  it('names what the server refuses, and forgets changes when asked', async () => {
    await page.goto('/school-year');
    await button('Добавить выходной').click();
    await dialog().getByLabel('Название').fill('Вчера');
    await dialog().getByLabel('Дата').fill('2026-11-17');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await button('Проверить и сохранить').click();
    await page.getByText('Вчера: меняется прошедший день').waitFor();
    expect(await dialog().getByRole('button', { name: 'Сохранить' }).isDisabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Закрыть' }).last().click();
    await button('Отменить изменения').click();
    await expect.poll(() => page.getByText('Изменения не сохранены').count()).toBe(0);
    // The past has no buttons.
    expect(await button(/День народного единства/).count()).toBe(0);
  });

  it('tells of a change in another window instead of writing over it', async () => {
    await page.goto('/school-year');
    await button('Взять из региона').click();
    const { study } = mock.world;
    study.all.push({ ...study.all[0]!, studyDocumentId: 'sdc_0000000000000000000000000000ffff', kind: KIND, etag: 'v9' });
    await button('Проверить и сохранить').click();
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Календарь уже изменён в другом окне.').waitFor();
    await button('Обновить').click();
    await page.getByText('Регион называет ещё').waitFor();
    expect(await page.getByText('Изменения не сохранены').count()).toBe(0);
  });

  it('has a day by which the director is to approve it', async () => {
    await page.goto('/school-year');
    await button('Срок утверждения').click();
    await dialog().getByLabel('Утвердить до').fill('2026-11-10');
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Срок утверждения прошёл').waitFor();
    expect(newest()?.approveBy).toBe('2026-11-10');
  });

  it('fits a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.goto('/school-year');
    await page.locator('section table').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe('the school year for the director', () => {
  it('is read and approved', async () => {
    const { study } = mock.world;
    study.all.push({ ...study.all[0]!, studyDocumentId: 'sdc_0000000000000000000000000000fffe', kind: KIND, approveBy: '', etag: 'v1' });
    await logIn(page, 'director');
    page.on('dialog', (one) => void one.accept());
    await page.goto('/school-year');
    await page.locator('section table').first().waitFor();
    expect(await button(/^(Изменить|Убрать|Добавить)/).count()).toBe(0);
    await button('Утвердить').click();
    await page.getByText('Календарь утверждён').waitFor();
    expect(newest()?.state).toBe('STUDY_DOCUMENT_STATE_APPROVED');
    await expect.poll(() => button('Утвердить').count()).toBe(0);
  });

  it('shows what was approved before', async () => {
    const { study, year } = mock.world;
    const first = { ...study.all[0]!, studyDocumentId: 'sdc_0000000000000000000000000000fffc', kind: KIND, number: 1, title: '', state: 'STUDY_DOCUMENT_STATE_APPROVED', approvedAt: '2026-09-01T06:00:00Z' };
    study.all.push(first, { ...first, studyDocumentId: 'sdc_0000000000000000000000000000fffd', number: 2, state: 'STUDY_DOCUMENT_STATE_DRAFT', approvedAt: '' });
    study.calendars.set(first.studyDocumentId, { ...year.calendar, daysOff: [{ date: '2026-12-07', title: 'День школы', regional: false }] });
    await logIn(page, 'deputy');
    await page.goto('/school-year');
    await page.getByLabel('Редакция').selectOption({ label: '№ 1 (Утверждён)' });
    await page.getByText('День школы').waitFor();
    expect(await button(/^(Изменить|Убрать|Добавить)/).count()).toBe(0);
    await page.getByLabel('Редакция').selectOption({ label: 'Действующий календарь' });
    await page.getByRole('rowheader', { name: 'Международный женский день' }).waitFor();
    await button('Добавить выходной').waitFor();
  });
});
