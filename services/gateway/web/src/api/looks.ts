import { get, url } from './client';
import { list, record, text } from './shape';
import { look, type Look } from './types/looks';

const page = record({ looks: list(look), nextPageToken: text });

interface LookPage {
  items: Look[];
  next: string;
}

/** Who looked at a child's records, newest first. */
export async function listPupilLooks(pupilId: string, pageToken: string, signal?: AbortSignal): Promise<LookPage> {
  const answer = await get(page, url`/v1/pupils/${pupilId}/looks`, { pageSize: 50, pageToken }, signal);
  return { items: answer.looks, next: answer.nextPageToken };
}

export interface LookFilter {
  from: string;
  to: string;
}

/** Who looked at whose records in a school. */
export async function listSchoolLooks(schoolId: string, filter: LookFilter, pageToken: string, signal?: AbortSignal): Promise<LookPage> {
  const answer = await get(page, url`/v1/schools/${schoolId}/looks`, { ...filter, pageSize: 50, pageToken }, signal);
  return { items: answer.looks, next: answer.nextPageToken };
}
