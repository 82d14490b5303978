import { beforeEach, describe, expect, it } from 'vitest';
import { startMock } from '../mock/server.mjs';
import { logIn, PHONE } from './browser';
import { anew, here, mock, page, scene } from './scene';

const TODAY = '2026-11-18';
scene();
beforeEach(async () => {
  await logIn(page, 'teacher');
});

function lessonOf(date: string): string {
  return mock.world.columns.find((item) => item.date === date)!.lessonId;
}

function cell(row: number, date = TODAY) {
  return mock.world.cells.get(mock.world.cellKey(lessonOf(date), mock.world.pupils[row]!.pupilId));
}

function marks(row: number, date = TODAY): string[] {
  return cell(row, date)?.marks.map((mark) => mark.value) ?? [];
}

async function open(date = TODAY, tail = ''): Promise<void> {
  await page.goto(`/journals/${mock.world.maths.journalId}?lesson=${lessonOf(date)}${tail}`);
  await page.waitForSelector('[role=grid] [role=gridcell]:focus');
}

async function type(...codes: string[]): Promise<void> {
  for (const code of codes) await page.keyboard.press(code);
}

/** Text of a cell, by row and column from 0. */
async function shown(row: number, date = TODAY): Promise<string> {
  const at = mock.world.columns.findIndex((item) => item.date === date);
  return (await page.locator('[role=row]').nth(row + 1).locator('[role=gridcell]').nth(at).textContent()) ?? '';
}

async function focused(): Promise<{ row: number; column: number }> {
  return page.evaluate(() => {
    const active = document.activeElement!;
    const line = active.parentElement!;
    const rows = [...document.querySelectorAll('[role=row]')];
    return { row: rows.indexOf(line) - 1, column: [...line.children].indexOf(active) - 1 };
  });
}

async function saved(): Promise<void> {
  await page.getByText('Всё сохранено').waitFor();
}

