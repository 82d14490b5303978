import { get, getTagged, url } from './client';
import { record } from './shape';
import { diaryWeek, pupilMarks } from './types/diary';

const week = record({ week: diaryWeek });

export function getDiaryWeek(pupilId: string, date: string, etag: string | undefined, signal?: AbortSignal) {
  return getTagged(week, url`/v1/pupils/${pupilId}/diaryWeek`, { date }, etag, signal);
}

export function listPupilMarks(pupilId: string, periodId: string, signal?: AbortSignal) {
  return get(pupilMarks, url`/v1/pupils/${pupilId}/marks`, { periodId }, signal);
}
