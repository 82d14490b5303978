import { get, post, url } from './client';
import { count, list, record, text } from './shape';
import { begunFactor, type BegunFactor, recoveryCodes, secondFactor, type SecondFactor, securityEntry } from './types/safety';

const FACTOR = '/v1/me/secondFactor';
const answer = record({ secondFactor });

export async function readSecondFactor(signal?: AbortSignal): Promise<SecondFactor> {
  return (await get(answer, FACTOR, {}, signal)).secondFactor;
}

/** The secret is only in this answer. */
export function beginSecondFactor(password: string, key: string): Promise<BegunFactor> {
  return post(begunFactor, `${FACTOR}:begin`, { password }, { key });
}

export function confirmSecondFactor(code: string, key: string) {
  return post(record({ secondFactor, recoveryCodes: list(text), endedSessions: count }), `${FACTOR}:confirm`, { code }, { key });
}

export async function removeSecondFactor(password: string, code: string, key: string): Promise<SecondFactor> {
  return (await post(answer, `${FACTOR}:remove`, { password, code }, { key })).secondFactor;
}

export async function regenerateRecoveryCodes(password: string, code: string, key: string): Promise<string[]> {
  return (await post(recoveryCodes, `${FACTOR}:regenerateRecoveryCodes`, { password, code }, { key })).recoveryCodes;
}

/** An administrator takes off what its owner has lost; all sessions of the person end. */
export async function resetSecondFactor(schoolId: string, personId: string, key: string): Promise<number> {
  const path = url`/v1/schools/${schoolId}/people/${personId}` + ':resetSecondFactor';
  return (await post(record({ endedSessions: count }), path, {}, { key })).endedSessions;
}

export function listSecurityEntries(pageToken: string, signal?: AbortSignal) {
  return get(record({ securityEntries: list(securityEntry), nextPageToken: text }), '/v1/me/securityEntries', { pageSize: 20, pageToken }, signal);
}
