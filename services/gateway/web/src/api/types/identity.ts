/** Accounts and sessions (`identity.v1`). */
import { flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export type Role =
  | 'ROLE_UNSPECIFIED'
  | 'ROLE_MINISTRY_OFFICER'
  | 'ROLE_MUNICIPAL_OFFICER'
  | 'ROLE_DIRECTOR'
  | 'ROLE_DEPUTY'
  | 'ROLE_ADMINISTRATOR'
  | 'ROLE_SECRETARY'
  | 'ROLE_ENGINEER'
  | 'ROLE_TEACHER'
  | 'ROLE_GUARDIAN'
  | 'ROLE_PUPIL'
  | 'ROLE_OPERATOR';

export const role = oneOf<Role>('ROLE_UNSPECIFIED');

export const child = record({
  pupilId: text,
  name: personName,
  classTitle: text,
  schoolId: text,
  schoolTitle: text,
});

export type Child = Of<typeof child>;

export const availableRole = record({ role, schoolId: text, schoolTitle: text, municipalityId: text, municipalityTitle: text });

export type AvailableRole = Of<typeof availableRole>;

export const me = record({
  accountId: text,
  login: text,
  name: maybe(personName),
  role,
  schoolId: text,
  schoolTitle: text,
  personId: text,
  roles: list(role),
  available: list(availableRole),
  children: list(child),
  secondFactorMissing: flag,
  municipalityId: text,
  municipalityTitle: text,
});

export type Me = Of<typeof me>;
