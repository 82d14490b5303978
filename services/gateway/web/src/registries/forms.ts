import type { Registry, RegistryRecord } from '../api/types';

/** What each registry is made of: the form, the list and the request follow from it. */
export type View = 'measures' | 'persons' | 'acts' | 'trainings' | 'equipment';
export const VIEWS: readonly View[] = ['measures', 'persons', 'acts', 'trainings', 'equipment'];

export type Control = 'kind' | 'line' | 'long' | 'date' | 'person' | 'number' | 'flag';
export interface Field {
  name: string;
  control: Control;
  /** Always, or when that flag is set. */
  required?: boolean | string;
  /** Of a number. */
  range?: { min: number; max: number };
}
export type Draft = Record<string, string | number | boolean>;
type Entry = 'measure' | 'responsiblePerson' | 'localAct' | 'training' | 'equipment';

interface Form {
  registry: Registry;
  /** Member of the record that holds the entry. */
  entry: Entry;
  /** Start of the names of its kinds. */
  kinds: string;
  fields: readonly Field[];
}

const field = (name: string, control: Control, required: boolean | string = false): Field => ({ name, control, required });
const number = (name: string, min: number, max: number): Field => ({ name, control: 'number', range: { min, max } });

export const FORMS: Record<View, Form> = {
  measures: {
    registry: 'REGISTRY_MEASURES',
    entry: 'measure',
    kinds: 'MEASURE_KIND_',
    fields: [
      field('title', 'line', true),
      field('kind', 'kind', true),
      field('dueOn', 'date', true),
      field('responsibleId', 'person'),
      field('doneOn', 'date'),
      field('result', 'long'),
      field('link', 'line'),
    ],
  },
  persons: {
    registry: 'REGISTRY_RESPONSIBLE_PERSONS',
    entry: 'responsiblePerson',
    kinds: 'RESPONSIBILITY_KIND_',
    fields: [
      field('kind', 'kind', true),
      field('personId', 'person', true),
      field('duties', 'long'),
      field('orderNumber', 'line'),
      field('orderDate', 'date'),
      field('startsOn', 'date', true),
      field('endsOn', 'date'),
    ],
  },
  acts: {
    registry: 'REGISTRY_LOCAL_ACTS',
    entry: 'localAct',
    kinds: 'LOCAL_ACT_KIND_',
    fields: [
      field('title', 'line', true),
      field('kind', 'kind', true),
      field('number', 'line'),
      field('datedOn', 'date', true),
      field('version', 'line'),
      field('link', 'line'),
      field('startsOn', 'date', true),
      field('endsOn', 'date'),
      field('toAcknowledge', 'flag'),
    ],
  },
  trainings: {
    registry: 'REGISTRY_TRAININGS',
    entry: 'training',
    kinds: 'TRAINING_KIND_',
    fields: [
      field('personId', 'person', true),
      field('title', 'line', true),
      field('kind', 'kind', true),
      field('dueOn', 'date', true),
      field('doneOn', 'date'),
      number('hours', 0, 1000),
      field('result', 'line'),
    ],
  },
  equipment: {
    registry: 'REGISTRY_EQUIPMENT',
    entry: 'equipment',
    kinds: 'EQUIPMENT_KIND_',
    fields: [
      field('title', 'line', true),
      field('kind', 'kind', true),
      field('place', 'line', true),
      number('quantity', 1, 10_000),
      field('responsibleId', 'person'),
      field('isAccessPoint', 'flag'),
      field('schedule', 'long', 'isAccessPoint'),
      field('startsOn', 'date', true),
      field('endsOn', 'date'),
    ],
  },
};

/** The form of a record, or an empty one. */
export function draftOf(view: View, record: RegistryRecord | null): Draft {
  const entry = (record?.[FORMS[view].entry] ?? {}) as Draft;
  const empty = ({ control, range }: Field) => (control === 'flag' ? false : control === 'number' ? (range?.min ?? 0) : '');
  return Object.fromEntries(FORMS[view].fields.map((one) => [one.name, entry[one.name] ?? empty(one)]));
}

/** Fields that must be filled and are not. */
export function missing(view: View, draft: Draft): string[] {
  const demanded = ({ required }: Field) => (typeof required === 'string' ? draft[required] === true : required);
  const lacks = (one: Field) => (one.control === 'number' ? !(Number(draft[one.name]) >= one.range!.min) : demanded(one) && !String(draft[one.name]).trim());
  return FORMS[view].fields.filter(lacks).map((one) => one.name);
}
