import { describe, expect, it } from 'vitest';
import { logIn, PHONE } from './browser';
import { anew, mock, page, scene } from './scene';

scene();

const kept = (at: number) => mock.world.municipalities.records.get(mock.world.municipalities.all[at]!.municipalityId)!;
const ofMinistry = () => mock.world.municipalities.records.get('')!;

describe('the ministry', () => {
  it('sees what each municipality lacks, and only those that lack something', async () => {
    await logIn(page, 'ministry');
    await page.getByRole('link', { name: 'Муниципалитеты' }).click();
    await page.getByText('Всё есть: 1 из 3').waitFor();
    const row = (title: string) => page.getByRole('row', { name: new RegExp(title) });
    await row('Симферополь').getByText('положение о рабочей группе').waitFor();
    await row('Сакский').getByText('всё есть').waitFor();
    expect(await row('Судак').locator('.chip.warn').count()).toBe(6);
    await page.getByLabel('Только с недостатками').check();
    await row('Сакский').waitFor({ state: 'detached' });
    await page.reload();
    await row('Судак').waitFor();
    expect(await row('Сакский').count()).toBe(0);
  });

  it('adds a municipality and renames one; a title that is taken and a stale version are told', async () => {
    await logIn(page, 'ministry');
    await page.goto('/municipalities');
    await page.getByRole('button', { name: 'Добавить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Напишите название').waitFor();
    await dialog.getByLabel('Название').fill('судак (Вымышленный)');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Муниципалитет с таким названием уже есть').waitFor();
    await dialog.getByLabel('Название').fill('Керчь (вымышленная)');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('row', { name: /Керчь/ }).waitFor();
    await page.getByRole('button', { name: /Переименовать.*Судак/ }).click();
    mock.world.municipalities.all[2]!.etag = 'v5';
    await dialog.getByLabel('Название').fill('Судакский округ');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('изменил другой сотрудник').waitFor();
    await dialog.getByRole('button', { name: 'Закрыть' }).first().click();
    await page.getByRole('button', { name: /Переименовать.*Судак/ }).click();
    await dialog.getByLabel('Название').fill('Судакский округ');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('row', { name: /Судакский округ/ }).waitFor();
    expect(mock.world.municipalities.all[2]).toMatchObject({ title: 'Судакский округ', etag: 'v6' });
  });

  it('reads the registries of a municipality and changes nothing there', async () => {
    await logIn(page, 'ministry');
    await page.goto('/municipalities');
    await page.getByRole('link', { name: 'Симферополь' }).first().click();
    await page.getByRole('heading', { name: 'Документы и реестры' }).waitFor();
    await page.getByRole('button', { name: 'Ответственные' }).click();
    await page.getByRole('row', { name: /Примерова Анна Ивановна/ }).getByText('Методист').waitFor();
    expect(await page.getByRole('button', { name: /Добавить|Изменить|Удалить/ }).count()).toBe(0);
  });

  it('publishes an order with its link, and a teacher opens it', async () => {
    await logIn(page, 'ministry');
    await page.goto('/ministry?view=acts');
    await page.getByRole('button', { name: 'Добавить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Название').fill('Письмо о мониторинге (пример)');
    await dialog.getByLabel('Вид').selectOption('LOCAL_ACT_KIND_ORDER');
    await dialog.getByLabel('Дата документа').fill('2026-11-01');
    await dialog.getByLabel('С какого дня').fill('2026-11-01');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await dialog.getByText('Укажите ссылку на сайт министерства').waitFor();
    await dialog.getByLabel('Ссылка').fill('https://ministry.example/letter');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('row', { name: /Письмо о мониторинге/ }).waitFor();
    expect(ofMinistry().length).toBe(2);
    await anew();
    await logIn(page, 'teacher');
    await page.goto('/registries');
    await page.getByRole('link', { name: 'Документы министерства' }).click();
    const link = page.getByRole('link', { name: /Письмо о мониторинге/ });
    expect(await link.getAttribute('href')).toBe('https://ministry.example/letter');
  });
});

describe('a municipal officer', () => {
  it('sees the own schools with their classes and pupils, and how far they are', async () => {
    await logIn(page, 'municipal');
    await page.getByRole('heading', { name: 'Школы', level: 1 }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: /^Классы/ }).click();
    await page.getByText(/\d+ класс\S*, \d+ учени/).waitFor();
    await page.getByRole('link', { name: 'Ход внедрения' }).click();
    await page.getByRole('row', { name: /14 из 20/ }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
  });

  it('names a responsible person whole, and what is missing grows less', async () => {
    await logIn(page, 'municipal');
    await page.getByRole('link', { name: 'Муниципалитет', exact: true }).click();
    const lacks = page.locator('.chip.warn');
    await expect.poll(() => lacks.allTextContents()).toEqual(['рабочая группа', 'положение о рабочей группе', 'обучение']);
    await page.getByRole('button', { name: 'Ответственные' }).click();
    await page.getByRole('button', { name: 'Добавить' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Вид').locator('option[value=RESPONSIBILITY_KIND_HEALTH_SHEET]').count()).toBe(0);
    await dialog.getByLabel('Вид').selectOption('RESPONSIBILITY_KIND_GROUP_HEAD');
    await dialog.getByLabel('Фамилия').fill('Выдумкина');
    await dialog.getByLabel('С какого дня').fill('2026-09-01');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    expect(await dialog.getByText('Заполните поле').count()).toBe(2);
    await dialog.getByLabel('Имя').fill('Ольга');
    await dialog.getByLabel('Должность').fill('Начальник отдела');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('row', { name: /Выдумкина Ольга/ }).getByText('Начальник отдела').waitFor();
    await expect.poll(() => lacks.allTextContents()).toEqual(['положение о рабочей группе', 'обучение']);
    expect(kept(0).at(-1)).toMatchObject({ post: 'Начальник отдела', personName: { surname: 'Выдумкина' }, responsiblePerson: { kind: 'RESPONSIBILITY_KIND_GROUP_HEAD' } });
    await page.getByRole('button', { name: /Удалить.*Выдумкина Ольга/ }).click();
    await dialog.getByRole('button', { name: 'Удалить' }).click();
    await expect.poll(() => lacks.count()).toBe(3);
  });

  it('reads the control sheets of the own schools and announces and returns none', async () => {
    await logIn(page, 'municipal');
    await page.getByRole('link', { name: 'Мониторинги' }).click();
    await page.getByRole('row', { name: /ноябрь/ }).getByText('0 из 1').waitFor();
    expect(await page.getByRole('button', { name: /Объявить|Изменить/ }).count()).toBe(0);
    await page.getByRole('link', { name: /октябрь/ }).click();
    await page.getByRole('link', { name: mock.world.rollouts[0]!.schoolTitle }).click();
    await page.locator('table.lines').waitFor();
    expect(await page.getByRole('button', { name: /Вернуть/ }).count()).toBe(0);
  });

  it('takes the model list over at once', async () => {
    await logIn(page, 'municipal');
    await page.goto('/municipality');
    await page.getByRole('button', { name: 'Типовой план' }).click();
    await page.getByText('Добавлено: 1 мероприятие').waitFor();
    await page.getByRole('row', { name: /Утвердить перечень мероприятий/ }).getByText('просрочено').waitFor();
    expect(kept(0).filter((one) => one.measure).length).toBe(2);
  });

  it('has no page of another municipality or of the ministry', async () => {
    await anew({ size: PHONE, touch: true });
    await logIn(page, 'municipal');
    for (const path of ['/municipalities', '/ministry', `/municipalities/${mock.world.municipalities.all[1]!.municipalityId}`]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.getByText('Сакский').count(), path).toBe(0);
    }
  });
});
