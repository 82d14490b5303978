import { beforeEach, describe, expect, it } from 'vitest';
import { type MockSheet } from '../mock/server.mjs';
import { logIn, PHONE } from './browser';
import { anew, mock, page, scene } from './scene';

scene();

const monitoring = (title: string) => mock.world.control.monitorings.find((one) => one.title === title)!;
const sheetOf = (title: string, school = 0): MockSheet | undefined => mock.world.control.sheets.get(`${mock.world.rollouts[school]!.schoolId}|${monitoring(title).monitoringId}`);
const NOVEMBER = 'Заполнение баз данных, ноябрь';
const DOCUMENTS = 'Ведение электронного журнала';
const OCTOBER = 'Заполнение баз данных, октябрь';

async function open(title: string): Promise<void> {
  await page.goto(`/control-sheets/${monitoring(title).monitoringId}`);
  await page.locator('table.lines').waitFor();
}

const cell = (what: string, number: string) => page.getByLabel(`${what}, строка ${number}`, { exact: true });

/** Everything that the mock demands of the sheet of databases. */
async function fillIn(): Promise<void> {
  for (const number of ['8', '12', '19']) await cell('Охват, %', number).fill('100');
  const terms = page.locator('table.lines input[type=date]');
  for (let at = 0; at < (await terms.count()); at += 1) await terms.nth(at).fill('2026-12-20');
}

describe('the meter', () => {
  it('says in figures how full a school is and leads to what fills it', async () => {
    await logIn(page, 'director');
    await page.getByRole('link', { name: 'Листы контроля' }).click();
    const row = page.getByRole('row', { name: /Внесение КТП/ });
    await row.getByText('180 из 186').waitFor();
    await row.getByText('96 %').waitFor();
    expect(await page.getByRole('row', { name: /список сотрудников/ }).getByRole('link').count()).toBe(0);
    await page.getByLabel('Только то, чего не хватает').check();
    await page.getByRole('row', { name: /список сотрудников/ }).waitFor({ state: 'detached' });
    // The director cannot give out the codes: the page says who can.
    await page.getByRole('row', { name: /сотрудники/ }).getByText('Сотрудники: администратор').waitFor();
    await page.getByRole('button', { name: /Лист № 2/ }).click();
    await page.getByRole('row', { name: /Листка здоровья/ }).getByRole('link', { name: 'Ответственные' }).click();
    await page.getByRole('heading', { name: 'Документы и реестры' }).waitFor();
    expect(new URL(page.url()).searchParams.get('view')).toBe('persons');
  });

  it('tells a returned sheet, a late one and an open one apart', async () => {
    await logIn(page, 'admin');
    await page.getByRole('link', { name: 'Листы контроля' }).click();
    const state = (title: string) => page.getByRole('row', { name: new RegExp(title) }).locator('.chip');
    await expect.poll(() => state(NOVEMBER).textContent()).toBe('не отправлен');
    expect(await state(DOCUMENTS).textContent()).toBe('возвращён');
    expect(await state(OCTOBER).textContent()).toBe('опоздал');
    expect(await state('Документы к началу года').textContent()).toBe('просрочен');
    await page.getByRole('link', { name: /^Заполнить лист.*ноябрь/ }).click();
    await page.getByRole('heading', { name: NOVEMBER, level: 1 }).waitFor();
  });
});

