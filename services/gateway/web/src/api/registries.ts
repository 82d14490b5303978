import { change, get, newKey, post, url } from './client';
import { count, list, nothing, record, text } from './shape';
import { acknowledgement, type Registry, registryRecord, schoolRollout } from './types/registries';

const at = (schoolId: string, recordId: string) => url`/v1/schools/${schoolId}/registryRecords/${recordId}`;
const one = record({ record: registryRecord });

export async function listRegistryRecords(schoolId: string, registry: Registry, onlyCurrent: boolean, pageToken: string, signal?: AbortSignal) {
  const shape = record({ records: list(registryRecord), nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${schoolId}/registryRecords`, { registry, onlyCurrent, pageSize: 500, pageToken }, signal);
  return { items: answer.records, next: answer.nextPageToken };
}

/** What is in force in the school of a child. */
export async function listPupilLocalActs(pupilId: string, signal?: AbortSignal) {
  return (await get(record({ records: list(registryRecord) }), url`/v1/pupils/${pupilId}/localActs`, {}, signal)).records;
}

/** An id for a new record. */
export function newRecordId(): string {
  return `reg_${newKey().replaceAll('-', '')}`;
}

/** Adds the record when there is no `etag`, replaces that version otherwise. */
export async function putRegistryRecord(schoolId: string, recordId: string, entry: Record<string, unknown>, etag: string, key: string) {
  return (await change('PUT', one, at(schoolId, recordId), { body: { record: entry, etag }, key })).record;
}

export async function deleteRegistryRecord(schoolId: string, recordId: string, etag: string, key: string) {
  await change('DELETE', nothing, at(schoolId, recordId), { query: { etag }, key });
}

export async function addModelMeasures(schoolId: string, key: string) {
  const path = url`/v1/schools/${schoolId}/registryRecords` + ':addModelMeasures';
  return (await post(record({ addedCount: count }), path, {}, { key })).addedCount;
}

export async function acknowledgeLocalAct(schoolId: string, recordId: string) {
  return (await post(one, `${at(schoolId, recordId)}:acknowledge`, {})).record;
}

export async function listAcknowledgements(schoolId: string, recordId: string, pageToken: string, signal?: AbortSignal) {
  const shape = record({ acknowledgements: list(acknowledgement), nextPageToken: text });
  const answer = await get(shape, `${at(schoolId, recordId)}/acknowledgements`, { pageSize: 500, pageToken }, signal);
  return { items: answer.acknowledgements, next: answer.nextPageToken };
}

export async function listSchoolRollouts(pageToken: string, signal?: AbortSignal) {
  const shape = record({ rollouts: list(schoolRollout), nextPageToken: text });
  const answer = await get(shape, '/v1/schoolRollouts', { pageSize: 500, pageToken }, signal);
  return { items: answer.rollouts, next: answer.nextPageToken };
}
