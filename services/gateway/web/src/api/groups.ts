import { change, get, newKey, post, url } from './client';
import { list, nothing, record, text } from './shape';
import { groupCard, type StudyGroup, studyGroup } from './types/groups';

const at = (schoolId: string, groupId: string) => url`/v1/schools/${schoolId}/groups/${groupId}`;
const page = record({ groups: list(studyGroup), nextPageToken: text });

export async function listStudyGroups(schoolId: string, pageToken: string, signal?: AbortSignal) {
  const answer = await get(page, url`/v1/schools/${schoolId}/groups`, { pageSize: 500, pageToken }, signal);
  return { items: answer.groups, next: answer.nextPageToken };
}

/** The group with everybody of the year. */
export function getGroup(schoolId: string, groupId: string, signal?: AbortSignal) {
  return get(groupCard, at(schoolId, groupId), {}, signal);
}

/** An id for a new group. */
export function newGroupId(): string {
  return `grp_${newKey().replaceAll('-', '')}`;
}

/** What a form says of a group. */
export type GroupDraft = Pick<StudyGroup, 'title' | 'kind' | 'classId' | 'grade' | 'shift' | 'unmarked'>;

export async function putGroup(schoolId: string, groupId: string, draft: GroupDraft, etag: string, key: string) {
  return (await change('PUT', record({ group: studyGroup }), at(schoolId, groupId), { body: { ...draft, etag }, key })).group;
}

/** Who is in the group from a day on, and who no more. */
export interface MembersChange {
  from: string;
  addPupilIds: readonly string[];
  removePupilIds: readonly string[];
}

export function changeGroupMembers(schoolId: string, groupId: string, wanted: MembersChange, etag: string, key: string) {
  return post(groupCard, `${at(schoolId, groupId)}:changeMembers`, { ...wanted, etag }, { key });
}

export function endGroup(schoolId: string, groupId: string, endsOn: string, etag: string, key: string) {
  return post(groupCard, `${at(schoolId, groupId)}:end`, { endsOn, etag }, { key });
}

export function deleteGroup(schoolId: string, groupId: string, etag: string, key: string) {
  return change('DELETE', nothing, at(schoolId, groupId), { query: { etag }, key });
}
