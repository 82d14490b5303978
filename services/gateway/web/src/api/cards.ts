import { change, get, newKey, url } from './client';
import { list, record } from './shape';
import { card, type Card, guardianCard, type GuardianCard, namesake, pupilCard } from './types/cards';

export function getPupilCard(pupilId: string, signal?: AbortSignal) {
  return get(pupilCard, url`/v1/pupils/${pupilId}/card`, {}, signal);
}

/** What people write on a card, without its id and version. */
export function entryOf({ name, sex, birthDate, phone, email, address }: Card): object {
  return { name, sex, birthDate, phone, email, address };
}

export function putCard(pupilId: string, written: Card, key: string) {
  const shape = record({ card, namesakes: list(namesake) });
  return change('PUT', shape, url`/v1/pupils/${pupilId}/cards/${written.personId}`, { body: { entry: entryOf(written), etag: written.etag }, key });
}

/** An id for a new guardian's link. */
export function newLinkId(): string {
  return `gdl_${newKey().replaceAll('-', '')}`;
}

/** Adds the guardian when there is no `etag`, changes that version of the link otherwise. */
export function putGuardianLink(pupilId: string, guardian: GuardianCard, key: string) {
  const shape = record({ guardian: guardianCard, namesakes: list(namesake) });
  const { guardianLinkId, relation, isRepresentative, informing, startsOn, endsOn } = guardian.link;
  const newGuardian = guardian.etag === '' && guardian.card ? { newGuardian: entryOf(guardian.card) } : {};
  const body = { relation, isRepresentative, informing, startsOn, endsOn, etag: guardian.etag, ...newGuardian };
  return change('PUT', shape, url`/v1/pupils/${pupilId}/guardianLinks/${guardianLinkId}`, { body, key });
}
