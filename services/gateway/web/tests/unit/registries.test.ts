import { expect, it } from 'vitest';
import { type Draft, draftOf, entryOf, fieldsOf, FORMS, kindsOf, missing, VIEWS } from '../../src/registries/forms';
import registries from '../../src/i18n/ru/registries';

it('an access point must say when teachers may work there, other equipment need not', () => {
  const draft: Draft = { ...draftOf('equipment', null), title: 'Ноутбуки', kind: 'EQUIPMENT_KIND_LAPTOP', place: 'каб. 5', startsOn: '2026-09-01' };
  expect(draft['quantity']).toBe(1);
  expect(missing('equipment', draft)).toEqual([]);
  expect(missing('equipment', { ...draft, isAccessPoint: true, schedule: ' ' })).toEqual(['schedule']);
  expect(missing('equipment', { ...draft, quantity: 0 })).toEqual(['quantity']);
});

it('hours of a training may be left out', () => {
  const draft: Draft = { ...draftOf('trainings', null), personId: 'per_1', title: 'Курсы', kind: 'TRAINING_KIND_COURSE', dueOn: '2026-09-01' };
  expect(missing('trainings', draft)).toEqual([]);
});

it('every registry has its words', () => {
  for (const view of VIEWS) {
    expect(registries.views[view]).toBeTruthy();
    expect(Object.keys(registries.kinds).some((kind) => kind.startsWith(FORMS[view].kinds)), view).toBe(true);
    for (const { name } of [...FORMS[view].fields, ...fieldsOf(view, true)]) expect((registries.fields as Record<string, string>)[name], name).toBeTruthy();
  }
});

it('above schools a person is named, whole or not at all', () => {
  const draft: Draft = { ...draftOf('trainings', null, true), title: 'Семинар', kind: 'TRAINING_KIND_SEMINAR', dueOn: '2026-06-30' };
  expect(missing('trainings', draft, true)).toEqual([]);
  expect(entryOf('trainings', draft, true)).not.toHaveProperty('personName');
  expect(missing('trainings', { ...draft, surname: 'Примерова' }, true)).toEqual(['givenName', 'post']);
  const whole = { ...draft, surname: 'Примерова', givenName: 'Анна', post: 'Методист' };
  expect(entryOf('trainings', whole, true)).toMatchObject({ personName: { surname: 'Примерова', givenName: 'Анна', patronymic: '' }, post: 'Методист' });
  expect((entryOf('trainings', whole, true) as { training: object }).training).not.toHaveProperty('surname');
  expect(missing('persons', draftOf('persons', null, true), true)).toEqual(expect.arrayContaining(['surname', 'givenName', 'post']));
  expect(fieldsOf('acts', true).map((one) => one.name)).not.toContain('toAcknowledge');
});

it('a school is not offered what only a municipality has, nor the other way round', () => {
  const names = (above: boolean) => kindsOf('persons', above, registries.kinds).map(([name]) => name);
  expect(names(true)).toContain('RESPONSIBILITY_KIND_SYSTEM_USE');
  expect(names(true)).not.toContain('RESPONSIBILITY_KIND_HEALTH_SHEET');
  expect(names(false)).not.toContain('RESPONSIBILITY_KIND_SYSTEM_USE');
});
