import { describe, expect, it } from 'vitest';
import { logIn } from './browser';
import { mock, page, scene } from './scene';

scene();

const TODAY = '2026-11-18';
const ofToday = () => mock.world.scheduled.filter((one) => one.date === TODAY);

describe('a day of the school', () => {
  it('is cancelled by the deputy in one step and taken back', async () => {
    await logIn(page, 'deputy');
    await page.goto(`/substitutions?date=${TODAY}`);
    await page.getByRole('button', { name: 'Весь день…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Изменить день' }).click();
    await dialog.getByText('Укажите причину').waitFor();
    await dialog.getByLabel('Причина').fill('тревога');
    await dialog.getByRole('button', { name: 'Изменить день' }).click();
    await page.getByText('Отменены уроки: вся школа').waitFor();
    expect(ofToday().every((one) => one.state === 'LESSON_STATE_CANCELLED')).toBe(true);
    expect(mock.world.dayChanges[0]!.reason).toBe('тревога');

    page.on('dialog', (one) => void one.accept());
    await page.getByRole('button', { name: 'Вернуть уроки' }).click();
    await page.getByText('возвращены').waitFor();
    expect(mock.world.dayChanges[0]!.undoneAt).not.toBe('');
  });

  it('goes remote for some lessons of a class, and names numbers that are none', async () => {
    await logIn(page, 'deputy');
    await page.goto(`/substitutions?date=${TODAY}`);
    await page.getByRole('button', { name: 'Весь день…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Что с уроками').selectOption({ label: 'Провести дистанционно' });
    await dialog.getByLabel('Причина').fill('карантин');
    await dialog.getByLabel('Номера уроков').fill('два');
    await dialog.getByRole('button', { name: 'Изменить день' }).click();
    await dialog.getByText('Номера уроков пишутся числами').waitFor();
    const number = ofToday().find((one) => one.state !== 'LESSON_STATE_CANCELLED')!.lessonNumber;
    await dialog.getByLabel('Номера уроков').fill(String(number));
    await dialog.getByRole('button', { name: 'Изменить день' }).click();
    await page.getByText('Дистанционно: вся школа').waitFor();
    await page.getByText('дистанционно', { exact: true }).first().waitFor();
    expect(mock.world.dayChanges[0]!.lessonNumbers).toEqual([number]);
  });

  it('is only read by the director', async () => {
    await logIn(page, 'director');
    await page.goto(`/substitutions?date=${TODAY}`);
    await page.locator('table').waitFor();
    expect(await page.getByRole('button', { name: 'Весь день…' }).count()).toBe(0);
  });
});
