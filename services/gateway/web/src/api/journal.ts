import { get, getTagged, post, url } from './client';
import { list, record, text } from './shape';
import {
  correctionRequest,
  type CorrectionRequest,
  type CorrectionState,
  journal,
  journalPage,
  ledgerEntry,
  type LessonColumn,
  lessonColumn,
  type MarkOperation,
  teacherDay,
} from './types/journal';
import type { ControlKind } from './types/marks';

export function getTeacherDay(schoolId: string, date: string, signal?: AbortSignal) {
  return get(teacherDay, url`/v1/schools/${schoolId}/teacherDay`, { date }, signal);
}

const journals = record({ journals: list(journal), nextPageToken: text, academicYear: text, academicYears: list(text) });

/** Journals of a year; without one of today's. */
export async function listJournals(schoolId: string, academicYear: string, pageToken: string, signal?: AbortSignal) {
  const answer = await get(journals, url`/v1/schools/${schoolId}/journals`, { academicYear, pageSize: 500, pageToken }, signal);
  return { items: answer.journals, next: answer.nextPageToken, academicYear: answer.academicYear, academicYears: answer.academicYears };
}

export function getJournalPage(
  schoolId: string,
  journalId: string,
  range: { from: string; to: string },
  etag: string | undefined,
  signal?: AbortSignal,
) {
  return getTagged(record({ page: journalPage }), url`/v1/schools/${schoolId}/journals/${journalId}/page`, range, etag, signal);
}

export interface LessonEntry {
  topic: string;
  homework: string;
  homeworkMinutes: number;
  controlKind: ControlKind;
}

export async function recordLesson(
  schoolId: string,
  lesson: Pick<LessonColumn, 'lessonId' | 'etag'>,
  entry: LessonEntry,
  key: string,
): Promise<LessonColumn> {
  const path = url`/v1/schools/${schoolId}/lessons/${lesson.lessonId}` + ':record';
  return (await post(record({ lesson: lessonColumn }), path, { ...entry, etag: lesson.etag }, { key })).lesson;
}

export async function requestCorrection(
  schoolId: string,
  operation: MarkOperation,
  reason: string,
  key: string,
): Promise<CorrectionRequest> {
  const path = url`/v1/schools/${schoolId}/lessons/${operation.lessonId}/correctionRequests`;
  return (await post(record({ correctionRequest }), path, { operation, reason }, { key })).correctionRequest;
}

const corrections = record({ correctionRequests: list(correctionRequest), nextPageToken: text });

export async function listCorrections(schoolId: string, state: CorrectionState | '', pageToken: string, signal?: AbortSignal) {
  const path = url`/v1/schools/${schoolId}/correctionRequests`;
  const answer = await get(corrections, path, { state, pageSize: 100, pageToken }, signal);
  return { items: answer.correctionRequests, next: answer.nextPageToken };
}

export async function decideCorrection(
  schoolId: string,
  requestId: string,
  decision: 'approve' | 'refuse',
  note: string,
  key: string,
): Promise<CorrectionRequest> {
  const path = url`/v1/schools/${schoolId}/correctionRequests/${requestId}` + `:${decision}`;
  return (await post(record({ correctionRequest }), path, note ? { note } : {}, { key })).correctionRequest;
}

const history = record({ entries: list(ledgerEntry), correctionRequests: list(correctionRequest) });

export function getCellHistory(schoolId: string, lessonId: string, pupilId: string, signal?: AbortSignal) {
  return get(history, url`/v1/schools/${schoolId}/lessons/${lessonId}/pupils/${pupilId}/history`, {}, signal);
}
