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

/** A person without a card. */
const named = (required: boolean): Field[] => [field('surname', 'line', required), field('givenName', 'line', required), field('patronymic', 'line'), field('post', 'line', required)];
const NAMED = named(false).map((one) => one.name);

/** Fields of a form; above schools a person is named, and nobody acknowledges. */
export function fieldsOf(view: View, above = false): readonly Field[] {
  const { fields } = FORMS[view];
  if (!above) return fields;
  return fields.filter((one) => one.name !== 'toAcknowledge').flatMap((one) => (one.control === 'person' ? named(view === 'persons') : [one]));
}

/** Kinds of record that only a school has, and only a municipality. */
const OF_SCHOOL = ['RESPONSIBILITY_KIND_ADMINISTRATOR', 'RESPONSIBILITY_KIND_SITE', 'RESPONSIBILITY_KIND_HEALTH_SHEET', 'RESPONSIBILITY_KIND_ATTENDANCE'];
const ABOVE = ['RESPONSIBILITY_KIND_SYSTEM_USE', 'LOCAL_ACT_KIND_HELP_SCHEDULE'];

/** Kinds to choose from, with their words. */
export function kindsOf(view: View, above: boolean, kinds: Record<string, string>): [string, string][] {
  const others = above ? OF_SCHOOL : ABOVE;
  return Object.entries(kinds).filter(([name]) => name.startsWith(FORMS[view].kinds) && !others.includes(name));
}

/** The form of a record, or an empty one. */
export function draftOf(view: View, record: RegistryRecord | null, above = false): Draft {
  const entry = { ...(record?.[FORMS[view].entry] ?? {}), ...record?.personName, post: record?.post } as Draft;
  const empty = ({ control, range }: Field) => (control === 'flag' ? false : control === 'number' ? (range?.min ?? 0) : '');
  return Object.fromEntries(fieldsOf(view, above).map((one) => [one.name, entry[one.name] ?? empty(one)]));
}

/** The record that a form makes. */
export function entryOf(view: View, draft: Draft, above = false): Record<string, unknown> {
  const { entry } = FORMS[view];
  if (!above) return { [entry]: draft };
  const { surname, givenName, patronymic, post } = draft;
  const rest = Object.fromEntries(Object.entries(draft).filter(([name]) => !NAMED.includes(name)));
  return { [entry]: rest, ...(surname || givenName || post ? { personName: { surname, givenName, patronymic }, post } : {}) };
}

/** Fields that must be filled and are not. */
export function missing(view: View, draft: Draft, above = false): string[] {
  const demanded = ({ required }: Field) => (typeof required === 'string' ? draft[required] === true : required);
  const lacks = (one: Field) => (one.control === 'number' ? !(Number(draft[one.name]) >= one.range!.min) : demanded(one) && !String(draft[one.name]).trim());
  const lacking = fieldsOf(view, above).filter(lacks).map((one) => one.name);
  // A person is named whole or not at all.
  if (above && NAMED.some((name) => String(draft[name] ?? '').trim())) {
    for (const name of ['surname', 'givenName', 'post']) if (!String(draft[name]).trim() && !lacking.includes(name)) lacking.push(name);
  }
  return lacking;
}
