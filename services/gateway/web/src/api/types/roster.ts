/** Schools, classes, people (`roster.v1`). */
import { count, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export type SchoolState = 'SCHOOL_STATE_UNSPECIFIED' | 'SCHOOL_STATE_PREPARING' | 'SCHOOL_STATE_ACTIVE';

export const school = record({
  schoolId: text,
  title: text,
  municipality: text,
  academicYear: text,
  state: oneOf<SchoolState>('SCHOOL_STATE_UNSPECIFIED'),
});

export type School = Of<typeof school>;

export const schoolClass = record({
  classId: text,
  grade: count,
  letter: text,
  title: text,
  shift: count,
  classTeacherId: text,
  classTeacherName: maybe(personName),
  pupilCount: count,
});

export type SchoolClass = Of<typeof schoolClass>;

export type Duty =
  | 'DUTY_UNSPECIFIED'
  | 'DUTY_DIRECTOR'
  | 'DUTY_DEPUTY'
  | 'DUTY_ADMINISTRATOR'
  | 'DUTY_SECRETARY'
  | 'DUTY_ENGINEER'
  | 'DUTY_TEACHER';

export const staffMember = record({
  personId: text,
  name: personName,
  post: text,
  duties: list(oneOf<Duty>('DUTY_UNSPECIFIED')),
  endsOn: text,
  phone: text,
  email: text,
});

export type StaffMember = Of<typeof staffMember>;

export const pupil = record({
  pupilId: text,
  name: personName,
  birthDate: text,
  classId: text,
  classTitle: text,
});

export type Pupil = Of<typeof pupil>;
