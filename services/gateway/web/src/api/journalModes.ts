import { change, get, newKey, post, url } from './client';
import { record } from './shape';
import { type JournalMode, journalMode, journalModes, journalStage } from './types/journalModes';

const at = (schoolId: string, modeId: string) => url`/v1/schools/${schoolId}/journalModes/${modeId}`;
const answer = record({ mode: journalMode });

export function getJournalStage(schoolId: string, signal?: AbortSignal) {
  return get(journalStage, url`/v1/schools/${schoolId}/journalStage`, {}, signal);
}

/** Every decision, and whether the caller may add one. */
export async function listJournalModes(schoolId: string, signal?: AbortSignal) {
  const modes: JournalMode[] = [];
  let [pageToken, mayWrite] = ['', false];
  do {
    const page = await get(journalModes, url`/v1/schools/${schoolId}/journalModes`, { pageSize: 500, pageToken }, signal);
    modes.push(...page.modes);
    [pageToken, mayWrite] = [page.nextPageToken, page.mayWrite];
  } while (pageToken);
  return { modes, mayWrite };
}

/** An id for a new decision. */
export function newModeId(): string {
  return `jmd_${newKey().replaceAll('-', '')}`;
}

/** What a form says of a decision. */
export type ModeDraft = Pick<JournalMode, 'kind' | 'classId' | 'pupilId' | 'startsOn' | 'endsOn' | 'localActId' | 'contractId' | 'orderNumber' | 'orderDate'>;

/** Adds the decision when there is no `etag`; of that version only the last day changes otherwise. */
export async function putJournalMode(schoolId: string, modeId: string, mode: ModeDraft, etag: string, key: string) {
  return (await change('PUT', answer, at(schoolId, modeId), { body: { mode, etag }, key })).mode;
}

export async function withdrawJournalMode(schoolId: string, modeId: string, reason: string, etag: string, key: string) {
  return (await post(answer, `${at(schoolId, modeId)}:withdraw`, { reason, etag }, { key })).mode;
}
