import { post } from './client';
import { record, text } from './shape';
import { me, type Me } from './types/identity';
import { invitationPreview, type InvitationPreview } from './types/invitations';

// Ways in, apart from what every page needs of a session.

/** `null`: the password is right and the account asks for its second factor. */
export function logIn(login: string, password: string): Promise<Me | null> {
  return post((json) => ((json as { secondFactor?: object }).secondFactor ? null : me(json)), '/session/logIn', { login, password });
}

/** The second step: six digits of the application or a recovery code. */
export function completeLogIn(code: string): Promise<Me> {
  return post(me, '/session/completeLogIn', { code });
}

/** Without login and password the code is added to the present session's account. */
export function register(code: string, account: { login: string; password: string } | null, key: string): Promise<Me> {
  return post(me, '/session/register', { code, ...account }, { key });
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

/** Sets a new password with a code; gives the login, which may be forgotten as well. */
export async function resetPassword(code: string, newPassword: string, key: string): Promise<string> {
  return (await post(record({ login: text }), '/v1/passwordResets:use', { code, newPassword }, { key })).login;
}
