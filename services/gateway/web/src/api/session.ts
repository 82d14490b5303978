import { get, post } from './client';
import { nothing, record } from './shape';
import { type AvailableRole, me, type Me } from './types/identity';

export async function readMe(signal?: AbortSignal): Promise<Me> {
  return (await get(record({ me }), '/v1/me', {}, signal)).me;
}

export function logOut(): Promise<void> {
  return post(nothing, '/session/logOut', {});
}

export function switchRole({ role, schoolId, municipalityId }: AvailableRole): Promise<Me> {
  return post(me, '/session/switchRole', { role, schoolId, municipalityId });
}
