/** Registries of the rollout (`roster.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { journalModeKind } from './journalModes';
import { profileState } from './schoolProfile';
import { personName } from './names';

export type Registry = 'REGISTRY_MEASURES' | 'REGISTRY_RESPONSIBLE_PERSONS' | 'REGISTRY_LOCAL_ACTS' | 'REGISTRY_TRAININGS' | 'REGISTRY_EQUIPMENT';

const kind = oneOf<string>('');

export const registryRecord = record({
  recordId: text,
  measure: maybe(record({ kind, title: text, dueOn: text, responsibleId: text, doneOn: text, result: text, link: text })),
  responsiblePerson: maybe(record({ kind, personId: text, duties: text, orderNumber: text, orderDate: text, startsOn: text, endsOn: text })),
  localAct: maybe(
    record({
      kind,
      title: text,
      number: text,
      datedOn: text,
      version: text,
      link: text,
      startsOn: text,
      endsOn: text,
      toAcknowledge: flag,
      acknowledgedCount: count,
      acknowledged: flag,
    }),
  ),
  training: maybe(record({ kind, personId: text, title: text, dueOn: text, doneOn: text, hours: count, result: text })),
  equipment: maybe(
    record({ kind, title: text, place: text, quantity: count, responsibleId: text, isAccessPoint: flag, schedule: text, startsOn: text, endsOn: text }),
  ),
  personName: maybe(personName),
  overdue: flag,
  inForce: flag,
  etag: text,
  /** Only above schools. */
  post: text,
});

export type RegistryRecord = Of<typeof registryRecord>;

export const acknowledgement = record({ personId: text, personName: maybe(personName), post: text, acknowledgedOn: text });

export type Acknowledgement = Of<typeof acknowledgement>;

export const schoolRollout = record({
  schoolId: text,
  schoolTitle: text,
  municipality: text,
  measureCount: count,
  doneCount: count,
  overdueCount: count,
  responsibilities: list(text),
  localActs: list(text),
  staffCount: count,
  trainedCount: count,
  toAcknowledgeCount: count,
  acknowledgedCount: count,
  profileState,
  profileConfirmedOn: text,
  journalStage: journalModeKind,
  journalStageStartsOn: text,
});

export type SchoolRollout = Of<typeof schoolRollout>;