describe('the keyboard of the journal', () => {
  it('sets 30 marks with 31 keys, from the day of the teacher', async () => {
    await page.waitForSelector('ol.lessons');
    const link = page.locator('li.lesson', { hasText: '5-А' }).getByRole('link', { name: 'Журнал' });
    await link.focus();
    let keys = 0;
    const press = async (code: string) => {
      keys += 1;
      await page.keyboard.press(code);
    };
    await press('Enter');
    await page.waitForSelector('[role=grid] [role=gridcell]:focus');
    const values = Array.from({ length: 30 }, (_, index) => String(2 + (index % 4)));
    for (const value of values) await press(`Digit${value}`);
    await saved();
    expect(keys).toBe(31);
    expect(values.map((_, row) => marks(row))).toEqual(values.map((value) => [value]));
    expect(mock.batches.every((body) => JSON.parse(body).operations.length <= 200)).toBe(true);
  });

  it('reads letters by their place, on any layout', async () => {
    await open();
    await type('KeyY', 'Comma', 'KeyE', 'KeyJ');
    await saved();
    expect([0, 1, 2, 3].map((row) => cell(row)?.attendance)).toEqual(['ATTENDANCE_ABSENT', 'ATTENDANCE_ILL', 'ATTENDANCE_EXCUSED', 'ATTENDANCE_LATE']);
    expect(await Promise.all([0, 1, 2, 3].map((row) => shown(row)))).toEqual(['н', 'б', 'у', 'оп']);
  });

  it('splits the last mark with a slash: 4 / 5', async () => {
    await open();
    await type('Digit4', 'Slash', 'Digit5', 'Digit3');
    await saved();
    expect([marks(0), marks(1)]).toEqual([['4/5'], ['3']]);
    expect(await focused()).toEqual({ row: 2, column: mock.world.columns.findIndex((item) => item.date === TODAY) });
  });

  it('lets go of a split at any other key', async () => {
    await open();
    await type('Digit4', 'Slash', 'ArrowDown', 'Digit5');
    await saved();
    expect([marks(0), marks(1)]).toEqual([['4'], ['5']]);
  });

  it('asks for a comment when «н» meets a mark, and refuses without one', async () => {
    await open();
    await type('Digit4', 'ArrowUp', 'KeyY');
    const card = page.getByRole('dialog');
    await card.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id.endsWith('-absence'))).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => card.getByRole('alert').textContent()).toMatch(/нужен комментарий/);
    expect(await shown(0)).toBe('4');
    await page.keyboard.type('Ответил и ушёл к врачу');
    await page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
    await saved();
    expect(cell(0)).toMatchObject({ attendance: 'ATTENDANCE_ABSENT', attendanceComment: 'Ответил и ушёл к врачу' });
    expect(await shown(0)).toBe('н 4');
    expect(await focused()).toMatchObject({ row: 0 });
  });

  it('takes a cancelled comment as no change', async () => {
    await open();
    await type('Digit4', 'ArrowUp', 'KeyY');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await saved();
    expect(cell(0)?.attendance).toBe('ATTENDANCE_UNSPECIFIED');
  });

  it('moves by arrows, to edges and by pages, and leaves with Tab', async () => {
    await open();
    const column = mock.world.columns.findIndex((item) => item.date === TODAY);
    const last = { row: mock.world.pupils.length - 1, column: mock.world.columns.length - 1 };
    await type('ArrowDown', 'ArrowLeft');
    expect(await focused()).toEqual({ row: 1, column: column - 1 });
    await type('Home');
    expect(await focused()).toEqual({ row: 1, column: 0 });
    await type('End');
    expect(await focused()).toEqual({ row: 1, column: last.column });
    await type('Control+Home', 'PageDown');
    expect(await focused()).toEqual({ row: 10, column: 0 });
    await type('Control+End');
    expect(await focused()).toEqual(last);
    await type('Home', 'ArrowDown');
    expect(await focused(), 'down from the last row').toEqual({ row: 0, column: 1 });
    await type('ArrowUp');
    expect(await focused(), 'the head').toEqual({ row: -1, column: 1 });
    await type('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role=grid]') === null)).toBe(true);
    await type('Shift+Tab');
    expect(await focused(), 'back where it was').toEqual({ row: -1, column: 1 });
  });

  it('never hides the focused cell under what sticks to the edges', async () => {
    await open();
    await type('Control+End', 'Home');
    for (const code of ['ArrowRight', 'ArrowRight', 'PageUp', 'PageUp', 'PageUp', 'End', 'Home']) {
      await type(code);
      const hidden = await page.evaluate(() => {
        const box = document.activeElement!.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return top !== document.activeElement && !document.activeElement!.contains(top);
      });
      expect(hidden, code).toBe(false);
    }
  });

  it('clears, undoes and redoes, each as a recorded change', async () => {
    await open();
    await type('Digit5', 'ArrowUp');
    await saved();
    await type('Delete');
    await saved();
    expect(marks(0)).toEqual([]);
    await type('Control+KeyZ');
    await saved();
    expect(marks(0)).toEqual(['5']);
    await type('Control+KeyY');
    await saved();
    expect(marks(0)).toEqual([]);
    expect(mock.world.ledger.map((entry) => `${entry.oldValue}→${entry.newValue}`)).toEqual(['→5', '5→', '→5', '5→']);
  });

  it('fills a selected range', async () => {
    await open();
    await type('Shift+ArrowDown', 'Shift+ArrowDown', 'Digit5');
    await saved();
    expect([0, 1, 2, 3].map((row) => marks(row))).toEqual([['5'], ['5'], ['5'], []]);
    expect(await page.locator('[role=gridcell][aria-selected=true]').count()).toBe(3);
    await type('Escape');
    expect(await page.locator('[role=gridcell][aria-selected=true]').count()).toBe(0);
  });

  it('copies and pastes a column as text', async () => {
    await open();
    await type('Digit5', 'Digit4', 'KeyY', 'ArrowUp', 'ArrowUp', 'ArrowUp');
    await type('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+KeyC', 'Escape', 'ArrowDown');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '3\n4/5\nмимо\nн\n');
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await saved();
    await page.getByText('Записано: 3, пропущено: 1').waitFor();
    expect(await Promise.all([3, 4, 5, 6].map((row) => shown(row)))).toEqual(['3', '4/5', '', 'н']);
    const copied = await page.evaluate(() => {
      const data = new DataTransfer();
      document.activeElement!.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return data.getData('text/plain');
    });
    expect(copied).toBe('3');
  });

  it('shows its keys on «?» and gives the focus back', async () => {
    await open();
    await type('Shift+Slash');
    await page.getByRole('dialog', { name: 'Клавиши журнала' }).waitFor();
    await type('Escape');
    await expect.poll(focused).toMatchObject({ row: 0 });
  });

  it('opens the card with history on Enter, where a second mark is added', async () => {
    await open();
    await type('Digit4', 'ArrowUp', 'Enter');
    const card = page.getByRole('dialog');
    await card.getByRole('button', { name: 'Ещё одна оценка' }).click();
    await card.getByRole('textbox', { name: 'Оценка', exact: true }).last().fill('5');
    await card.getByRole('button', { name: 'Сохранить' }).click();
    await saved();
    expect(marks(0)).toEqual(['4', '5']);
    await type('Enter');
    await card.getByText('Журавлёва').first().waitFor();
    expect(await card.locator('.history li').count()).toBe(2);
  });

  it('opens topic and task on Enter in the head', async () => {
    await open();
    await type('ArrowUp', 'Enter');
    const card = page.getByRole('dialog');
    await card.getByLabel('Тема урока').fill('Сложение дробей');
    await card.getByLabel('Домашнее задание').fill('№ 451');
    await card.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Урок записан').waitFor();
    expect(mock.world.columns.find((item) => item.date === TODAY)).toMatchObject({ topic: 'Сложение дробей', homework: '№ 451', conducted: true });
  });

  it('says why a cell cannot be written', async () => {
    await open();
    await type('ArrowRight', 'Digit5');
    await page.getByText('Этого урока ещё не было.').waitFor();
    await open('2026-11-12');
    await type('Digit5');
    await page.getByText('Этот урок ведёт другой учитель.').waitFor();
    expect(mock.batches).toEqual([]);
  });
});

