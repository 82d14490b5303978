import { expect, it } from 'vitest';
import { type Draft, draftOf, FORMS, missing, VIEWS } from '../../src/registries/forms';
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
    for (const { name } of FORMS[view].fields) expect((registries.fields as Record<string, string>)[name], name).toBeTruthy();
  }
});
