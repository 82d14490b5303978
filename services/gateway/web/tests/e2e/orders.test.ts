import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const surname = (place: number) => mock.world.pupils[place]!.name.surname;

describe('the book of orders', () => {
  it('is in the menu of the secretary, filtered by an address that can be sent', async () => {
    await logIn(page, 'secretary');
    await page.getByRole('link', { name: 'Книга приказов' }).click();
    await page.getByRole('row', { name: /З-1/ }).getByText('и ещё 3').waitFor();
    await page.getByText('Ожидает зачисления из других школ: 1').waitFor();
    await page.getByLabel('Состояние').selectOption({ label: 'черновик' });
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.reload();
    await page.getByRole('row', { name: /П-2/ }).waitFor();
    await page.getByLabel('Состояние').selectOption({ label: 'Любое' });
    await page.getByLabel('Ученик').fill(surname(3));
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /П-1/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe(surname(3));
  });

  it('shows the movement of a pupil from the list of the class', async () => {
    await logIn(page, 'secretary');
    await page.goto(`/classes/${mock.world.own.classId}`);
    await page.getByRole('link', { name: new RegExp(`^Движение\\s*: ${surname(3)}`) }).first().click();
    await page.getByRole('heading', { name: /^Движение ученика/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
  });
});

describe('an order', () => {
  it('is drafted by the keyboard, says what it will do, and is posted once', async () => {
    await logIn(page, 'secretary');
    await page.goto('/orders/new?kind=ORDER_KIND_TRANSFER');
    await expect.poll(() => page.getByLabel('Номер').inputValue()).toBe('П-3');
    await page.getByRole('button', { name: 'Сохранить черновик' }).click();
    await page.getByText('Добавьте хотя бы одного ученика').waitFor();
    await page.getByLabel('Основание').fill('Заявление родителей');
    await page.getByLabel('Действует с').fill('2026-11-23');
    await page.getByLabel('Фамилия или имя').fill(surname(7));
    await page.keyboard.press('Enter');
    const found = page.getByRole('button', { name: new RegExp(surname(7)) }).first();
    await found.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Класс', { exact: true }).selectOption({ label: '5-А' });
    await page.getByRole('button', { name: 'Сохранить черновик' }).click();
    await page.getByText('Ученик уже в этом классе').waitFor();
    expect(await page.getByRole('button', { name: 'Провести…' }).isDisabled()).toBe(true);
    await page.getByLabel('Класс', { exact: true }).selectOption({ label: '5-Б' });
    await page.getByLabel('5-Б Английский язык гр.1').check();
    await page.getByText('Сохраните черновик').waitFor();
    await page.getByRole('button', { name: 'Сохранить черновик' }).click();
    await page.getByText('поступает в 5-Б с 23.11, 2 группы').waitFor();
    await page.getByRole('button', { name: 'Провести…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Провести приказ?' });
    await dialog.getByText('выбывает из 5-А, последний день 22.11, 2 группы').waitFor();
    await dialog.getByRole('button', { name: 'Провести' }).dblclick();
    await page.getByText('проведён', { exact: true }).waitFor();
    expect(mock.world.orders.at(-1)?.state).toBe('ORDER_STATE_POSTED');
    expect(mock.requests.filter((line) => line.includes(':post')).length).toBe(1);
    const text = await page.locator('article').innerText();
    expect(text).toContain('О переводе в другой класс');
    expect(text).toContain('из 5-А в 5-Б класс');
  });

  it('admits a newcomer, one who comes back and one who arrives', async () => {
    await logIn(page, 'director');
    await page.goto('/orders');
    await page.getByRole('link', { name: 'Зачислить' }).click();
    await page.getByLabel('Основание').fill('Заявления родителей');
    await page.getByRole('button', { name: 'Новый ученик' }).click();
    const first = page.getByRole('group', { name: '1. Новый ученик' });
    await first.getByLabel('Фамилия').fill('Примерова');
    await first.getByLabel('Имя').fill('Анна');
    await first.getByLabel('Пол').selectOption({ label: 'женский' });
    await first.getByLabel('Дата рождения').fill('2015-04-04');
    await first.getByLabel('Класс').selectOption({ label: '5-В' });
    await page.getByRole('button', { name: 'Найти' }).click();
    await page.getByRole('button', { name: /Примерная школа № 7/ }).click();
    await page.getByRole('button', { name: /выбыл/ }).first().click();
    await page.getByRole('button', { name: 'Сохранить черновик' }).click();
    await page.getByText('заводится карточка').waitFor();
    const order = mock.world.orders.at(-1)!;
    expect(order.pupils.map((one) => [one.newPupil?.name.surname ?? '', one.classId === order.pupils[0]!.classId])).toEqual([
      ['Примерова', true], ['', true], ['', true],
    ]);
  });

  it('that somebody else has changed is shown anew', async () => {
    await logIn(page, 'secretary');
    const draft = mock.world.orders.find((one) => one.state === 'ORDER_STATE_DRAFT')!;
    await page.goto(`/orders/${draft.orderId}`);
    await page.getByLabel('Основание').fill('Другое');
    Object.assign(draft, { etag: 'v5', basis: 'Решение директора' });
    await page.getByRole('button', { name: 'Сохранить черновик' }).click();
    await expect.poll(() => page.getByLabel('Основание').inputValue()).toBe('Решение директора');
    await page.getByRole('button', { name: 'Удалить черновик' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Удалить черновик' }).click();
    await page.getByRole('heading', { name: 'Книга приказов' }).waitFor();
    expect(mock.world.orders).not.toContain(draft);
  });

  it('is taken back by another one, unless later orders hold the pupil', async () => {
    await logIn(page, 'secretary');
    const posted = mock.world.orders[0]!;
    await page.goto(`/orders/${posted.orderId}`);
    await page.getByRole('button', { name: 'Отменить приказ…' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByLabel('Номер').inputValue()).toBe('ОТМ-1');
    await dialog.getByLabel('Основание').fill('Ошибка в приказе');
    const later = { ...mock.world.orders[1]!, number: 'О-9', date: '2026-10-20', pupils: posted.pupils };
    mock.world.orders.push(later);
    await dialog.getByRole('button', { name: 'Отменить приказ' }).click();
    await dialog.getByText('более поздние приказы: О-9').waitFor();
    mock.world.orders.pop();
    await dialog.getByRole('button', { name: 'Отменить приказ' }).click();
    await page.getByRole('link', { name: 'Отменяет приказ № П-1' }).click();
    await page.getByText('Отменён приказом № ОТМ-1').waitFor();
    expect(posted.state).toBe('ORDER_STATE_REVERSED');
  });

  it('is read by a deputy and not written', async () => {
    await logIn(page, 'deputy');
    const draft = mock.world.orders.find((one) => one.state === 'ORDER_STATE_DRAFT')!;
    await page.goto(`/orders/${draft.orderId}`);
    await page.locator('article').waitFor();
    expect(await page.getByRole('button', { name: /Провести|Удалить|Сохранить/ }).count()).toBe(0);
    await page.goto('/orders');
    await page.getByRole('row', { name: /П-1/ }).waitFor();
    expect(await page.getByRole('link', { name: 'Новый приказ' }).count()).toBe(0);
  });

  it('prints on one sheet of paper, without the page around it', async () => {
    await logIn(page, 'deputy');
    await page.goto(`/orders/${mock.world.orders[0]!.orderId}`);
    await page.locator('article').waitFor();
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page[^s]/g)?.length).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Что изменилось').isVisible()).toBe(false);
    expect(await page.getByText('ПРИКАЗЫВАЮ').isVisible()).toBe(true);
  });
});
