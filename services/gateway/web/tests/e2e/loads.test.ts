import { beforeEach, describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const CURRICULUM = 'STUDY_DOCUMENT_KIND_CURRICULUM';
const LOAD = 'STUDY_DOCUMENT_KIND_TEACHING_LOAD';
const TARIFF = 'STUDY_DOCUMENT_KIND_TARIFF';
const newest = (kind: string) => mock.world.study.all.filter((one) => one.kind === kind).at(-1)!;

describe('curriculum and load for the deputy', () => {
  beforeEach(() => logIn(page, 'deputy'));

  it('is reached from the board and saves hours of the curriculum', async () => {
    await page.goto('/board');
    await page.getByRole('link', { name: 'План и нагрузка' }).click();
    await page.getByText('Срок утверждения прошёл', { exact: true }).last().waitFor();
    await page.getByLabel('6 класс, Русский язык: часов в неделю').fill('1,5');
    await page.getByPlaceholder('Предмет').fill('Астрономия');
    await page.getByRole('button', { name: 'Добавить предмет' }).click();
    await page.getByLabel('5 класс, Астрономия: часов в неделю').fill('х');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Часы пишутся числом').waitFor();
    await page.getByLabel('5 класс, Астрономия: часов в неделю').fill('1');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Сохранено').waitFor();
    const lines = mock.world.study.lines.get(newest(CURRICULUM).studyDocumentId)!;
    expect(lines.map((line) => [line.grade, line.subjectTitle, line.weeklyHoursHundredths, line.yearlyHours])).toEqual([
      [5, 'Математика', 300, 102], [6, 'Математика', 300, 102], [5, 'Русский язык', 250, 85], [6, 'Русский язык', 150, 51], [5, 'Астрономия', 100, 34],
    ]);
  });

  it('changes the teacher of a load from a day on and opens the draft of the timetable', async () => {
    await page.goto(`/loads?view=${LOAD}`);
    await page.getByPlaceholder('Учитель, группа или предмет').fill('5-А Биол');
    await page.getByRole('button', { name: 'Изменить… 5-А, Биология' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('С какого дня').fill('2026-12-01');
    await dialog.getByLabel('Учитель').selectOption({ index: 0 });
    await dialog.getByLabel('Часов в неделю').fill('2,5');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Черновик расписания готов').waitFor();
    const [before, after] = mock.world.study.loads.filter((one) => one.groupTitle === '5-А' && one.teachingLoad.subjectTitle === 'Биология').map((one) => one.teachingLoad);
    expect([before!.endsOn, after!.startsOn, after!.weeklyHoursHundredths]).toEqual(['2026-11-30', '2026-12-01', 250]);
    expect(before!.teacherId).not.toBe(after!.teacherId);
    await page.getByRole('link', { name: 'Открыть черновик' }).click();
    await page.locator('.week button').first().waitFor();
  });

  it('says what the timetable lacks when no draft is wanted', async () => {
    await page.goto(`/loads?view=${LOAD}`);
    await page.getByRole('button', { name: 'Изменить… 6-А, История' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Подготовить черновик').uncheck();
    await dialog.getByLabel('Часов в неделю').fill('4');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('по нагрузке 4 ч, в расписании 1 ч').waitFor();
  });

  it('shows what classes lack, and begins the tariff order', async () => {
    await page.goto('/loads?view=classes');
    await page.getByText('не хватает 0,5').first().waitFor();
    await page.getByText('лишних 2').first().waitFor();
    await page.getByRole('button', { name: 'По учителям' }).click();
    await page.getByText('1 нагрузка').first().waitFor();
    await page.getByRole('button', { name: 'Тарификация' }).click();
    await page.getByText('Приказа о тарификации ещё нет').waitFor();
    await page.getByRole('button', { name: 'Начать' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Номер приказа').fill('41-к');
    await dialog.getByLabel('Дата приказа').fill('2026-11-18');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('приказ № 41-к от 18 ноября 2026').waitFor();
    expect(newest(TARIFF).orderNumber).toBe('41-к');
  });

  it('tells of a change in another window instead of writing over it', async () => {
    await page.goto('/loads');
    await page.getByLabel('5 класс, Математика: часов в неделю').fill('5');
    newest(CURRICULUM).etag = 'v9';
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Документ уже изменён в другом окне.').waitFor();
    await page.getByRole('button', { name: 'Обновить' }).click();
    await expect.poll(() => page.getByLabel('5 класс, Математика: часов в неделю').inputValue()).toBe('3');
  });
});

describe('approval by the director', () => {
  beforeEach(() => logIn(page, 'director'));

  it('approves curriculum and load, after which a change needs a new version', async () => {
    page.on('dialog', (dialog) => void dialog.accept());
    for (const kind of [CURRICULUM, LOAD]) {
      await page.goto(`/loads?view=${kind}`);
      await page.getByRole('button', { name: 'Утвердить', exact: true }).click();
      await page.getByText('Утверждён', { exact: true }).waitFor();
      expect(newest(kind).state).toBe('STUDY_DOCUMENT_STATE_APPROVED');
    }
    expect(await page.getByRole('button', { name: 'Утвердить', exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /Изменить/ }).count()).toBe(0);
    await page.goto('/loads');
    expect(await page.getByLabel('5 класс, Математика: часов в неделю').count()).toBe(0);
  });

  it('fits a phone', async () => {
    await page.setViewportSize(PHONE);
    for (const view of [CURRICULUM, LOAD, TARIFF, 'classes', 'teachers']) {
      await page.goto(`/loads?view=${view}`);
      await page.locator('table, .empty').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
});
