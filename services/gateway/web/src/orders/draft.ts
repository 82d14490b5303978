import type { EducationForm, Order, OrderKind, OrderObstacle, PersonName, Sex } from '../api/types';
import { fullName } from '../domain/person';

/** Kinds that are written by hand. */
export const DRAFTED = ['ORDER_KIND_ADMISSION', 'ORDER_KIND_TRANSFER', 'ORDER_KIND_EXPULSION', 'ORDER_KIND_DEPARTURE'] as const;
export type DraftedKind = (typeof DRAFTED)[number];

export function draftedKind(text: string | null): DraftedKind {
  return DRAFTED.find((kind) => kind === text) ?? 'ORDER_KIND_TRANSFER';
}

/** A pupil as the form writes one. */
export interface DraftPupil {
  /** Card; empty for a new pupil. */
  pupilId: string;
  /** Name on the card. */
  name: string;
  isNew: boolean;
  surname: string;
  givenName: string;
  patronymic: string;
  sex: Sex;
  birthDate: string;
  classId: string;
  educationForm: EducationForm;
  groupIds: string[];
  reason: string;
  destination: string;
  toSchoolId: string;
}

export interface Draft {
  kind: OrderKind;
  number: string;
  date: string;
  effectiveOn: string;
  basis: string;
  pupils: DraftPupil[];
}

export function pupilOf(pupilId: string, name: PersonName | undefined): DraftPupil {
  return {
    pupilId,
    name: fullName(name),
    isNew: pupilId === '',
    surname: name?.surname ?? '',
    givenName: name?.givenName ?? '',
    patronymic: name?.patronymic ?? '',
    sex: 'SEX_UNSPECIFIED',
    birthDate: '',
    classId: '',
    educationForm: 'EDUCATION_FORM_FULL_TIME',
    groupIds: [],
    reason: '',
    destination: '',
    toSchoolId: '',
  };
}

export function draftOf(order: Order): Draft {
  return {
    kind: order.kind,
    number: order.number,
    date: order.date,
    effectiveOn: order.effectiveOn,
    basis: order.basis,
    pupils: order.pupils.map((one) => ({
      ...pupilOf(one.pupilId, one.newPupil?.name ?? one.name),
      sex: one.newPupil?.sex ?? 'SEX_UNSPECIFIED',
      birthDate: one.newPupil?.birthDate ?? '',
      classId: one.classId,
      educationForm: one.educationForm,
      groupIds: [...one.groupIds],
      reason: one.reason,
      destination: one.destination,
      toSchoolId: one.toSchoolId,
    })),
  };
}

export const enters = (kind: OrderKind) => kind === 'ORDER_KIND_ADMISSION' || kind === 'ORDER_KIND_TRANSFER';
export const leaves = (kind: OrderKind) => kind === 'ORDER_KIND_EXPULSION' || kind === 'ORDER_KIND_DEPARTURE';

/** What is sent: of each pupil only what the kind asks for. */
export function requestOf(draft: Draft): object {
  const { kind } = draft;
  return {
    kind,
    number: draft.number,
    date: draft.date,
    effectiveOn: draft.effectiveOn,
    basis: draft.basis,
    pupils: draft.pupils.map((one) => ({
      pupilId: one.pupilId,
      ...(one.isNew && {
        newPupil: {
          name: { surname: one.surname, givenName: one.givenName, patronymic: one.patronymic },
          sex: one.sex,
          birthDate: one.birthDate,
        },
      }),
      ...(enters(kind) && { classId: one.classId, groupIds: one.groupIds }),
      ...(kind === 'ORDER_KIND_ADMISSION' && { educationForm: one.educationForm }),
      ...(leaves(kind) && { reason: one.reason }),
      ...(kind === 'ORDER_KIND_EXPULSION' && { destination: one.destination }),
      ...(kind === 'ORDER_KIND_DEPARTURE' && { toSchoolId: one.toSchoolId }),
    })),
  };
}

/** Paths of the fields that are empty and must not be. */
export function missing(draft: Draft): string[] {
  const empty = (['number', 'date', 'effectiveOn', 'basis'] as const).filter((name) => draft[name].trim() === '').map(String);
  if (draft.pupils.length === 0) empty.push('pupils');
  draft.pupils.forEach((one, place) => {
    const needed: [string, boolean][] = [
      ['newPupil.name.surname', one.isNew && one.surname.trim() === ''],
      ['newPupil.name.givenName', one.isNew && one.givenName.trim() === ''],
      ['newPupil.sex', one.isNew && one.sex === 'SEX_UNSPECIFIED'],
      ['newPupil.birthDate', one.isNew && one.birthDate === ''],
      ['classId', enters(draft.kind) && one.classId === ''],
      ['reason', draft.kind === 'ORDER_KIND_EXPULSION' && one.reason.trim() === ''],
      ['toSchoolId', draft.kind === 'ORDER_KIND_DEPARTURE' && one.toSchoolId === ''],
    ];
    for (const [field, is] of needed) if (is) empty.push(`pupils.${place}.${field}`);
  });
  return empty;
}

/** `pupils[2].classId` and `/pupils/2/classId` as `pupils.2.classId`. */
export function pathOf(field: string): string {
  return field
    .replaceAll(/[[\]/]+/g, '.')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '');
}

/** Messages by path: what was refused, and what stands in the way. */
export function mistakesOf(list: readonly Pick<OrderObstacle, 'field' | 'message'>[]): Map<string, string> {
  return new Map(list.map((one) => [pathOf(one.field), one.message]));
}