describe('corrections', () => {
  it('become a request after the free time, with a reason', async () => {
    await open('2026-11-16');
    const before = marks(0, '2026-11-16');
    expect(before).toEqual(['5']);
    await type('Digit2');
    const card = page.getByRole('dialog');
    await card.getByText('Нужна заявка завучу').waitFor();
    await card.getByRole('button', { name: 'Отправить заявку' }).click();
    await expect.poll(() => card.getByRole('alert').textContent()).toMatch(/Не короче 5/);
    await card.getByLabel('Причина исправления').fill('Оценка другого ученика');
    await card.getByRole('button', { name: 'Отправить заявку' }).click();
    await card.waitFor({ state: 'detached' });
    expect(mock.world.corrections[0]).toMatchObject({ state: 'CORRECTION_STATE_PENDING', reason: 'Оценка другого ученика', newValue: '2' });
    expect(marks(0, '2026-11-16')).toEqual(before);
    expect(await page.locator('.pending').count()).toBe(1);
    await type('Enter');
    await card.getByText('Заявка: 5 → 2').waitFor();
    expect(await card.locator('.history').textContent()).not.toContain('PENDING');
  });

  it('are not needed for the first entry in an empty cell', async () => {
    await open('2026-11-17');
    expect(await shown(0, '2026-11-17')).toBe('');
    await type('Digit4');
    await saved();
    expect(marks(0, '2026-11-17')).toEqual(['4']);
  });
});

