import { change, get, newKey, post, url } from './client';
import { list, nothing, record, text } from './shape';
import { type Consent, consent, consentCoverage, pupilConsents } from './types/consents';

const at = (pupilId: string, consentId: string) => url`/v1/pupils/${pupilId}/consents/${consentId}`;

export function getConsentCoverage(schoolId: string, signal?: AbortSignal) {
  return get(consentCoverage, url`/v1/schools/${schoolId}/consents` + ':coverage', {}, signal);
}

export function listClassConsents(schoolId: string, classId: string, signal?: AbortSignal) {
  const shape = record({ classTitle: text, pupils: list(pupilConsents) });
  return get(shape, url`/v1/schools/${schoolId}/classes/${classId}/consents`, {}, signal);
}

export async function listPupilConsents(pupilId: string, signal?: AbortSignal) {
  return (await get(record({ consents: pupilConsents }), url`/v1/pupils/${pupilId}/consents`, {}, signal)).consents;
}

/** The family takes back what it has signed. */
export async function withdrawConsent(pupilId: string, consentId: string) {
  return (await post(record({ consent }), `${at(pupilId, consentId)}:withdraw`, {})).consent;
}

/** An id for a new consent. */
export function newConsentId(): string {
  return `cns_${newKey().replaceAll('-', '')}`;
}

/** What a form says of a consent. */
export type ConsentDraft = Pick<Consent, 'signerId' | 'kind' | 'decision' | 'signedOn' | 'withdrawnOn' | 'note'>;

/** Adds the consent when there is no `etag`, replaces that version otherwise. */
export async function putConsent(pupilId: string, consentId: string, draft: ConsentDraft, etag: string, key: string) {
  return (await change('PUT', record({ consent }), at(pupilId, consentId), { body: { consent: draft, etag }, key })).consent;
}

export async function deleteConsent(pupilId: string, consentId: string, etag: string, key: string) {
  await change('DELETE', nothing, at(pupilId, consentId), { query: { etag }, key });
}
