import { change, get, url } from './client';
import { count, list, maybe, type Of, record, text } from './shape';
import { personName } from './types/names';

const supervisor = record({ personId: text, gradeFrom: count, gradeTo: count, name: maybe(personName), post: text, startsOn: text });
const candidate = record({ personId: text, name: maybe(personName), post: text });
const supervision = record({ supervisors: list(supervisor), candidates: list(candidate), directorGrades: list(count), etag: text });
const answer = record({ supervision });

/** Who decides on corrections of which grades (`roster.v1`). */
export type Supervision = Of<typeof supervision>;

/** What a form says of one in charge. */
export interface SupervisorDraft {
  personId: string;
  gradeFrom: number;
  gradeTo: number;
}

const at = (schoolId: string) => url`/v1/schools/${schoolId}/supervision`;

export async function getSupervision(schoolId: string, signal?: AbortSignal): Promise<Supervision> {
  return (await get(answer, at(schoolId), {}, signal)).supervision;
}

/** Puts these in charge from today on, instead of those of before. */
export async function putSupervision(schoolId: string, supervisors: readonly SupervisorDraft[], etag: string, key: string): Promise<Supervision> {
  return (await change('PUT', answer, at(schoolId), { body: { supervisors, etag }, key })).supervision;
}
