/** Cards of a family (`roster.v1`). */
import { flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';
import type { Sex } from './orders';

export type Informing = 'INFORMING_UNSPECIFIED' | 'INFORMING_ELECTRONIC' | 'INFORMING_PAPER';
export type CardField =
  | 'CARD_FIELD_UNSPECIFIED'
  | 'CARD_FIELD_NAME'
  | 'CARD_FIELD_SEX'
  | 'CARD_FIELD_BIRTH_DATE'
  | 'CARD_FIELD_PHONE'
  | 'CARD_FIELD_EMAIL'
  | 'CARD_FIELD_ADDRESS'
  | 'CARD_FIELD_GUARDIAN'
  | 'CARD_FIELD_RELATION'
  | 'CARD_FIELD_REPRESENTATIVE'
  | 'CARD_FIELD_INFORMING'
  | 'CARD_FIELD_STARTS_ON'
  | 'CARD_FIELD_ENDS_ON';

export const card = record({
  personId: text,
  name: personName,
  sex: oneOf<Sex>('SEX_UNSPECIFIED'),
  birthDate: text,
  phone: text,
  email: text,
  address: text,
  etag: text,
});

export type Card = Of<typeof card>;

export const guardianCard = record({
  link: record({
    guardianLinkId: text,
    guardianId: text,
    relation: text,
    isRepresentative: flag,
    informing: oneOf<Informing>('INFORMING_ELECTRONIC'),
    startsOn: text,
    endsOn: text,
  }),
  card: maybe(card),
  etag: text,
});

export type GuardianCard = Of<typeof guardianCard>;

export const cardChange = record({
  changedAt: text,
  changedBy: text,
  name: maybe(personName),
  field: oneOf<CardField>('CARD_FIELD_UNSPECIFIED'),
  oldValue: text,
  newValue: text,
});

export type CardChange = Of<typeof cardChange>;

export const namesake = record({ personId: text, name: personName, birthDate: text });

export type Namesake = Of<typeof namesake>;

export const pupilCard = record({
  card,
  classTitle: text,
  guardians: list(guardianCard),
  changes: list(cardChange),
  namesakes: list(namesake),
  mayWrite: flag,
});

export type PupilCard = Of<typeof pupilCard>;
