/** Groups beside the classes (`roster.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

/** Kinds that people make by hand; the group of a whole class is the class's own. */
export const KINDS = ['GROUP_KIND_ELECTIVE', 'GROUP_KIND_CLUB', 'GROUP_KIND_EXTENDED_DAY', 'GROUP_KIND_SUBGROUP', 'GROUP_KIND_INDIVIDUAL'] as const;
export type MadeKind = (typeof KINDS)[number];
export type GroupKind = 'GROUP_KIND_UNSPECIFIED' | 'GROUP_KIND_CLASS' | MadeKind;

export const studyGroup = record({
  groupId: text,
  academicYear: text,
  title: text,
  kind: oneOf<GroupKind>('GROUP_KIND_UNSPECIFIED'),
  classId: text,
  grade: count,
  shift: count,
  unmarked: flag,
  endsOn: text,
  memberCount: count,
  etag: text,
});

export type StudyGroup = Of<typeof studyGroup>;

export const groupMember = record({ pupilId: text, name: maybe(personName), classId: text, classTitle: text, startsOn: text, endsOn: text });

export type GroupMember = Of<typeof groupMember>;

export const groupCard = record({ group: studyGroup, members: list(groupMember) });

export type GroupCard = Of<typeof groupCard>;
