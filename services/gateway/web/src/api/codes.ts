import { get, post, url } from './client';
import { count, list, record, text } from './shape';
import { type Audience, invitation, issuedInvitation } from './types/invitations';

const invitations = record({
  invitations: list(invitation),
  nextPageToken: text,
  personCount: count,
  registeredCount: count,
});

export async function listInvitations(schoolId: string, classId: string, pageToken: string, signal?: AbortSignal) {
  return get(invitations, url`/v1/schools/${schoolId}/invitations`, { classId, pageSize: 500, pageToken }, signal);
}

export async function issueInvitations(schoolId: string, audience: Audience, classId: string, personIds: string[], key: string) {
  const body = { audience, ...(classId && { classId }), ...(personIds.length > 0 && { personIds }) };
  const shape = record({ invitations: list(issuedInvitation) });
  return (await post(shape, url`/v1/schools/${schoolId}` + '/invitations:issue', body, { key })).invitations;
}

export async function revokeInvitation(schoolId: string, invitationId: string) {
  const path = url`/v1/schools/${schoolId}/invitations/${invitationId}` + ':revoke';
  return (await post(record({ invitation }), path, {})).invitation;
}
