import { get, post, send, url } from './client';
import { list, record, text } from './shape';
import { importRow, type RowVerdict, schoolImport } from './types/imports';

const ZIP = 'application/zip';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const imported = record({ schoolImport });

export async function uploadSchoolImport(file: File, key: string) {
  const type = /\.zip$/i.test(file.name) ? ZIP : XLSX;
  const options = { query: { fileName: file.name }, raw: { type, data: file }, key };
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

export type SchoolExportFormat = 'SCHOOL_EXPORT_FORMAT_WORKBOOK' | 'SCHOOL_EXPORT_FORMAT_ONEROSTER';

/** The school as a file: taking it away asks for a proof of who is here. */
export async function readSchoolExport(schoolId: string, format: SchoolExportFormat): Promise<Blob> {
  return (await send('GET', url`/v1/schools/${schoolId}` + ':export', { query: { format } })).blob();
}
