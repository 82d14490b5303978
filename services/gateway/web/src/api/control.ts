import { get, post, send, url } from './client';
import { list, record, text } from './shape';
import {
  boardLesson,
  boardPupil,
  controlBoard,
  type LessonFigure,
  type PupilFigure,
  type ReportFormat,
  reportJob,
  verifyLedgerResponse,
} from './types/control';

// Control board

export interface Span {
  from: string;
  to: string;
}

export async function getBoard(schoolId: string, span: Span, signal?: AbortSignal) {
  return (await get(record({ board: controlBoard }), url`/v1/schools/${schoolId}/controlBoard`, { ...span }, signal)).board;
}

export interface Filter extends Span {
  classId?: string;
  teacherId?: string;
}

const lessons = record({ lessons: list(boardLesson), nextPageToken: text });

export async function listBoardLessons(schoolId: string, figure: LessonFigure, filter: Filter, pageToken: string, signal?: AbortSignal) {
  const query = { figure, ...filter, pageSize: 100, pageToken };
  const answer = await get(lessons, url`/v1/schools/${schoolId}/controlBoard/lessons`, query, signal);
  return { items: answer.lessons, next: answer.nextPageToken };
}

const pupils = record({ pupils: list(boardPupil), nextPageToken: text });

export async function listBoardPupils(schoolId: string, figure: PupilFigure, filter: Filter, pageToken: string, signal?: AbortSignal) {
  const { from, to, classId } = filter;
  const query = { figure, from, to, classId, pageSize: 100, pageToken };
  const answer = await get(pupils, url`/v1/schools/${schoolId}/controlBoard/pupils`, query, signal);
  return { items: answer.pupils, next: answer.nextPageToken };
}

// Reports

const job = record({ reportJob });

export async function runReport(schoolId: string, classId: string, span: Span, key: string) {
  const body = { kind: 'REPORT_KIND_CLASS_SUMMARY', classId, ...(span.from && { from: span.from }), ...(span.to && { to: span.to }) };
  return (await post(job, url`/v1/schools/${schoolId}` + '/reportJobs:run', body, { key })).reportJob;
}

export async function getReportJob(schoolId: string, jobId: string, signal?: AbortSignal) {
  return (await get(job, url`/v1/schools/${schoolId}/reportJobs/${jobId}`, {}, signal)).reportJob;
}

export async function listReportJobs(schoolId: string, signal?: AbortSignal) {
  const shape = record({ reportJobs: list(reportJob), nextPageToken: text });
  return (await get(shape, url`/v1/schools/${schoolId}/reportJobs`, { pageSize: 50 }, signal)).reportJobs;
}

export async function cancelReportJob(schoolId: string, jobId: string) {
  return (await post(job, url`/v1/schools/${schoolId}/reportJobs/${jobId}` + ':cancel', {})).reportJob;
}

/** A report as a file: taking it away may ask for a proof of who is here. */
export async function readReport(schoolId: string, jobId: string, format: ReportFormat): Promise<Blob> {
  const path = url`/v1/schools/${schoolId}/reportJobs/${jobId}` + ':download';
  return (await send('GET', path, { query: { format } })).blob();
}

// Ledger

export function verifyLedger(schoolId: string, span: Span, signal?: AbortSignal) {
  const body = { ...(span.from && { from: span.from }), ...(span.to && { to: span.to }) };
  return post(verifyLedgerResponse, url`/v1/schools/${schoolId}` + '/ledger:verify', body, { signal });
}