describe('the sheet of a school', () => {
  it('is filled in, signed and sent by the director, and stays as it is', async () => {
    await logIn(page, 'director');
    await open(NOVEMBER);
    await fillIn();
    await cell('Примечание', '2.4').fill('Собираем заявления');
    await page.getByLabel('Проблемные вопросы').fill('Мало компьютеров');
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    const dialog = page.getByRole('dialog', { name: 'Подписать и отправить' });
    await dialog.getByText('с вашей подписью').waitFor();
    // What was typed is saved before it is signed, and nothing is sent unasked.
    expect(sheetOf(NOVEMBER)).toMatchObject({ state: 'CONTROL_SHEET_STATE_DRAFT', problems: 'Мало компьютеров' });
    await dialog.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByText('Лист отправлен', { exact: true }).waitFor();
    const sent = sheetOf(NOVEMBER)!;
    expect(sent).toMatchObject({ state: 'CONTROL_SHEET_STATE_SENT', late: false });
    expect(sent.statements.find((one) => one.number === '2.4')).toMatchObject({ dueOn: '2026-12-20', note: 'Собираем заявления' });
    expect(await page.locator('table.lines').locator('input, textarea, select').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Сохранить|отправить/ }).count()).toBe(0);
    await page.getByText('Подписал: Гончаренко').waitFor();
  });

  it('sends the same call again when the answer is lost, so that it is sent once', async () => {
    await logIn(page, 'director');
    await open(NOVEMBER);
    await fillIn();
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    const dialog = page.getByRole('dialog', { name: 'Подписать и отправить' });
    await dialog.waitFor();
    mock.weather.dropAnswers = 1;
    await dialog.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByText('Лист отправлен', { exact: true }).waitFor();
    expect(sheetOf(NOVEMBER)!.etag).toBe('v2');
  });

  it('jumps to the line that is not complete and says there what is missing', async () => {
    await logIn(page, 'director');
    await open(NOVEMBER);
    await fillIn();
    await cell('Охват, %', '12').fill('40');
    await cell('Срок 100 %', '12').fill('2026-11-01');
    await cell('Срок 100 %', '2.4').fill('');
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByText('Лист не отправлен: 2 строки нужно дополнить.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Срок 100 %, строка 2.4');
    await page.locator('tr[data-line="2.4"]').getByText('Укажите срок 100 % выполнения').waitFor();
    await page.locator('tr[data-line="12"]').getByText('Срок уже прошёл').waitFor();
    await page.getByRole('button', { name: 'Строка 12', exact: true }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Срок 100 %, строка 12');
    expect(await cell('Охват, %', '12').inputValue()).toBe('40');
    expect(sheetOf(NOVEMBER)!.state).toBe('CONTROL_SHEET_STATE_DRAFT');
  });

  it('is saved by the administrator, who cannot send it', async () => {
    await logIn(page, 'admin');
    await open(NOVEMBER);
    await page.getByText('Отправляет директор.').waitFor();
    expect(await page.getByRole('button', { name: 'Подписать и отправить' }).count()).toBe(0);
    // A note without a per cent would be saved as 0 %.
    await cell('Примечание', '19').fill('обучены не все');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.locator('tr[data-line="19"]').getByText('Укажите процент').waitFor();
    expect(sheetOf(NOVEMBER)).toBeUndefined();
    await cell('Охват, %', '19').fill('60');
    await page.keyboard.press('Control+KeyS');
    await page.getByText('Лист сохранён', { exact: true }).waitFor();
    expect(sheetOf(NOVEMBER)!.statements).toMatchObject([{ number: '19', percent: 60, note: 'обучены не все' }]);
    await page.reload();
    expect(await cell('Охват, %', '19').inputValue()).toBe('60');
  });

  it('shows what somebody else saved and loses nothing that was typed', async () => {
    await logIn(page, 'admin');
    await open(NOVEMBER);
    await cell('Охват, %', '19').fill('60');
    mock.world.control.sheets.set(`${mock.world.rollouts[0]!.schoolId}|${monitoring(NOVEMBER).monitoringId}`, {
      state: 'CONTROL_SHEET_STATE_DRAFT', statements: [{ number: '19', percent: 75, dueOn: '2026-12-01' }, { number: '8', percent: 100 }], problems: '', remark: '', late: false, etag: 'v5',
    });
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Лист сохранил кто-то другой').waitFor();
    await page.locator('tr[data-line="19"]').getByText('сохранено: 75 %, до 1 декабря 2026').waitFor();
    await page.locator('tr[data-line="8"]').getByText('сохранено: 100 %').waitFor();
    expect(await cell('Охват, %', '19').inputValue()).toBe('60');
    await page.getByRole('button', { name: 'Сохранить мой поверх' }).click();
    await page.getByText('Лист сохранён', { exact: true }).waitFor();
    expect(sheetOf(NOVEMBER)).toMatchObject({ etag: 'v6', statements: [{ number: '19', percent: 60 }] });
  });

  it('that the director has sent meanwhile is shown as sent', async () => {
    await logIn(page, 'admin');
    await open(DOCUMENTS);
    await cell('Примечание', '4').fill('приказ № 12');
    Object.assign(sheetOf(DOCUMENTS)!, { state: 'CONTROL_SHEET_STATE_SENT', sentAt: '2026-11-18T08:00:00Z' });
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Лист уже отправлен').waitFor();
    expect(await cell('Примечание', '4').inputValue()).toBe('приказ № 12');
    await page.getByRole('button', { name: 'Показать сохранённый' }).click();
    await page.getByText('Отправлен 11:00.').waitFor();
    expect(await page.locator('table.lines textarea').count()).toBe(0);
  });

  it('of documents, returned, takes yes and no with a note', async () => {
    await logIn(page, 'director');
    await open(DOCUMENTS);
    await page.getByText('Укажите ссылку на аналитическую справку').waitFor();
    await cell('Наличие', '4').selectOption({ label: 'да' });
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.locator('tr[data-line="4"]').getByText('Напишите примечание').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Примечание, строка 4');
    await page.keyboard.type('приказ № 12 от 20.08.2026');
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByText('Лист отправлен', { exact: true }).waitFor();
    expect(sheetOf(DOCUMENTS)).toMatchObject({ state: 'CONTROL_SHEET_STATE_SENT', remark: '' });
  });

  it('leads to the registry when nobody answers for the journal', async () => {
    mock.world.records = mock.world.records.filter((one) => !one.responsiblePerson);
    await logIn(page, 'director');
    await open(NOVEMBER);
    await page.getByText('Без него лист не отправить.').waitFor();
    await fillIn();
    await page.getByRole('button', { name: 'Подписать и отправить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'в реестре не назван' });
    await alert.getByRole('link').click();
    await page.waitForURL('**/registries?view=persons');
  });

  it('asks before unsaved lines are left', async () => {
    await logIn(page, 'admin');
    await open(NOVEMBER);
    await cell('Примечание', '1').fill('заказаны ещё 8');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await page.getByRole('link', { name: 'Листы контроля' }).first().click();
    await expect.poll(() => asked.length).toBe(1);
    expect(await cell('Примечание', '1').inputValue()).toBe('заказаны ещё 8');
  });

  it('is printed as the form of the order', async () => {
    await logIn(page, 'director');
    await open(OCTOBER);
    await page.emulateMedia({ media: 'print' });
    const paper = page.locator('.paper');
    expect(await paper.isVisible()).toBe(true);
    expect(await page.locator('table.lines').isVisible()).toBe(false);
    const text = (await paper.innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('Лист №1 МОНИТОРИНГ по заполнению баз данных информационной системы электронного журнала');
    expect(text).toContain('% охвата на 1.10.2026');
    expect(text).toContain('Сроки 100% выполнения');
    expect(text).toContain('Не хватает компьютеров в начальной школе');
    expect(text).toMatch(/Ответственный за ЭлЖур .* Руководитель ОУ Гончаренко/);
    expect(await paper.getByRole('row', { name: /родителей/ }).first().innerText()).toMatch(/97 %\s+20\.10\.2026/);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)!.length).toBeLessThanOrEqual(2);
    await page.emulateMedia({ media: 'screen' });
    expect(await paper.isVisible()).toBe(false);
  });
});

