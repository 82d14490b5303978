import { describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { mock, page, scene } from './scene';

scene();

const dialog = () => page.getByRole('dialog');
const save = () => dialog().getByRole('button', { name: 'Сохранить' }).click();
const rowOf = (n: number) => page.getByRole('row', { name: new RegExp(mock.world.pupils[n]!.name.surname) });
const membersOf = () => mock.world.clubs.members.get(mock.world.clubs.club.groupId)!;

async function openClub(who: string): Promise<void> {
  await logIn(page, who);
  await page.goto(`/groups/${mock.world.clubs.club.groupId}`);
  await page.getByRole('heading', { name: 'Шахматы' }).waitFor();
}

describe('groups beside the classes', () => {
  it('are found from the classes and by their kind', async () => {
    await logIn(page, 'secretary');
    await page.goto('/classes');
    await page.getByRole('link', { name: 'Группы' }).click();
    await page.getByRole('row', { name: /Шахматы/ }).getByText('без отметок').waitFor();
    await page.getByRole('row', { name: /ГПД 1–4/ }).waitFor();
    await page.getByLabel('Вид').selectOption({ label: 'Кружок' });
    await page.getByRole('row', { name: /ГПД 1–4/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Шахматы/ }).waitFor();
  });

  it('are made once whatever the answers do, and a taken title is told', async () => {
    await logIn(page, 'deputy');
    await page.goto('/groups');
    await page.getByRole('button', { name: 'Новая группа' }).click();
    await save();
    await dialog().getByText('Укажите название').waitFor();
    await dialog().getByLabel('Название').fill('Шахматы');
    await save();
    await dialog().getByText(/уже есть/).waitFor();
    await dialog().getByLabel('Название').fill('Олимпиадная математика');
    await dialog().getByLabel('Учебные периоды какой параллели').fill('7');
    mock.weather.dropAnswers = 1;
    await save();
    await page.getByRole('heading', { name: 'Олимпиадная математика' }).waitFor();
    await page.getByText('В группе никого нет').waitFor();
    expect(mock.world.groups.filter((one) => one.title === 'Олимпиадная математика').length).toBe(1);
  });

  it('take pupils found by class and name from a day on', async () => {
    await openClub('deputy');
    await rowOf(0).waitFor();
    await page.getByRole('button', { name: 'Добавить учеников' }).click();
    await dialog().getByLabel('С какого дня').fill('2026-08-20');
    await dialog().getByLabel('Класс').selectOption({ label: '5-А' });
    const name = mock.world.pupils[4]!.name;
    await dialog().getByLabel('Найти по фамилии').fill(name.surname);
    await dialog().getByRole('checkbox', { name: new RegExp(`${name.surname} ${name.givenName}`) }).check();
    await dialog().getByText('Выбрано: 1 ученик').waitFor();
    await dialog().getByRole('button', { name: 'Добавить' }).click();
    await dialog().getByText('День не из этого учебного года').waitFor();
    await dialog().getByLabel('С какого дня').fill('2026-11-16');
    await dialog().getByRole('button', { name: 'Добавить' }).click();
    await page.getByText('Ученики записаны в группу').waitFor();
    await rowOf(4).waitFor();
    expect(membersOf().at(-1)).toEqual({ pupilId: mock.world.pupils[4]!.pupilId, startsOn: '2026-11-16' });
  });

  it('show who was in them on a day and in the year, and let a pupil out', async () => {
    await openClub('deputy');
    await rowOf(0).waitFor();
    expect(await rowOf(1).count()).toBe(0);
    await page.getByLabel('Состав на день').fill('2026-10-01');
    await rowOf(1).waitFor();
    await page.getByRole('button', { name: 'Весь год' }).click();
    await rowOf(0).getByRole('button', { name: /Вывести/ }).click();
    await dialog().getByLabel('С какого дня').fill('2026-11-16');
    await dialog().getByRole('button', { name: 'Вывести' }).click();
    await page.getByText('Ученик выведен из группы').waitFor();
    expect(membersOf()[0]!.endsOn).toBe('2026-11-15');
  });

  it('with a load are ended, not deleted', async () => {
    await openClub('director');
    await page.getByRole('button', { name: 'Удалить' }).click();
    await dialog().getByRole('button', { name: 'Удалить' }).click();
    await dialog().getByRole('alert').getByText(/можно только завершить/).waitFor();
    await dialog().getByRole('button', { name: 'Закрыть' }).last().click();
    await page.getByRole('button', { name: 'Завершить' }).click();
    await dialog().getByLabel('Последний день занятий').fill('2026-11-30');
    await dialog().getByRole('button', { name: 'Завершить' }).click();
    await page.getByText('завершена 30 ноября 2026').waitFor();
    expect(await page.getByRole('button', { name: 'Добавить учеников' }).count()).toBe(0);
  });

  it('tell that somebody else has changed them, and show what is there', async () => {
    await openClub('deputy');
    await page.getByRole('button', { name: 'Изменить' }).click();
    Object.assign(mock.world.clubs.club, { title: 'Шахматный клуб', etag: 'v7' });
    await dialog().getByLabel('Название').fill('Шашки');
    await save();
    await dialog().getByText(/изменил кто-то другой/).waitFor();
    await dialog().getByRole('button', { name: 'Закрыть' }).last().click();
    await page.getByRole('heading', { name: 'Шахматный клуб' }).waitFor();
  });

  it('fit a phone', async () => {
    await page.setViewportSize(PHONE);
    await openClub('secretary');
    await rowOf(0).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.getByRole('button', { name: 'Добавить учеников' }).click();
    await dialog().getByLabel('Класс').selectOption({ label: '5-А' });
    await dialog().getByRole('checkbox').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });
});
