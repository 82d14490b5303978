import { get, post, url } from './client';
import { list, nothing, record, text } from './shape';
import { type EventContent, groupChoice, type SchoolEvent, schoolEvent, schoolEvents, subjectChoice, type SubjectChoice } from './types/events';

const all = (schoolId: string) => url`/v1/schools/${schoolId}/events`;
const one = (schoolId: string, event: SchoolEvent) => url`/v1/schools/${schoolId}/events/${event.schoolEventId}`;
const changed = record({ schoolEvent });

export function listEvents(schoolId: string, days: { from: string; to: string; classId?: string }, signal?: AbortSignal) {
  return get(schoolEvents, all(schoolId), days, signal);
}

export async function listPupilEvents(schoolId: string, pupilId: string, days: { from: string; to: string }, signal?: AbortSignal) {
  const shape = record({ schoolEvents: list(schoolEvent) });
  return (await get(shape, url`/v1/schools/${schoolId}/pupils/${pupilId}/events`, days, signal)).schoolEvents;
}

/** Makes an event when there is no `before`, changes that version otherwise. */
export async function saveEvent(schoolId: string, content: EventContent, before: SchoolEvent | undefined, key: string) {
  const body = { content, schoolEventId: before?.schoolEventId ?? '', etag: before?.etag ?? '' };
  return (await post(changed, all(schoolId), body, { key })).schoolEvent;
}

export async function publishEvents(schoolId: string, drafts: readonly SchoolEvent[], key: string) {
  const body = { schoolEvents: drafts.map(({ schoolEventId, etag }) => ({ schoolEventId, etag })) };
  return (await post(record({ schoolEvents: list(schoolEvent) }), all(schoolId) + ':publish', body, { key })).schoolEvents;
}

export async function cancelEvent(schoolId: string, event: SchoolEvent, reason: string, key: string) {
  return (await post(changed, one(schoolId, event) + ':cancel', { reason, etag: event.etag }, { key })).schoolEvent;
}

export async function discardEvent(schoolId: string, event: SchoolEvent, key: string) {
  await post(nothing, one(schoolId, event) + ':discard', { etag: event.etag }, { key });
}

/** The class as a group, and its parts. */
export async function listGroups(schoolId: string, classId: string, signal?: AbortSignal) {
  return (await get(record({ groups: list(groupChoice) }), url`/v1/schools/${schoolId}/groups`, { classId }, signal)).groups;
}

/** Subjects that are taught at the school, by title. */
export async function listSubjects(schoolId: string, signal?: AbortSignal): Promise<SubjectChoice[]> {
  const shape = record({ teachingLoads: list(subjectChoice), nextPageToken: text });
  const found = new Map<string, SubjectChoice>();
  let pageToken = '';
  do {
    const page = await get(shape, url`/v1/schools/${schoolId}/teachingLoads`, { pageSize: 500, pageToken }, signal);
    for (const one of page.teachingLoads) found.set(one.subjectId, one);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return [...found.values()].sort((a, b) => a.subjectTitle.localeCompare(b.subjectTitle, 'ru'));
}
