import { change, get, newKey, post, url } from './client';
import { count, list, nothing, record, text } from './shape';
import { municipality, municipalityRollout } from './types/municipalities';
import { type Registry, registryRecord } from './types/registries';

export async function listMunicipalities(pageToken: string, signal?: AbortSignal) {
  const shape = record({ municipalities: list(municipality), nextPageToken: text });
  const answer = await get(shape, '/v1/municipalities', { pageSize: 500, pageToken }, signal);
  return { items: answer.municipalities, next: answer.nextPageToken };
}

export async function listMunicipalityRollouts(pageToken: string, signal?: AbortSignal) {
  const shape = record({ rollouts: list(municipalityRollout), nextPageToken: text });
  const answer = await get(shape, '/v1/municipalityRollouts', { pageSize: 500, pageToken }, signal);
  return { items: answer.rollouts, next: answer.nextPageToken };
}

/** An id for a new municipality. */
export function newMunicipalityId(): string {
  return `mun_${newKey().replaceAll('-', '')}`;
}

/** Adds the municipality when there is no `etag`, renames that version otherwise. */
export async function putMunicipality(id: string, title: string, etag: string, key: string) {
  const path = url`/v1/municipalities/${id}`;
  return (await change('PUT', record({ municipality }), path, { body: { title, etag }, key })).municipality;
}

const one = record({ record: registryRecord });
const records = record({ records: list(registryRecord), nextPageToken: text });

/** Registries of a municipality, or without one of the ministry. */
export async function listAuthorityRecords(municipalityId: string, registry: Registry, onlyCurrent: boolean, pageToken: string, signal?: AbortSignal) {
  const answer = await get(records, '/v1/authorityRecords', { municipalityId, registry, onlyCurrent, pageSize: 500, pageToken }, signal);
  return { items: answer.records, next: answer.nextPageToken };
}

export async function putAuthorityRecord(municipalityId: string, recordId: string, entry: Record<string, unknown>, etag: string, key: string) {
  return (await change('PUT', one, url`/v1/authorityRecords/${recordId}`, { body: { municipalityId, record: entry, etag }, key })).record;
}

export async function deleteAuthorityRecord(municipalityId: string, recordId: string, etag: string, key: string) {
  await change('DELETE', nothing, url`/v1/authorityRecords/${recordId}`, { query: { municipalityId, etag }, key });
}

export async function addModelAuthorityMeasures(municipalityId: string, key: string) {
  return (await post(record({ addedCount: count }), '/v1/authorityRecords:addModelMeasures', { municipalityId }, { key })).addedCount;
}

export async function listMinistryActs(pageToken: string, signal?: AbortSignal) {
  const answer = await get(records, '/v1/ministryActs', { pageSize: 500, pageToken }, signal);
  return { items: answer.records, next: answer.nextPageToken };
}
