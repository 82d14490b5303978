import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { anew, mock, page, scene } from './scene';

scene();

const DRAFT = 'SCHOOL_EVENT_STATE_DRAFT';
/** What may be done with an event, by the words of its button. */
const act = (what: string, title: string) => page.getByRole('button', { name: new RegExp(`^${what}\\s*: ${title}$`) });
const titled = (title: string) => mock.world.events.filter((one) => one.content.title === title);

describe('events', () => {
  it('of a month are a few lines for the class teacher, published in one step', async () => {
    await logIn(page, 'teacher');
    await page.goto('/events');
    const quick = page.getByRole('form', { name: 'Быстро добавить' });
    await quick.getByLabel('Дата').fill('2026-11-25');
    await quick.getByLabel('Название').fill('Викторина');
    await page.keyboard.press('Enter');
    await page.getByText('Викторина', { exact: true }).waitFor();
    // The next line goes on from the same day.
    await page.keyboard.type('Субботник');
    await page.keyboard.press('Enter');
    await page.getByText('Субботник', { exact: true }).waitFor();
    expect(titled('Субботник')).toMatchObject([{ state: DRAFT, content: { startsOn: '2026-11-25' } }]);

    await page.getByRole('button', { name: 'Опубликовать план: 3 события' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Опубликовать' }).click();
    await page.getByText('Опубликовано 3 события').waitFor();
    expect(mock.world.events.filter((one) => one.state === DRAFT)).toEqual([]);
  });

  it('without a title or with half of the hours are named before they are sent', async () => {
    await logIn(page, 'teacher');
    await page.goto('/events');
    const quick = page.getByRole('form', { name: 'Быстро добавить' });
    await quick.getByRole('button', { name: 'Добавить' }).click();
    await quick.getByText('Укажите дату и название').waitFor();
    await quick.getByLabel('Название').fill('Викторина');
    await quick.getByLabel('Начало').fill('10:00');
    await quick.getByRole('button', { name: 'Добавить' }).click();
    await quick.getByText('Укажите и начало, и конец').waitFor();
    expect(titled('Викторина')).toEqual([]);
  });

  it('of the school are the deputies: an exam in a room that is taken, its change and its cancellation', async () => {
    await logIn(page, 'deputy');
    await page.goto('/events');
    await page.getByRole('button', { name: 'Подробное событие' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Что это').selectOption({ label: 'Экзамен' });
    await dialog.getByLabel('Название').fill('Пробный экзамен');
    await dialog.getByLabel('Дата').fill('2026-11-30');
    await dialog.getByLabel('Начало').fill('12:00');
    await dialog.getByLabel('Конец').fill('13:00');
    await dialog.getByLabel('Кабинет').selectOption({ label: 'каб. 24' });
    await dialog.getByLabel('Классы').selectOption({ label: '5-А' });
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('укажите предмет экзамена').or(dialog.getByText('Запрос заполнен неверно')).first().waitFor();
    await dialog.getByLabel('Предмет экзамена').selectOption({ index: 1 });
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('В этом кабинете в это время: 9-Б, Информатика').last().waitFor();
    await act('Опубликовать', 'Пробный экзамен').click();
    await page.getByText('Событие опубликовано').waitFor();

    await act('Изменить', 'Пробный экзамен').click();
    await dialog.getByText('об изменении придут уведомления').waitFor();
    // Whom it is for stays.
    expect(await dialog.getByLabel('Для кого').count()).toBe(0);
    await dialog.getByLabel('Кабинет').selectOption({ label: 'без кабинета' });
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(titled('Пробный экзамен')[0]!.content.room).toBe('');

    await act('Отменить событие', 'Пробный экзамен').click();
    await dialog.getByRole('button', { name: 'Отменить событие' }).click();
    await dialog.getByText('Укажите причину').waitFor();
    await dialog.getByLabel('Причина').fill('перенесён');
    await dialog.getByRole('button', { name: 'Отменить событие' }).click();
    await page.getByText('перенесён', { exact: true }).waitFor();
    expect(titled('Пробный экзамен')[0]!).toMatchObject({ state: 'SCHOOL_EVENT_STATE_CANCELLED', cancelReason: 'перенесён' });
  });

  it('are copied to other classes as drafts of their own', async () => {
    await logIn(page, 'deputy');
    await page.goto('/events');
    await act('Копировать', 'Классный час').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Классы').selectOption([{ index: 0 }, { index: 1 }]);
    await dialog.getByRole('button', { name: 'Копировать' }).click();
    await page.getByText('Скопировано: 2 черновика').waitFor();
    const copies = titled('Классный час');
    expect(copies.map((one) => [one.content.classIds.length, one.state])).toEqual([[1, DRAFT], [1, DRAFT], [1, DRAFT]]);
    expect(new Set(copies.map((one) => one.content.classIds[0])).size).toBe(3);
  });

  it('that somebody changed meanwhile are not written over', async () => {
    await logIn(page, 'teacher');
    await page.goto('/events');
    await act('Изменить', 'Классный час').click();
    titled('Классный час')[0]!.etag = 'v9';
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Название').fill('Другое');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByRole('alert').getByText(/\S/).waitFor();
    expect(titled('Другое')).toEqual([]);
  });

  it('of the school are only read by a teacher, drafts of others not at all', async () => {
    await logIn(page, 'teacher');
    await page.goto('/events');
    await page.getByText('Осенний концерт', { exact: true }).waitFor();
    expect(await act('Изменить', 'Осенний концерт').count()).toBe(0);
  });

  it('of a child are what is published, with what was cancelled', async () => {
    await logIn(page, 'parent');
    await page.goto('/child-events');
    await page.getByText('Осенний концерт', { exact: true }).waitFor();
    await page.getByText('Родительское собрание', { exact: true }).first().waitFor();
    await page.getByText('отменено', { exact: true }).waitFor();
    expect(await page.getByText('Классный час').count()).toBe(0);
    // The second child is in another class.
    await page.getByRole('link', { name: /Лев/ }).click();
    await page.getByText('Осенний концерт', { exact: true }).waitFor();
    await page.getByText('Экскурсия в музей', { exact: true }).waitFor({ state: 'detached' });
    await anew();
    await logIn(page, 'pupil');
    await page.goto('/child-events?date=2027-03-01');
    await page.getByText('В этом месяце событий нет').waitFor();
  });
});
