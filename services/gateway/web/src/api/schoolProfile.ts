import { change, get, post, url } from './client';
import { list, record, text } from './shape';
import { type ProfileEntry, profileVersion, schoolProfile } from './types/schoolProfile';

const answer = record({ profile: schoolProfile });
const at = (schoolId: string) => url`/v1/schools/${schoolId}/profile`;

export async function getSchoolProfile(schoolId: string, signal?: AbortSignal) {
  return (await get(answer, at(schoolId), {}, signal)).profile;
}

/** Writes the version that `etag` names; an empty one is the first. */
export async function putSchoolProfile(schoolId: string, entry: ProfileEntry, etag: string, key: string) {
  return (await change('PUT', answer, at(schoolId), { body: { entry, etag }, key })).profile;
}

export async function confirmSchoolProfile(schoolId: string, etag: string, key: string) {
  return (await post(answer, `${at(schoolId)}:confirm`, { etag }, { key })).profile;
}

const versions = record({ versions: list(profileVersion), nextPageToken: text });

export async function listProfileVersions(schoolId: string, pageToken: string, signal?: AbortSignal) {
  const found = await get(versions, url`/v1/schools/${schoolId}/profileVersions`, { pageSize: 500, pageToken }, signal);
  return { items: found.versions, next: found.nextPageToken };
}
