/** Second factor, sessions, codes for a new password and security log (`identity.v1`). */
import { count, flag, list, type Of, oneOf, record, text } from '../shape';
import { role } from './identity';
import { personName } from './names';

export type SecondFactorState =
  | 'SECOND_FACTOR_STATE_UNSPECIFIED'
  | 'SECOND_FACTOR_STATE_OFF'
  | 'SECOND_FACTOR_STATE_BEGUN'
  | 'SECOND_FACTOR_STATE_ON';

export const secondFactor = record({
  state: oneOf<SecondFactorState>('SECOND_FACTOR_STATE_UNSPECIFIED'),
  turnedOnAt: text,
  recoveryCodesLeft: count,
  required: flag,
});

export type SecondFactor = Of<typeof secondFactor>;

export const begunFactor = record({ otpauthUri: text, qrSvg: text, secret: text });

export type BegunFactor = Of<typeof begunFactor>;

export type SecurityKind =
  | 'SECURITY_KIND_UNSPECIFIED'
  | 'SECURITY_KIND_SECOND_FACTOR_ON'
  | 'SECURITY_KIND_SECOND_FACTOR_OFF'
  | 'SECURITY_KIND_SECOND_FACTOR_RESET'
  | 'SECURITY_KIND_RECOVERY_CODE_USED'
  | 'SECURITY_KIND_RECOVERY_CODES_MADE'
  | 'SECURITY_KIND_PASSWORD_CHANGED'
  | 'SECURITY_KIND_PASSWORD_RESET_ISSUED'
  | 'SECURITY_KIND_PASSWORD_RESET_USED'
  | 'SECURITY_KIND_SESSION_ENDED'
  | 'SECURITY_KIND_STEPPED_UP';

export const securityEntry = record({
  happenedAt: text,
  kind: oneOf<SecurityKind>('SECURITY_KIND_UNSPECIFIED'),
  by: text,
  device: text,
});

export type SecurityEntry = Of<typeof securityEntry>;

export const recoveryCodes = record({ recoveryCodes: list(text) });

export const deviceSession = record({
  sessionId: text,
  device: text,
  firstSeenAt: text,
  lastSeenAt: text,
  current: flag,
  role,
  schoolTitle: text,
});

export type DeviceSession = Of<typeof deviceSession>;

export const issuedPasswordReset = record({ name: personName, code: text, qrSvg: text, expiresAt: text });

export type IssuedPasswordReset = Of<typeof issuedPasswordReset>;
