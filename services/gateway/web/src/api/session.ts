import { get, post } from './client';
import { nothing, record } from './shape';
import { invitationPreview, type InvitationPreview, me, type Me, type Role } from './types/identity';

export async function readMe(signal?: AbortSignal): Promise<Me> {
  return (await get(record({ me }), '/v1/me', {}, signal)).me;
}

export function logIn(login: string, password: string): Promise<Me> {
  return post(me, '/session/logIn', { login, password });
}

/** Without login and password the code is added to the present session's account. */
export function register(code: string, account: { login: string; password: string } | null, key: string): Promise<Me> {
  return post(me, '/session/register', { code, ...account }, { key });
}

export function logOut(): Promise<void> {
  return post(nothing, '/session/logOut', {});
}

export function switchRole(role: Role, schoolId: string): Promise<Me> {
  return post(me, '/session/switchRole', { role, schoolId });
}

export async function previewInvitation(code: string): Promise<InvitationPreview> {
  return (await post(record({ preview: invitationPreview }), '/v1/invitations:preview', { code })).preview;
}

export function changePassword(currentPassword: string, newPassword: string, key: string): Promise<{ endedSessions: number }> {
  return post(
    record({ endedSessions: (json) => Number(json ?? 0) }),
    '/v1/me:changePassword',
    { currentPassword, newPassword },
    { key },
  );
}
