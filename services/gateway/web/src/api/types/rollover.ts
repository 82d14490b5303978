/** Rollover of the academic year (`roster.v1`). */
import { count, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export type RolloverState = 'ROLLOVER_STATE_UNSPECIFIED' | 'ROLLOVER_STATE_DRAFT' | 'ROLLOVER_STATE_APPLIED';
export type GroupCarry = 'GROUP_CARRY_UNSPECIFIED' | 'GROUP_CARRY_NOT' | 'GROUP_CARRY_EMPTY' | 'GROUP_CARRY_WITH_MEMBERS';
export type PupilOutcome = 'PUPIL_OUTCOME_UNSPECIFIED' | 'PUPIL_OUTCOME_PROMOTED' | 'PUPIL_OUTCOME_STAYS' | 'PUPIL_OUTCOME_GRADUATES';

export const nextClass = record({
  classId: text,
  grade: count,
  letter: text,
  shift: count,
  classTeacherId: text,
  title: text,
  pupilCount: count,
  stayingCount: count,
});

export type NextClass = Of<typeof nextClass>;

export const classPassage = record({ classId: text, nextClassId: text, title: text, grade: count, pupilCount: count });

export type ClassPassage = Of<typeof classPassage>;

export const pupilPassage = record({
  pupilId: text,
  nextClassId: text,
  name: maybe(personName),
  classTitle: text,
  outcome: oneOf<PupilOutcome>('PUPIL_OUTCOME_UNSPECIFIED'),
});

export type PupilPassage = Of<typeof pupilPassage>;

export const groupPassage = record({
  groupId: text,
  carry: oneOf<GroupCarry>('GROUP_CARRY_UNSPECIFIED'),
  title: text,
  nextTitle: text,
  memberCount: count,
  nextMemberCount: count,
});

export type GroupPassage = Of<typeof groupPassage>;

export const rolloverPlan = record({
  nextClasses: list(nextClass),
  classes: list(classPassage),
  pupils: list(pupilPassage),
  groups: list(groupPassage),
  graduatesUntil: text,
});

export type RolloverPlan = Of<typeof rolloverPlan>;

export const rolloverDiff = record({
  promoted: count,
  staying: count,
  graduating: count,
  classesMade: count,
  groupsMade: count,
  membershipsOpened: count,
  membershipsEnded: count,
});

export type RolloverDiff = Of<typeof rolloverDiff>;

export const rolloverObstacle = record({ rule: text, about: text, pupilName: maybe(personName), message: text });

export type RolloverObstacle = Of<typeof rolloverObstacle>;

export const rollover = record({
  academicYear: text,
  nextAcademicYear: text,
  state: oneOf<RolloverState>('ROLLOVER_STATE_UNSPECIFIED'),
  plan: rolloverPlan,
  diff: rolloverDiff,
  obstacles: list(rolloverObstacle),
  promotionOrderId: text,
  promotionNumber: text,
  graduationOrderId: text,
  graduationNumber: text,
  firstDay: text,
  etag: text,
});

export type Rollover = Of<typeof rollover>;
