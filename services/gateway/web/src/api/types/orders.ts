/** The book of orders (`roster.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export type OrderKind =
  | 'ORDER_KIND_UNSPECIFIED'
  | 'ORDER_KIND_ADMISSION'
  | 'ORDER_KIND_TRANSFER'
  | 'ORDER_KIND_PROMOTION'
  | 'ORDER_KIND_EXPULSION'
  | 'ORDER_KIND_GRADUATION'
  | 'ORDER_KIND_DEPARTURE'
  | 'ORDER_KIND_REVERSAL';
export type OrderState = 'ORDER_STATE_UNSPECIFIED' | 'ORDER_STATE_DRAFT' | 'ORDER_STATE_POSTED' | 'ORDER_STATE_REVERSED';
export type Sex = 'SEX_UNSPECIFIED' | 'SEX_MALE' | 'SEX_FEMALE';
export type EducationForm = 'EDUCATION_FORM_UNSPECIFIED' | 'EDUCATION_FORM_FULL_TIME' | 'EDUCATION_FORM_HOME' | 'EDUCATION_FORM_FAMILY';

const sex = oneOf<Sex>('SEX_UNSPECIFIED');

export const orderEffect = record({
  leftClassTitle: text,
  leftGroupCount: count,
  lastDay: text,
  enteredClassTitle: text,
  enteredGroupCount: count,
  firstDay: text,
  cardAdded: flag,
});

export type OrderEffect = Of<typeof orderEffect>;

export const orderPupil = record({
  pupilId: text,
  newPupil: maybe(record({ name: personName, sex, birthDate: text })),
  classId: text,
  educationForm: oneOf<EducationForm>('EDUCATION_FORM_UNSPECIFIED'),
  groupIds: list(text),
  reason: text,
  destination: text,
  toSchoolId: text,
  name: maybe(personName),
  toSchoolTitle: text,
  classTitle: text,
  effect: maybe(orderEffect),
});

export type OrderPupil = Of<typeof orderPupil>;

export const order = record({
  orderId: text,
  number: text,
  date: text,
  kind: oneOf<OrderKind>('ORDER_KIND_UNSPECIFIED'),
  pupilCount: count,
  state: oneOf<OrderState>('ORDER_STATE_UNSPECIFIED'),
  effectiveOn: text,
  basis: text,
  pupils: list(orderPupil),
  reversesOrderId: text,
  reversesNumber: text,
  reversedByOrderId: text,
  reversedByNumber: text,
  ofImport: flag,
  etag: text,
});

export type Order = Of<typeof order>;

export const orderObstacle = record({ field: text, rule: text, message: text });

export type OrderObstacle = Of<typeof orderObstacle>;

export const arrival = record({
  pupilId: text,
  name: personName,
  birthDate: text,
  fromSchoolTitle: text,
  fromClassTitle: text,
  fromGrade: count,
  lastDay: text,
});

export type Arrival = Of<typeof arrival>;

export const transferSchool = record({ schoolId: text, title: text, municipality: text });

export type TransferSchool = Of<typeof transferSchool>;

export const group = record({ groupId: text, title: text, kind: oneOf<string>(''), classId: text });

export type Group = Of<typeof group>;
