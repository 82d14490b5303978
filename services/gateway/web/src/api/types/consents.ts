/** Consents of families (`roster.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export const CONSENT_KINDS = ['CONSENT_KIND_PERSONAL_DATA', 'CONSENT_KIND_INFORMING', 'CONSENT_KIND_PHOTO', 'CONSENT_KIND_THIRD_PARTY'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];
export type ConsentDecision = 'CONSENT_DECISION_UNSPECIFIED' | 'CONSENT_DECISION_GIVEN' | 'CONSENT_DECISION_REFUSED';

const kind = oneOf<ConsentKind>('CONSENT_KIND_PERSONAL_DATA');

export const consent = record({
  consentId: text,
  signerId: text,
  kind,
  decision: oneOf<ConsentDecision>('CONSENT_DECISION_UNSPECIFIED'),
  signedOn: text,
  withdrawnOn: text,
  note: text,
  signerName: maybe(personName),
  own: flag,
  etag: text,
});

export type Consent = Of<typeof consent>;

export const pupilConsents = record({
  pupilId: text,
  pupilName: maybe(personName),
  consents: list(consent),
  missing: list(kind),
  signers: list(record({ personId: text, name: maybe(personName), relation: text })),
});

export type PupilConsents = Of<typeof pupilConsents>;

export const classConsents = record({
  classId: text,
  classTitle: text,
  pupilCount: count,
  counts: list(record({ kind, givenCount: count, refusedCount: count })),
});

export const consentCoverage = record({ classes: list(classConsents), hasRules: flag, hasForm: flag, hasResponsiblePerson: flag });

export type ConsentCoverage = Of<typeof consentCoverage>;
