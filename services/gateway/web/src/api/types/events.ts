/** Events of classes and of the school (`schedule.v1`). */
import { flag, list, type Of, oneOf, record, text } from '../shape';

export const EVENT_KINDS = ['SCHOOL_EVENT_KIND_ACTIVITY', 'SCHOOL_EVENT_KIND_EXAM', 'SCHOOL_EVENT_KIND_PARENTS_MEETING'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const AUDIENCES = ['SCHOOL_EVENT_AUDIENCE_CLASSES', 'SCHOOL_EVENT_AUDIENCE_GROUP', 'SCHOOL_EVENT_AUDIENCE_SCHOOL', 'SCHOOL_EVENT_AUDIENCE_STAFF'] as const;
export type Audience = (typeof AUDIENCES)[number];

export type EventState = 'SCHOOL_EVENT_STATE_DRAFT' | 'SCHOOL_EVENT_STATE_PUBLISHED' | 'SCHOOL_EVENT_STATE_CANCELLED';

export const eventContent = record({
  kind: oneOf<EventKind>('SCHOOL_EVENT_KIND_ACTIVITY'),
  title: text,
  text,
  startsOn: text,
  endsOn: text,
  startsAt: text,
  endsAt: text,
  room: text,
  place: text,
  audience: oneOf<Audience>('SCHOOL_EVENT_AUDIENCE_CLASSES'),
  classIds: list(text),
  groupId: text,
  subjectId: text,
});

/** What people write of an event. */
export type EventContent = Of<typeof eventContent>;

export const roomConflict = record({
  kind: oneOf<'ROOM_CONFLICT_KIND_LESSON' | 'ROOM_CONFLICT_KIND_EVENT'>('ROOM_CONFLICT_KIND_LESSON'),
  date: text,
  startsAt: text,
  endsAt: text,
  title: text,
});

export type RoomConflict = Of<typeof roomConflict>;

export const schoolEvent = record({
  schoolEventId: text,
  content: eventContent,
  groupTitle: text,
  subjectTitle: text,
  state: oneOf<EventState>('SCHOOL_EVENT_STATE_DRAFT'),
  cancelReason: text,
  etag: text,
  canChange: flag,
  roomConflicts: list(roomConflict),
});

export type SchoolEvent = Of<typeof schoolEvent>;

export const schoolEvents = record({ schoolEvents: list(schoolEvent), ownClassIds: list(text), canChangeAll: flag, rooms: list(text) });

export type SchoolEvents = Of<typeof schoolEvents>;

export const groupChoice = record({ groupId: text, title: text });
export type GroupChoice = Of<typeof groupChoice>;

export const subjectChoice = record({ subjectId: text, subjectTitle: text });
export type SubjectChoice = Of<typeof subjectChoice>;
