import { beforeEach, describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const workbook = (name: string, size = 1) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(size, 'x') });

describe('import', () => {
  beforeEach(async () => {
    await logIn(page, 'region');
    await page.waitForSelector('.drop');
  });

  it('refuses a wrong file before it is sent', async () => {
    await page.setInputFiles('input[type=file]', workbook('школа.pdf'));
    await page.getByText('Нужна книга Excel (.xlsx) или архив (.zip)').waitFor();
    await page.setInputFiles('input[type=file]', workbook('школа.xlsx', 17 * 1024 * 1024));
    await page.getByText('Файл больше 16 МБ.').waitFor();
    expect(mock.requests.some((line) => line.includes('upload'))).toBe(false);
  });

  it('takes an archive as well', async () => {
    await page.setInputFiles('input[type=file]', workbook('oneroster.zip'));
    await page.getByRole('heading', { name: /Средняя школа/ }).waitFor();
  });

  it('shows every finding, applies without the refused rows and goes on to the staff', async () => {
    await page.setInputFiles('input[type=file]', workbook('school-31-messy.xlsx'));
    await page.getByRole('row', { name: /31\.02\.2014/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(8);
    await page.getByRole('button', { name: /Исправлено/ }).click();
    await page.getByRole('row', { name: /5 а/ }).getByText('5-А').waitFor();
    await page.getByRole('button', { name: 'Все строки' }).click();
    await page.getByLabel('Решение').selectOption('ROW_VERDICT_ERROR');
    await expect.poll(() => page.getByRole('row').count()).toBe(8);
    const apply = page.getByRole('button', { name: 'Применить', exact: true });
    expect(await apply.isDisabled()).toBe(true);
    await page.getByLabel(/Применить без строк/).check();
    await apply.click();
    await page.getByRole('status').getByText('Создаём школу').waitFor();
    await page.getByText('Школа создана').waitFor();
    await page.getByRole('link', { name: 'К сотрудникам' }).click();
    await page.getByRole('heading', { name: 'Сотрудники' }).waitFor();
    expect(new URL(page.url()).searchParams.get('school')).toMatch(/^sch_/);
    await page.getByRole('row').nth(1).waitFor();
  });
});

describe('export', () => {
  it('asks who is here and hands the school over in either form', async () => {
    await logIn(page, 'admin');
    await page.goto('/export');
    mock.stepUp = 'PASSWORD';
    const workbook = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Выгрузить книгу' }).click();
    const asked = page.getByRole('dialog', { name: 'Подтвердите, что это вы' });
    await asked.getByLabel('Ваш пароль').fill('верный пароль');
    await page.keyboard.press('Enter');
    expect((await workbook).suggestedFilename()).toBe('school.xlsx');
    await page.getByText('Файл school.xlsx передан браузеру.').waitFor();
    const zip = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Выгрузить пакет' }).click();
    expect((await zip).suggestedFilename()).toBe('oneroster.zip');
  });
});

describe('codes', () => {
  it('of a class are printed once, ten on a page, and guarded until then', async () => {
    await logIn(page, 'teacher');
    await page.goto('/my-class');
    await page.getByRole('button', { name: 'Коды родителям' }).click();
    await page.waitForSelector('.slip');
    const slips = await page.locator('.slip').count();
    expect(slips).toBe(16);
    expect(await page.locator('.slip .code').first().textContent()).toMatch(/^([A-Z0-9]{4}-){4}[A-Z0-9]{4}$/);
    expect(await page.locator('.slip img').first().evaluate((image: HTMLImageElement) => image.naturalWidth > 0)).toBe(true);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)?.length).toBe(2);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    await page.getByRole('link', { name: 'Отчёты' }).click();
    expect(await page.locator('.slip').count()).toBe(slips);
    await page.getByRole('button', { name: 'Закончить' }).click();
    await page.getByRole('heading', { name: 'Ученики' }).waitFor();
    expect(asked).toEqual(['confirm', 'confirm']);
  });

  it('of staff are issued to the chosen and can be revoked', async () => {
    await logIn(page, 'admin');
    await page.getByRole('button', { name: 'Ещё не вошли' }).click();
    await page.getByRole('checkbox', { name: /^Выбрать:/ }).first().check();
    await page.getByRole('checkbox', { name: /^Выбрать:/ }).nth(1).check();
    await page.getByRole('button', { name: 'Выдать коды: 2' }).click();
    await expect.poll(() => page.locator('.slip').count()).toBe(2);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Закончить' }).click();
    const issued = page.locator('.chip', { hasText: 'код выдан' });
    await issued.first().waitFor();
    const before = await issued.count();
    await page.getByRole('button', { name: /^Отозвать/ }).first().click();
    await expect.poll(() => issued.count()).toBe(before - 1);
  });
});

