import { beforeEach, describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const button = (name: string | RegExp) => page.getByRole('button', { name });
const dialog = () => page.getByRole('dialog');
const NEXT = '/school-year?open=next';

describe('the next school year for the deputy', () => {
  beforeEach(async () => {
    await logIn(page, 'deputy');
    page.on('dialog', (one) => void one.accept());
  });

  it('is drafted, corrected and opened, and tells what to do next', async () => {
    await page.goto('/school-year');
    await button('Открыть 2027/2028 учебный год').click();
    await page.getByText('Составлено по 2026/2027 учебному году').waitFor();
    await button('Добавить выходной').click();
    await dialog().getByLabel('Название').fill('День школы');
    await dialog().getByLabel('Дата').fill('2028-04-10');
    await dialog().getByRole('button', { name: 'Изменить' }).click();
    await page.getByLabel('Учебная неделя').selectOption('6');
    await page.getByLabel('1 смена, 1 урок: начало').fill('07:55');
    await button('Открыть 2027/2028 учебный год').click();
    await page.getByText('Что дальше для 2027/2028 учебного года').waitFor();
    const opened = mock.world.year.next!.calendar;
    expect([opened.academicYear, opened.studyWeekDays, opened.bells[0]!.startsAt]).toEqual(['2027/2028', 6, '07:55']);
    expect(opened.daysOff.map((one) => one.date)).toContain('2028-04-10');
    expect(await page.getByLabel('Учебный год').inputValue()).toBe('2027/2028');
    await page.getByLabel('Учебный год').selectOption('2026/2027');
    await page.getByText('2026/2027, 5-дневная неделя').waitFor();
    expect(await button(/^Открыть/).count()).toBe(0);
  });

  it('names what is missing and what the server refuses', async () => {
    mock.world.year.nextGaps = ['SCHOOL_YEAR_GAP_REGIONAL_CALENDAR', 'SCHOOL_YEAR_GAP_CLASSES'];
    await page.goto(NEXT);
    await page.getByText('Регионального календаря на этот год ещё нет').waitFor();
    await page.getByRole('link', { name: 'Переход на новый год' }).first().waitFor();
    await page.getByLabel('1 смена, 2 урок: конец').fill('08:00');
    await button('Открыть 2027/2028 учебный год').click();
    await page.getByText('1 смена, 2 урок: урок заканчивается не позже').waitFor();
    expect(mock.world.year.next).toBeUndefined();
  });

  it('gets the loads of the year before, and a timetable of their lessons', async () => {
    mock.world.openNext();
    await page.goto('/loads?view=STUDY_DOCUMENT_KIND_TEACHING_LOAD&year=2027%2F2028');
    await button('Перенести с прошлого года').click();
    await page.getByText('Будет перенесено: 3, с 1 сентября 2027').waitFor();
    await page.getByText('Учитель больше не работает: 1').waitFor();
    await dialog().getByRole('button', { name: 'Перенести' }).click();
    await page.getByText('Перенесено: 3').waitFor();
    expect(mock.world.study.all.at(-1)?.academicYear).toBe('2027/2028');

    await page.goto('/timetable?year=2027%2F2028');
    await button('Взять уроки прошлого года').click();
    await page.getByText('Не перенесено: 2 урока').waitFor();
    await page.locator('.week').first().waitFor();
  });

  it('fits a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.goto(NEXT);
    await page.locator('input[type=time]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe('bells', () => {
  it('are changed with what they do told first, and one that the timetable needs stays', async () => {
    await logIn(page, 'deputy');
    await page.goto('/school-year');
    await button(/^Убрать 6 урок/).click();
    await button('Проверить и сохранить').click();
    await page.getByText('звонок нужен расписанию: 1 смена, 6 урок').waitFor();
    await dialog().getByRole('button', { name: 'Закрыть' }).last().click();
    await button('Отменить изменения').click();
    await button(/^Добавить урок/).click();
    await page.getByLabel('1 смена, 1 урок: начало').fill('07:50');
    await button('Проверить и сохранить').click();
    await page.getByText('1800 уроков изменят время').waitFor();
    await dialog().getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Календарь сохранён').waitFor();
    const { bells } = mock.world.year.calendar;
    expect([bells.length, bells[0]!.startsAt, bells[6]!.startsAt]).toEqual([7, '07:50', '13:20']);
  });

  it('are read by the director', async () => {
    await logIn(page, 'director');
    await page.goto('/school-year');
    await page.getByRole('heading', { name: 'Звонки' }).waitFor();
    expect(await page.locator('input[type=time]').count()).toBe(0);
    expect(await button(/^Открыть/).count()).toBe(0);
  });
});

describe('journals', () => {
  it('are those of today, and of a past year when asked for', async () => {
    await logIn(page, 'deputy');
    await page.goto('/journals');
    await page.locator('ul.groups a').first().waitFor();
    expect(await page.getByLabel('Учебный год').inputValue()).toBe('2026/2027');
    expect(await page.locator('ul.groups a').count()).toBeGreaterThan(1);
    await page.getByLabel('Учебный год').selectOption('2025/2026');
    await expect.poll(() => page.locator('ul.groups a').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('year')).toBe('2025/2026');
  });
});