describe('other people and bad weather', () => {
  it('shows a colleague’s change at once', async () => {
    await open();
    await expect.poll(() => mock.streams()).toBe(1);
    mock.colleague({ lessonId: lessonOf(TODAY), pupilId: mock.world.pupils[4]!.pupilId, slot: 1, setMark: { value: '5' } });
    await expect.poll(() => shown(4), { timeout: 2_000 }).toBe('5');
  });

  it('frames a clash and lets the person choose', async () => {
    await open();
    const pupil = mock.world.pupils[0]!.pupilId;
    // The colleague was faster and the live channel is slow.
    mock.weather.delayMs = 300;
    await type('Digit5');
    mock.world.cells.set(mock.world.cellKey(lessonOf(TODAY), pupil), {
      lessonId: lessonOf(TODAY), pupilId: pupil, marks: [{ slot: 1, value: '2', comment: '', revision: '9999', kind: 'CONTROL_KIND_UNSPECIFIED', setAt: '2026-11-18T08:19:30Z' }],
      attendance: 'ATTENDANCE_UNSPECIFIED', attendanceComment: '', attendanceRevision: '0', correctionPending: false,
    });
    await page.getByRole('button', { name: 'Не принято: 1' }).click();
    expect(await shown(0)).toBe('2');
    mock.weather.delayMs = 0;
    await page.getByRole('button', { name: 'Поставить моё' }).click();
    await saved();
    expect(marks(0)).toEqual(['5']);
    expect(await page.locator('.clash').count()).toBe(0);
  });

  it('keeps marks without a connection and sends each exactly once', async () => {
    await open();
    await here.context.setOffline(true);
    await type('Digit5', 'Digit4', 'Digit3', 'Digit5', 'Digit4', 'Digit3', 'Digit5', 'Digit4', 'Digit3', 'Digit5');
    await page.getByText('Ждут связи: 10').waitFor();
    expect(await page.locator('.waiting').count()).toBe(10);
    await here.context.setOffline(false);
    await saved();
    expect(mock.world.ledger.length).toBe(10);
    expect(Array.from({ length: 10 }, (_, row) => marks(row)[0])).toEqual(['5', '4', '3', '5', '4', '3', '5', '4', '3', '5']);
  });

  it('does not double a mark whose answer was lost', async () => {
    await open();
    mock.weather.dropAnswers = 2;
    await type('Digit5', 'Digit4');
    await saved();
    expect(mock.world.ledger.map((entry) => entry.newValue)).toEqual(['5', '4']);
    expect(mock.requests.filter((line) => line.includes('marks:batchSet')).length).toBeGreaterThan(mock.batches.length);
  });

  it('shows unsent marks after a reload and sends them', async () => {
    await open();
    mock.weather.unavailable = 1_000;
    await type('Digit5', 'Digit4');
    await page.getByText('Ждут связи: 2').waitFor();
    mock.weather.unavailable = 0;
    await page.goto(`/journals/${mock.world.maths.journalId}?lesson=${lessonOf(TODAY)}`);
    await saved();
    expect(mock.world.ledger.map((entry) => entry.newValue)).toEqual(['5', '4']);
  });

  it('asks to log in again in the middle of work and loses nothing', async () => {
    await open();
    mock.endSessions();
    await type('Digit5');
    const dialog = page.getByRole('dialog', { name: 'Сеанс завершён' });
    await dialog.waitFor();
    await dialog.getByLabel('Пароль', { exact: true }).fill('верный пароль');
    await dialog.getByRole('button', { name: 'Войти' }).click();
    await saved();
    expect(marks(0)).toEqual(['5']);
  });

  it('warns at log out about marks that would be lost', async () => {
    await open();
    mock.weather.unavailable = 1_000;
    await type('Digit5', 'Digit4');
    await page.getByText('Ждут связи: 2').waitFor();
    await page.getByRole('button', { name: /Меню пользователя/ }).click();
    await page.getByRole('button', { name: 'Выйти' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 неотправленные отметки').waitFor();
    mock.weather.unavailable = 0;
    await dialog.getByRole('button', { name: 'Отправить и выйти' }).click();
    await page.waitForURL('**/login');
    expect(mock.world.ledger.length).toBe(2);
  });
});

describe('what it costs', () => {
  it('opens with at most two calls', async () => {
    await page.waitForSelector('ol.lessons');
    await page.waitForLoadState('networkidle');
    const before = mock.requests.length;
    await page.locator('li.lesson', { hasText: '5-А' }).getByRole('link', { name: 'Журнал' }).click();
    await page.waitForSelector('[role=grid] [role=gridcell]:focus');
    await page.waitForTimeout(700);
    // The bell asks for notices by its own clock; that is no part of opening.
    const calls = mock.requests.slice(before).filter((line) => !line.includes('/notices'));
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(calls[0]).toContain('/page');
  });

  it('draws 40 × 60 within 3,500 elements and little work per mark', async () => {
    await anew({}, await startMock({ pupils: 40, since: '2026-10-05' }));
    await logIn(page, 'teacher');
    await open();
    expect(mock.world.columns.length).toBeGreaterThanOrEqual(59);
    const elements = await page.locator('[role=grid] *').count();
    expect(elements).toBeLessThanOrEqual(3_500);
    const cdp = await here.context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => (await cdp.send('Performance.getMetrics')).metrics.find((item) => item.name === 'TaskDuration')!.value;
    await type('Digit4');
    const before = await spent();
    const COUNT = 30;
    for (let index = 0; index < COUNT; index += 1) {
      await page.keyboard.press(`Digit${2 + (index % 4)}`);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    const perMark = ((await spent()) - before) * (1000 / COUNT);
    console.log(`cells ${mock.world.pupils.length} × ${mock.world.columns.length}: ${elements} elements, ${perMark.toFixed(1)} ms of CPU per mark`);
    await saved();
    // 16 ms is the aim on a quiet machine; this catches a grid that draws itself anew.
    expect(perMark).toBeLessThan(32);
  });
});

describe('on a phone', () => {
  beforeEach(async () => {
    await anew({ size: PHONE, touch: true });
    await logIn(page, 'teacher');
    await page.goto(`/journals/${mock.world.maths.journalId}?lesson=${lessonOf(TODAY)}`);
    await page.waitForSelector('.pupils');
  });

  it('is one lesson with large buttons, pupil after pupil', async () => {
    const pad = page.locator('.pad');
    for (const name of ['5', 'н', '3']) await pad.getByRole('button', { name, exact: true }).tap();
    await saved();
    expect([marks(0), cell(1)?.attendance, marks(2)]).toEqual([['5'], 'ATTENDANCE_ABSENT', ['3']]);
    const boxes = await pad.getByRole('button').evaluateAll((all) => all.map((item) => item.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)));
    expect(Math.min(...boxes)).toBeGreaterThanOrEqual(44);
  });

  it('keeps the lesson in the address', async () => {
    await page.getByRole('button', { name: 'Предыдущий урок' }).tap();
    await expect.poll(() => new URL(page.url()).searchParams.get('lesson')).toBe(lessonOf('2026-11-17'));
    await page.getByText('17 ноября').first().waitFor();
  });
});
