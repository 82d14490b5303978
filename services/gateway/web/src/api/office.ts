import { get, post, url, withQuery } from './client';
import { list, record, text } from './shape';
import {
  type Audience,
  boardLesson,
  boardPupil,
  controlBoard,
  importRow,
  invitation,
  issuedInvitation,
  type LessonFigure,
  type PupilFigure,
  type ReportFormat,
  reportJob,
  type RowVerdict,
  schoolImport,
  verifyLedgerResponse,
} from './types';
import { count } from './shape';

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

export function reportAddress(schoolId: string, jobId: string, format: ReportFormat): string {
  return withQuery(url`/v1/schools/${schoolId}/reportJobs/${jobId}` + ':download', { format });
}

// Ledger

export function verifyLedger(schoolId: string, span: Span, signal?: AbortSignal) {
  const body = { ...(span.from && { from: span.from }), ...(span.to && { to: span.to }) };
  return post(verifyLedgerResponse, url`/v1/schools/${schoolId}` + '/ledger:verify', body, { signal });
}

// Invitation codes

const invitations = record({
  invitations: list(invitation),
  nextPageToken: text,
  personCount: count,
  registeredCount: count,
});

export async function listInvitations(schoolId: string, classId: string, pageToken: string, signal?: AbortSignal) {
  return get(invitations, url`/v1/schools/${schoolId}/invitations`, { classId, pageSize: 500, pageToken }, signal);
}

export async function issueInvitations(schoolId: string, audience: Audience, classId: string, personIds: string[], key: string) {
  const body = { audience, ...(classId && { classId }), ...(personIds.length > 0 && { personIds }) };
  const shape = record({ invitations: list(issuedInvitation) });
  return (await post(shape, url`/v1/schools/${schoolId}` + '/invitations:issue', body, { key })).invitations;
}

export async function revokeInvitation(schoolId: string, invitationId: string) {
  const path = url`/v1/schools/${schoolId}/invitations/${invitationId}` + ':revoke';
  return (await post(record({ invitation }), path, {})).invitation;
}

// Import

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const imported = record({ schoolImport });

export async function uploadSchoolImport(file: File, key: string) {
  const options = { query: { fileName: file.name }, raw: { type: XLSX, data: file }, key };
  return (await post(imported, '/v1/schoolImports:upload', undefined, options)).schoolImport;
}

export async function getSchoolImport(id: string, signal?: AbortSignal) {
  return (await get(imported, url`/v1/schoolImports/${id}`, {}, signal)).schoolImport;
}

const rows = record({ rows: list(importRow), nextPageToken: text });

export async function listImportRows(
  id: string,
  filter: { sheet: string; verdict: RowVerdict | '' },
  pageToken: string,
  signal?: AbortSignal,
) {
  const answer = await get(rows, url`/v1/schoolImports/${id}/rows`, { ...filter, pageSize: 100, pageToken }, signal);
  return { items: answer.rows, next: answer.nextPageToken };
}

export async function applySchoolImport(id: string, skipRefusedRows: boolean, key: string) {
  return (await post(imported, url`/v1/schoolImports/${id}` + ':apply', skipRefusedRows ? { skipRefusedRows } : {}, { key })).schoolImport;
}