describe('on a phone', () => {
  beforeEach(async () => {
    await anew({ size: PHONE, touch: true });
  });

  it('the sheet is filled in without sideways scrolling', async () => {
    await logIn(page, 'admin');
    for (const path of ['/control-sheets', '/control-sheets?sheet=2', `/control-sheets/${monitoring(NOVEMBER).monitoringId}`, `/control-sheets/${monitoring(DOCUMENTS).monitoringId}`]) {
      await page.goto(path);
      await page.locator('tbody tr').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      for (const box of await page.locator('.table-box').all()) expect(await box.evaluate((one) => one.scrollWidth - one.clientWidth), path).toBeLessThanOrEqual(1);
    }
    await cell('Наличие', '4').selectOption({ label: 'нет' });
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Лист сохранён', { exact: true }).waitFor();
    expect(sheetOf(DOCUMENTS)!.statements.find((one) => one.number === '4')).toMatchObject({ presence: 'PRESENCE_NO' });
  });
});

describe('the ministry', () => {
  it('announces a monitoring, the last day not before the day of the figures', async () => {
    await logIn(page, 'ministry');
    await page.getByRole('link', { name: 'Мониторинги' }).click();
    const row = page.getByRole('row', { name: new RegExp(OCTOBER) });
    await row.getByText('2 из 3').waitFor();
    await page.getByRole('button', { name: 'Объявить мониторинг' }).click();
    const dialog = page.getByRole('dialog', { name: 'Объявить мониторинг' });
    await dialog.getByRole('button', { name: 'Объявить мониторинг' }).click();
    expect(await dialog.getByText('Заполните поле').count()).toBe(3);
    await dialog.getByLabel('Лист').selectOption({ label: 'Лист № 2. Документы' });
    await dialog.getByLabel('Название').fill('Документы, декабрь');
    await dialog.getByLabel('На какой день').fill('2026-12-10');
    await dialog.getByLabel('Последний день отправки').fill('2026-12-01');
    await dialog.getByRole('button', { name: 'Объявить мониторинг' }).click();
    await dialog.getByText('не может быть раньше').waitFor();
    await dialog.getByLabel('Последний день отправки').fill('2026-12-20');
    await dialog.getByRole('button', { name: 'Объявить мониторинг' }).click();
    await page.getByText('Мониторинг объявлен').waitFor();
    await page.getByRole('row', { name: /Документы, декабрь/ }).waitFor();
    expect(mock.world.control.monitorings.at(-1)).toMatchObject({ kind: 'CONTROL_SHEET_KIND_DOCUMENTS', title: 'Документы, декабрь', asOf: '2026-12-10', dueOn: '2026-12-20' });
  });

  it('changes a monitoring over a colleague only when told that there is one', async () => {
    await logIn(page, 'region');
    await page.getByRole('link', { name: 'Мониторинги' }).click();
    await page.getByRole('button', { name: /^Изменить.*баз данных, ноябрь/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Изменить' });
    expect(await dialog.getByLabel('Лист').isDisabled()).toBe(true);
    Object.assign(monitoring(NOVEMBER), { etag: 'v7', dueOn: '2026-11-30' });
    await dialog.getByLabel('Название').fill('Базы данных, ноябрь');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Мониторинг изменил другой сотрудник').waitFor();
    expect(await dialog.getByLabel('Название').inputValue()).toBe('Базы данных, ноябрь');
    await page.locator('tr', { hasText: '30 ноября' }).waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Мониторинг изменён').waitFor();
    expect(monitoring('Базы данных, ноябрь').etag).toBe('v8');
  });

  it('finds the schools that have not sent, and sends a sheet back with a reason', async () => {
    await logIn(page, 'ministry');
    await page.getByRole('link', { name: 'Мониторинги' }).click();
    await page.getByRole('link', { name: OCTOBER }).click();
    await page.getByText('Отправили: 2 из 3').waitFor();
    const late = page.getByRole('row', { name: /Средняя школа № 12/ });
    await late.getByText('опоздал').waitFor();
    await late.getByText(/\d+ из 25/).waitFor();
    await page.getByLabel('Только не отправившие').check();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('row', { name: /Школа № 3/ }).getByText('просрочен').waitFor();
    await page.getByLabel('Только не отправившие').uncheck();
    await page.getByLabel('Муниципалитет').selectOption('городской округ Симферополь');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: /Средняя школа № 12/ }).click();
    await page.getByText('Собираем заявления родителей').first().waitFor();
    expect(await page.locator('table.lines').locator('input, textarea, select').count()).toBe(0);
    await page.getByRole('button', { name: 'Вернуть' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Вернуть' }).click();
    await dialog.getByText('Напишите, что исправить').waitFor();
    await dialog.getByLabel('Что исправить').fill('Уточните строку 14');
    // Somebody has touched it meanwhile: it is read again, the reason stays.
    sheetOf(OCTOBER)!.etag = 'v9';
    await dialog.getByRole('button', { name: 'Вернуть' }).click();
    await dialog.getByText('Лист изменился').waitFor();
    expect(sheetOf(OCTOBER)!.state).toBe('CONTROL_SHEET_STATE_SENT');
    await expect.poll(async () => {
      await dialog.getByRole('button', { name: 'Вернуть' }).click({ timeout: 1_000 }).catch(() => undefined);
      return sheetOf(OCTOBER)!.state;
    }).toBe('CONTROL_SHEET_STATE_RETURNED');
    await page.getByText('Лист возвращён школе').waitFor();
    expect(sheetOf(OCTOBER)!.remark).toBe('Уточните строку 14');
    expect(await page.getByRole('button', { name: 'Вернуть' }).count()).toBe(0);
  });
});

describe('equipment', () => {
  it('that teachers work on must say when', async () => {
    await logIn(page, 'admin');
    await page.goto('/registries?view=equipment');
    await page.getByRole('row', { name: /Компьютеры кабинета/ }).getByText('пн–пт 13:00–17:00').waitFor();
    await page.getByRole('button', { name: 'Добавить' }).click();
    await page.getByLabel('Название').fill('Планшеты');
    await page.getByLabel('Вид').selectOption({ label: 'Планшет' });
    await page.getByLabel(/^Место/).fill('каб. 12');
    await page.getByLabel('Количество').fill('15');
    await page.getByLabel('С какого дня').fill('2026-11-01');
    await page.getByRole('checkbox', { name: /Точка эксплуатации/ }).check();
    await page.getByRole('button', { name: 'Сохранить' }).click();
    expect(await page.getByText('Заполните поле').count()).toBe(1);
    await page.getByLabel('График работы учителей').fill('после 6-го урока');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    const row = page.getByRole('row', { name: /Планшеты/ });
    await row.getByText('точка эксплуатации').waitFor();
    await row.getByText('15').waitFor();
    expect(mock.world.records.at(-1)?.equipment?.schedule).toBe('после 6-го урока');
  });

  it('has a responsible person of the health sheet and of the attendance', async () => {
    await logIn(page, 'admin');
    await page.goto('/registries?view=persons');
    await page.getByRole('button', { name: 'Добавить' }).click();
    await page.getByLabel('Вид').selectOption({ label: 'Посещаемость' });
    await page.getByLabel('Вид').selectOption({ label: 'Листок здоровья' });
    await page.getByLabel('Сотрудник').selectOption({ index: 1 });
    await page.getByLabel('С какого дня').fill('2026-09-01');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('cell', { name: 'Листок здоровья' }).waitFor();
    expect(mock.world.records.at(-1)?.responsiblePerson?.kind).toBe('RESPONSIBILITY_KIND_HEALTH_SHEET');
  });
});
