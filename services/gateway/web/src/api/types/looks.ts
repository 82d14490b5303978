/** The access log (`identity.v1`). */
import { maybe, type Of, oneOf, record, text } from '../shape';
import { role } from './identity';
import { personName } from './names';

export type LookRecord =
  | 'LOOK_RECORD_UNSPECIFIED'
  | 'LOOK_RECORD_JOURNAL'
  | 'LOOK_RECORD_MARK_HISTORY'
  | 'LOOK_RECORD_DIARY'
  | 'LOOK_RECORD_MARKS'
  | 'LOOK_RECORD_CARD'
  | 'LOOK_RECORD_PUPIL_LIST'
  | 'LOOK_RECORD_BOARD'
  | 'LOOK_RECORD_REPORT'
  | 'LOOK_RECORD_EXPORT';

export type LookPurpose =
  | 'LOOK_PURPOSE_UNSPECIFIED'
  | 'LOOK_PURPOSE_TEACHING'
  | 'LOOK_PURPOSE_CLASS_TEACHING'
  | 'LOOK_PURPOSE_CONTROL'
  | 'LOOK_PURPOSE_OFFICE'
  | 'LOOK_PURPOSE_SCHOOL';

export type LookSubject = 'LOOK_SUBJECT_UNSPECIFIED' | 'LOOK_SUBJECT_PUPIL' | 'LOOK_SUBJECT_CLASS' | 'LOOK_SUBJECT_SCHOOL';

export const look = record({
  lookId: text,
  lookedAt: text,
  lastLookedAt: text,
  name: maybe(personName),
  role,
  record: oneOf<LookRecord>('LOOK_RECORD_UNSPECIFIED'),
  purpose: oneOf<LookPurpose>('LOOK_PURPOSE_UNSPECIFIED'),
  subject: oneOf<LookSubject>('LOOK_SUBJECT_UNSPECIFIED'),
  classTitle: text,
  pupilName: maybe(personName),
});

export type Look = Of<typeof look>;
