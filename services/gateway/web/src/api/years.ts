import { get, post, url } from './client';
import { record } from './shape';
import { schoolYear, yearDraft, yearEffect, type YearLists, yearLists, years } from './types/year';

/** A year, the present one when none is named, and which others there are. */
export function getYears(school: string, academicYear: string, signal?: AbortSignal) {
  return get(years, url`/v1/schools/${school}/schoolYear`, { academicYear }, signal);
}

/** The calendar of a version as it was approved. */
export async function getApprovedYear(school: string, document: string, signal?: AbortSignal) {
  return (await get(record({ calendar: yearLists }), url`/v1/schools/${school}/studyDocuments/${document}`, {}, signal)).calendar;
}

/** What the server takes: whose a day off is it says itself. */
function body(academicYear: string, lists: YearLists) {
  return { academicYear, ...lists, daysOff: lists.daysOff.map(({ date, title }) => ({ date, title })) };
}

export async function previewSchoolYear(school: string, academicYear: string, lists: YearLists, signal?: AbortSignal) {
  return (await post(record({ effect: yearEffect }), url`/v1/schools/${school}/schoolYear:preview`, body(academicYear, lists), signal ? { signal } : {})).effect;
}

export function saveSchoolYear(school: string, academicYear: string, lists: YearLists, etag: string, key: string) {
  return post(record({ schoolYear, effect: yearEffect }), url`/v1/schools/${school}/schoolYear:save`, { ...body(academicYear, lists), etag }, { key });
}

/** The year after the newest one as it would be; nothing is saved. */
export async function draftSchoolYear(school: string, signal?: AbortSignal) {
  return (await get(record({ draft: yearDraft }), url`/v1/schools/${school}/schoolYear/draft`, {}, signal)).draft;
}

export async function openSchoolYear(school: string, academicYear: string, studyWeekDays: number, lists: YearLists, key: string) {
  return (await post(record({ schoolYear }), url`/v1/schools/${school}/schoolYear:open`, { ...body(academicYear, lists), studyWeekDays }, { key })).schoolYear;
}
