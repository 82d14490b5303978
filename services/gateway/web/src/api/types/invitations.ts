/** Invitation codes (`identity.v1`). */
import { type Of, oneOf, record, text } from '../shape';
import { role } from './identity';
import { personName } from './names';

export type Audience = 'AUDIENCE_STAFF' | 'AUDIENCE_CLASS_PUPILS' | 'AUDIENCE_CLASS_GUARDIANS';

export type InvitationState =
  | 'INVITATION_STATE_UNSPECIFIED'
  | 'INVITATION_STATE_ISSUED'
  | 'INVITATION_STATE_USED'
  | 'INVITATION_STATE_REVOKED'
  | 'INVITATION_STATE_EXPIRED';

export const invitation = record({
  invitationId: text,
  personId: text,
  name: personName,
  role,
  relation: text,
  state: oneOf<InvitationState>('INVITATION_STATE_UNSPECIFIED'),
  issuedAt: text,
  expiresAt: text,
  usedAt: text,
});

export type Invitation = Of<typeof invitation>;

export const issuedInvitation = record({ invitation, code: text, qrSvg: text });

export type IssuedInvitation = Of<typeof issuedInvitation>;

export const invitationPreview = record({ shortName: text, role, schoolTitle: text, expiresAt: text });

export type InvitationPreview = Of<typeof invitationPreview>;
