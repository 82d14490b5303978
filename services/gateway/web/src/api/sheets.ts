import { change, get, newKey, post, url } from './client';
import { list, record, text } from './shape';
import { completeness, controlSheet, type ControlSheet, controlSheetSummary, type LineStatement, monitoring, type Monitoring } from './types/sheets';

const one = record({ controlSheet });
const pathOf = (school: string, monitoringId: string) => url`/v1/schools/${school}/controlSheets/${monitoringId}`;

export function getCompleteness(school: string, signal?: AbortSignal) {
  return get(completeness, url`/v1/schools/${school}/completeness`, {}, signal);
}

export async function listMonitorings(pageToken: string, signal?: AbortSignal) {
  const shape = record({ monitorings: list(monitoring), nextPageToken: text });
  const answer = await get(shape, '/v1/monitorings', { pageSize: 500, pageToken }, signal);
  return { items: answer.monitorings, next: answer.nextPageToken };
}

/** An id for a new monitoring. */
export function newMonitoringId(): string {
  return `mon_${newKey().replaceAll('-', '')}`;
}

export type MonitoringContent = Pick<Monitoring, 'kind' | 'title' | 'asOf' | 'dueOn'>;

/** Announces the monitoring when there is no `etag`, changes that version otherwise. */
export async function putMonitoring(id: string, content: MonitoringContent, etag: string, key: string) {
  return (await change('PUT', record({ monitoring }), url`/v1/monitorings/${id}`, { body: { monitoring: content, etag }, key })).monitoring;
}

export interface SheetQuery {
  municipality: string;
  onlyMissing: boolean;
}

export async function listControlSheets(id: string, query: SheetQuery, pageToken: string, signal?: AbortSignal) {
  const shape = record({ monitoring, controlSheets: list(controlSheetSummary), nextPageToken: text });
  const answer = await get(shape, url`/v1/monitorings/${id}/controlSheets`, { ...query, pageSize: 500, pageToken }, signal);
  return { items: answer.controlSheets, next: answer.nextPageToken, monitoring: answer.monitoring };
}

export async function getControlSheet(school: string, monitoringId: string, signal?: AbortSignal) {
  return (await get(one, pathOf(school, monitoringId), {}, signal)).controlSheet;
}

export interface SheetContent {
  statements: LineStatement[];
  problems: string;
  etag: string;
}

export async function putControlSheet(school: string, monitoringId: string, content: SheetContent, key: string) {
  return (await change('PUT', one, pathOf(school, monitoringId), { body: content, key })).controlSheet;
}

/** Signs and sends the version that the director has before the eyes. */
export async function sendControlSheet(school: string, sheet: ControlSheet, key: string) {
  return (await post(one, `${pathOf(school, sheet.monitoring.monitoringId)}:send`, { etag: sheet.etag }, { key })).controlSheet;
}

export async function returnControlSheet(sheet: ControlSheet, remark: string, key: string) {
  return (await post(one, `${pathOf(sheet.schoolId, sheet.monitoring.monitoringId)}:return`, { remark, etag: sheet.etag }, { key })).controlSheet;
}
