import type { Consent, ConsentKind, PupilConsents } from '../api/types/consents';

/** Where a kind stands for a pupil: given by somebody, refused and not given, or nobody has decided. */
export type Standing = 'given' | 'refused' | 'withdrawn' | 'none';

export const TONES: Record<Standing, string> = { given: 'good', refused: 'warn', withdrawn: 'bad', none: '' };

/** Consents of a kind, newest first, as the answer has them. */
export function ofKind(pupil: PupilConsents, kind: ConsentKind): Consent[] {
  return pupil.consents.filter((one) => one.kind === kind);
}

export function standing(consents: readonly Consent[]): Standing {
  const open = consents.filter((one) => !one.withdrawnOn);
  if (open.some((one) => one.decision === 'CONSENT_DECISION_GIVEN')) return 'given';
  if (open.length > 0) return 'refused';
  return consents.length > 0 ? 'withdrawn' : 'none';
}
