import type { Invitation, InvitationState } from '../api/types';

/** The one code of a person that says how things stand: used beats issued beats the rest, newer beats older. */
export function latestByPerson(invitations: readonly Invitation[]): Map<string, Invitation> {
  const rank: Record<InvitationState, number> = {
    INVITATION_STATE_USED: 3,
    INVITATION_STATE_ISSUED: 2,
    INVITATION_STATE_EXPIRED: 1,
    INVITATION_STATE_REVOKED: 0,
    INVITATION_STATE_UNSPECIFIED: 0,
  };
  const latest = new Map<string, Invitation>();
  for (const item of invitations) {
    const known = latest.get(item.personId);
    const better =
      !known || rank[item.state] > rank[known.state] || (rank[item.state] === rank[known.state] && item.issuedAt > known.issuedAt);
    if (better) latest.set(item.personId, item);
  }
  return latest;
}

export function hasAccess(invitation: Invitation | undefined): boolean {
  return invitation?.state === 'INVITATION_STATE_USED';
}
