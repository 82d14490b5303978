import { get, post, url } from './client';
import { count, list, nothing, record, text } from './shape';
import { me, type Me } from './types/identity';
import { begunFactor, type BegunFactor, deviceSession, type DeviceSession, issuedPasswordReset, type IssuedPasswordReset, recoveryCodes, secondFactor, type SecondFactor, securityEntry } from './types/safety';

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

/** Password, or code where there is a second factor: the session proves anew who is in it. */
export function stepUp(proof: { password: string } | { code: string }): Promise<Me> {
  return post(me, '/session/stepUp', proof);
}

export function listSecurityEntries(pageToken: string, signal?: AbortSignal) {
  return get(record({ securityEntries: list(securityEntry), nextPageToken: text }), '/v1/me/securityEntries', { pageSize: 20, pageToken }, signal);
}

export async function listSessions(signal?: AbortSignal): Promise<DeviceSession[]> {
  return (await get(record({ sessions: list(deviceSession) }), '/v1/me/sessions', {}, signal)).sessions;
}

export function endSession(sessionId: string): Promise<void> {
  return post(nothing, url`/v1/me/sessions/${sessionId}` + ':end', {});
}

export async function endOtherSessions(): Promise<number> {
  return (await post(record({ endedSessions: count }), '/v1/me/sessions:endOthers', {})).endedSessions;
}

/** A code for a new password, for whoever answers for the person; shown once. */
export async function issuePasswordReset(schoolId: string, personId: string, key: string): Promise<IssuedPasswordReset> {
  const path = url`/v1/schools/${schoolId}/people/${personId}` + ':issuePasswordReset';
  return (await post(record({ passwordReset: issuedPasswordReset }), path, {}, { key })).passwordReset;
}
