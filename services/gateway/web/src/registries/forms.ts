import type { Registry, RegistryRecord } from '../api/types';

/** What each registry is made of: the form, the list and the request follow from it. */
export type View = 'measures' | 'persons' | 'acts' | 'trainings';
export const VIEWS: readonly View[] = ['measures', 'persons', 'acts', 'trainings'];

export type Control = 'kind' | 'line' | 'long' | 'date' | 'person' | 'number' | 'flag';
export interface Field {
  name: string;
  control: Control;
  required?: boolean;
}
export type Draft = Record<string, string | number | boolean>;
type Entry = 'measure' | 'responsiblePerson' | 'localAct' | 'training';

interface Form {
  registry: Registry;
  /** Member of the record that holds the entry. */
  entry: Entry;
  /** Start of the names of its kinds. */
  kinds: string;
  fields: readonly Field[];
}

const field = (name: string, control: Control, required = false): Field => ({ name, control, required });

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
      field('hours', 'number'),
      field('result', 'line'),
    ],
  },
};

/** The form of a record, or an empty one. */
export function draftOf(view: View, record: RegistryRecord | null): Draft {
  const entry = (record?.[FORMS[view].entry] ?? {}) as Draft;
  const empty = (control: Control) => (control === 'flag' ? false : control === 'number' ? 0 : '');
  return Object.fromEntries(FORMS[view].fields.map(({ name, control }) => [name, entry[name] ?? empty(control)]));
}

/** Fields that must be filled and are not. */
export function missing(view: View, draft: Draft): string[] {
  return FORMS[view].fields.filter((one) => one.required && !String(draft[one.name]).trim()).map((one) => one.name);
}
