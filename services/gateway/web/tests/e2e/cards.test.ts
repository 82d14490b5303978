import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const pupil = () => mock.world.pupils[2]!;
const familyOf = () => mock.world.cards.of(pupil().pupilId);

describe('the card of a pupil', () => {
  it('is opened from the class by its teacher, written, and tells who changed what', async () => {
    await logIn(page, 'teacher');
    await page.goto('/my-class');
    await page.getByRole('link', { name: new RegExp(`^Карточка\\s*: ${pupil().name.surname}`) }).first().click();
    await page.getByRole('button', { name: new RegExp(`^Изменить\\s*: ${pupil().name.surname} ${pupil().name.givenName}`) }).first().click();
    const dialog = page.getByRole('dialog', { name: /^Изменить карточку/ });
    await dialog.getByLabel('Телефон').fill('позвонить');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await dialog.getByLabel('Телефон').fill('+7 978 000-33-44');
    await dialog.getByLabel('Адрес').fill('г. Примерск, ул. Садовая, 1');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Карточка сохранена').waitFor();
    expect(familyOf().card.address).toBe('г. Примерск, ул. Садовая, 1');
    await page.getByRole('row', { name: /адрес/ }).getByText('г. Примерск, ул. Садовая, 1').waitFor();
  });

  it('gets a guardian, whose custody ends', async () => {
    await logIn(page, 'secretary');
    await page.goto(`/pupils/${pupil().pupilId}/card`);
    await page.getByRole('button', { name: 'Добавить представителя' }).click();
    const dialog = page.getByRole('dialog', { name: 'Новый представитель' });
    await dialog.getByLabel('Имя').fill('Тарас');
    await dialog.getByLabel('Кем приходится').fill('отец');
    await dialog.getByLabel('Информирование').selectOption({ label: 'на бумаге (заявление об отказе)' });
    await dialog.getByRole('button', { name: 'Сохранить' }).dblclick();
    await page.getByText('Представитель сохранён').waitFor();
    expect(familyOf().guardians).toHaveLength(2);
    await page.getByRole('button', { name: /^Полномочия\s*:.*Тарас/ }).click();
    const link = page.getByRole('dialog', { name: /^Представитель/ });
    await link.getByLabel('Последний день').fill('2026-11-30');
    await link.getByLabel('Законный представитель').uncheck();
    await link.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('по 30 ноября 2026').waitFor();
    expect(familyOf().guardians[1]!.link).toMatchObject({ endsOn: '2026-11-30', isRepresentative: false });
  });

  it('that somebody else has changed is shown anew', async () => {
    await logIn(page, 'secretary');
    await page.goto(`/pupils/${pupil().pupilId}/card`);
    await page.getByRole('button', { name: /^Изменить/ }).first().click();
    Object.assign(familyOf().card, { etag: 'v7', address: 'ул. Другая' });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Адрес').fill('ул. Моя');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Карточку изменил другой сотрудник').waitFor();
    await page.getByText('ул. Другая').waitFor();
  });

  it('is only read by a deputy', async () => {
    await logIn(page, 'deputy');
    await page.goto(`/pupils/${pupil().pupilId}/card`);
    await page.getByRole('heading', { name: 'Кто что изменил' }).waitFor();
    expect(await page.getByRole('button', { name: /^Изменить/ }).count()).toBe(0);
  });
});