describe('control', () => {
  beforeEach(() => logIn(page, 'deputy'));

  it('leads from a figure to the lesson, by an address that can be sent', async () => {
    await page.getByRole('button', { name: /Не заполнены: 3-В/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Незаполненные уроки' });
    await dialog.getByText('3-В').waitFor();
    expect(new URL(page.url()).searchParams.get('figure')).toBe('LESSON_FIGURE_UNFILLED');
    await page.reload();
    await dialog.getByRole('link').first().click();
    await page.waitForURL('**/journals/**');
    await page.goBack();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('orders by a figure and changes to teachers', async () => {
    await page.getByRole('button', { name: 'По учителям' }).click();
    await page.getByRole('columnheader', { name: 'Учитель' }).waitFor();
    await page.getByRole('columnheader', { name: 'Не заполнены' }).getByRole('button').click();
    const column = await page.locator('tbody td[data-label="Не заполнены"]').allInnerTexts();
    const numbers = column.map((text) => Number.parseInt(text, 10));
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  });

  it('approves a request and refuses one in writing', async () => {
    await page.getByRole('link', { name: 'Заявки' }).click();
    await page.getByRole('button', { name: 'Одобрить' }).first().click();
    await page.getByText('Одобрено, клетка изменена').waitFor();
    await page.getByRole('button', { name: 'Отклонить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Отклонить' }).click();
    await expect.poll(() => dialog.getByRole('alert').textContent()).toMatch(/Не короче 5/);
    await dialog.getByLabel('Почему нет').fill('Справка не от врача');
    await dialog.getByRole('button', { name: 'Отклонить' }).click();
    await page.getByText('Заявок здесь нет').waitFor();
    expect(mock.world.corrections.map((item) => item.state).sort()).toEqual(['CORRECTION_STATE_APPROVED', 'CORRECTION_STATE_REFUSED', 'CORRECTION_STATE_REFUSED']);
  });

  it('puts a substitute on a lesson, takes it back, cancels one, and both stand in the register', async () => {
    await page.getByRole('link', { name: 'Замены' }).click();
    const row = page.locator('tbody tr').first();
    await row.getByRole('button', { name: /^Заменить/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Замена учителя' });
    await dialog.getByRole('radio').first().waitFor();
    await dialog.getByRole('button', { name: 'Заменить' }).click();
    await dialog.getByText('Выберите учителя').waitFor();
    await dialog.getByRole('radio').first().check();
    await dialog.getByRole('button', { name: 'Заменить' }).click();
    await dialog.getByText('Укажите причину').waitFor();
    await dialog.getByLabel('Причина').fill('болезнь');
    await dialog.getByRole('button', { name: 'Заменить' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(mock.world.scheduled[0]).toMatchObject({ stateReason: 'болезнь' });
    await row.getByRole('button', { name: /^Вернуть/ }).click();
    await page.getByText('Урок снова ведёт').waitFor();
    expect(mock.world.scheduled[0]).toMatchObject({ substituteId: '' });
    await row.getByRole('button', { name: /^Отменить урок/ }).click();
    const cancel = page.getByRole('dialog', { name: 'Отмена урока' });
    // The reason of the lesson before is there already.
    expect(await cancel.getByLabel('Причина').inputValue()).toBe('болезнь');
    await cancel.getByRole('button', { name: 'Отменить урок' }).click();
    await row.getByText('отменён').waitFor();
    await page.getByRole('button', { name: 'Журнал замен' }).click();
    await page.getByRole('columnheader', { name: 'Кто провёл' }).waitFor();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  });

  it('runs a report with progress and gives its files', async () => {
    await page.getByRole('link', { name: 'Отчёты' }).click();
    await page.getByLabel('Класс').selectOption({ label: '5-А' });
    await page.getByRole('button', { name: 'Составить' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'PDF' }).waitFor();
    // Taking a report away asks who is here; then the file comes by itself.
    mock.stepUp = 'PASSWORD';
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const asked = page.getByRole('dialog', { name: 'Подтвердите, что это вы' });
    await asked.getByLabel('Ваш пароль').fill('верный пароль');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toBe('report.csv');
  });

  it('checks the ledger and names what does not agree', async () => {
    await page.getByRole('link', { name: 'Сверка' }).click();
    await page.getByRole('button', { name: 'Проверить' }).click();
    await page.getByText('Расхождений нет').waitFor();
    await page.getByLabel('С даты').fill('2026-10-01');
    await page.getByRole('button', { name: 'Проверить' }).click();
    await page.getByText('Журнал расходится с реестром').waitFor();
  });
});

describe('registries', () => {
  it('keeps a measure from the form to the list, with the rule at its field', async () => {
    await logIn(page, 'deputy');
    await page.goto('/registries');
    await page.getByRole('row', { name: /анкетирование/ }).getByText('просрочено').waitFor();
    await page.getByRole('button', { name: 'Добавить' }).click();
    await page.getByRole('button', { name: 'Сохранить' }).click();
    expect(await page.getByText('Заполните поле').count()).toBe(3);
    await page.getByLabel('Название').fill('Собрать заявления родителей');
    await page.getByLabel('Вид').selectOption({ label: 'Работа с родителями' });
    await page.getByLabel('Срок').fill('2026-09-30');
    await page.getByLabel('Исполнено').fill('2026-09-20');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Напишите результат: приказ, протокол, справка').waitFor();
    await page.getByLabel('Результат').fill('612 заявлений');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('row', { name: /Собрать заявления/ }).getByText('612 заявлений').waitFor();
    expect(mock.world.records.at(-1)?.measure?.result).toBe('612 заявлений');
  });

  it('says that somebody else was faster, and shows the list anew', async () => {
    await logIn(page, 'deputy');
    await page.goto('/registries');
    await page.getByRole('button', { name: /^Изменить.*анкетирование/ }).click();
    const record = mock.world.records.find((one) => one.measure?.title.includes('анкетирование'));
    Object.assign(record!, { etag: 'v7' });
    await page.getByLabel('Название').fill('Анкетирование учителей');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Запись изменил другой сотрудник').waitFor();
    expect(record?.measure?.title).toBe('Провести анкетирование сотрудников');
  });

  it('lets a teacher acknowledge an act and change nothing', async () => {
    await logIn(page, 'teacher');
    await page.goto('/registries');
    await page.getByRole('row', { name: /Положение/ }).waitFor();
    expect(await page.getByRole('button', { name: /Изменить|Добавить|Удалить/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^Ознакомлен/ }).click();
    await page.getByRole('row', { name: /Положение/ }).getByText('вы ознакомлены').waitFor();
    expect(mock.world.records.some((one) => one.localAct?.acknowledged)).toBe(true);
  });

  it('removes a record only when asked twice', async () => {
    await logIn(page, 'deputy');
    await page.goto('/registries?view=trainings');
    await page.getByRole('button', { name: /^Удалить/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
    await page.getByText('Записей пока нет').waitFor();
  });
});
