/** What a school says of itself (`roster.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

/** Fields of the form, in its order, and their names in the history. */
export const PROFILE_FIELDS = {
  fullTitle: 'SCHOOL_PROFILE_FIELD_FULL_TITLE',
  shortTitle: 'SCHOOL_PROFILE_FIELD_SHORT_TITLE',
  inn: 'SCHOOL_PROFILE_FIELD_INN',
  ogrn: 'SCHOOL_PROFILE_FIELD_OGRN',
  legalAddress: 'SCHOOL_PROFILE_FIELD_LEGAL_ADDRESS',
  actualAddress: 'SCHOOL_PROFILE_FIELD_ACTUAL_ADDRESS',
  phone: 'SCHOOL_PROFILE_FIELD_PHONE',
  email: 'SCHOOL_PROFILE_FIELD_EMAIL',
  site: 'SCHOOL_PROFILE_FIELD_SITE',
  journalPage: 'SCHOOL_PROFILE_FIELD_JOURNAL_PAGE',
  buildingCount: 'SCHOOL_PROFILE_FIELD_BUILDING_COUNT',
} as const;
export type ProfileField = keyof typeof PROFILE_FIELDS;
export const PROFILE_FIELD_NAMES = Object.keys(PROFILE_FIELDS) as ProfileField[];

export type ProfileState =
  | 'SCHOOL_PROFILE_STATE_EMPTY'
  | 'SCHOOL_PROFILE_STATE_UNCONFIRMED'
  | 'SCHOOL_PROFILE_STATE_CONFIRMED'
  | 'SCHOOL_PROFILE_STATE_CHANGED'
  | 'SCHOOL_PROFILE_STATE_DUE';

export const profileState = oneOf<ProfileState>('SCHOOL_PROFILE_STATE_EMPTY');

const entry = record({
  fullTitle: text,
  shortTitle: text,
  inn: text,
  ogrn: text,
  legalAddress: text,
  actualAddress: text,
  phone: text,
  email: text,
  site: text,
  journalPage: text,
  buildingCount: count,
});

export type ProfileEntry = Of<typeof entry>;

export const schoolProfile = record({
  schoolId: text,
  entry: maybe(entry),
  state: profileState,
  confirmedOn: text,
  confirmedBy: text,
  directorName: maybe(personName),
  shiftCount: count,
  missing: list(text),
  mayWrite: flag,
  etag: text,
});

export type SchoolProfile = Of<typeof schoolProfile>;

export const profileVersion = record({
  etag: text,
  at: text,
  by: text,
  confirmed: flag,
  changes: list(record({ field: text, oldValue: text, newValue: text })),
});

export type ProfileVersion = Of<typeof profileVersion>;
