import { get, post, url } from './client';
import { record } from './shape';
import { schoolYear, yearEffect, type YearLists, yearLists } from './types/year';

export async function getSchoolYear(school: string, signal?: AbortSignal) {
  return (await get(record({ schoolYear }), url`/v1/schools/${school}/schoolYear`, {}, signal)).schoolYear;
}

/** The calendar of a version as it was approved. */
export async function getApprovedYear(school: string, document: string, signal?: AbortSignal) {
  return (await get(record({ calendar: yearLists }), url`/v1/schools/${school}/studyDocuments/${document}`, {}, signal)).calendar;
}

/** What the server takes: whose a day off is it says itself. */
function body(academicYear: string, lists: YearLists) {
  return { academicYear, periods: lists.periods, holidays: lists.holidays, daysOff: lists.daysOff.map(({ date, title }) => ({ date, title })), shortenedDays: lists.shortenedDays };
}

export async function previewSchoolYear(school: string, academicYear: string, lists: YearLists, signal?: AbortSignal) {
  return (await post(record({ effect: yearEffect }), url`/v1/schools/${school}/schoolYear:preview`, body(academicYear, lists), signal ? { signal } : {})).effect;
}

export function saveSchoolYear(school: string, academicYear: string, lists: YearLists, etag: string, key: string) {
  return post(record({ schoolYear, effect: yearEffect }), url`/v1/schools/${school}/schoolYear:save`, { ...body(academicYear, lists), etag }, { key });
}
