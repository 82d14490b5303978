import { get, post, url } from './client';
import { count, list, nothing, record, text } from './shape';
import { timetable, type Timetable, timetableCheck, timetableEffect, timetableEntry, type TimetableEntry, timetablePlace } from './types/timetable';

const pathOf = (school: string, id: string) => url`/v1/schools/${school}/timetables/${id}`;

/** Versions of a year; of the present one when none is named. */
export async function listTimetables(school: string, academicYear: string, signal?: AbortSignal) {
  return (await get(record({ timetables: list(timetable) }), url`/v1/schools/${school}/timetables`, { academicYear }, signal)).timetables;
}

const whole = record({ timetable, entries: list(timetableEntry), check: timetableCheck });

export function getTimetableVersion(school: string, id: string, signal?: AbortSignal) {
  return get(whole, pathOf(school, id), {}, signal);
}

export async function createTimetable(school: string, sourceTimetableId: string, title: string, key: string) {
  return (await post(record({ timetable }), url`/v1/schools/${school}/timetables`, { sourceTimetableId, title }, { key })).timetable;
}

/** The first draft of a year: empty, or with the lessons of the year before. */
export function startTimetable(school: string, academicYear: string, carry: boolean, key: string) {
  return post(record({ timetable, leftOut: count }), url`/v1/schools/${school}/timetables:start`, { academicYear, carry }, { key });
}

export type PutEntry = Omit<TimetableEntry, 'groupTitle' | 'classId' | 'subjectTitle'>;

export type Operation =
  | { put: PutEntry }
  | { move: { timetableEntryId: string; weekday: number; lessonNumber: number; week: number } }
  | { remove: { timetableEntryId: string } }
  | { setTerms: { title: string; cycleWeeks: number; cycleStartsOn: string; approveBy: string } };

const changed = record({ timetable, entries: list(timetableEntry), removedEntryIds: list(text), check: timetableCheck });

export function changeTimetable(school: string, seen: Timetable, operations: Operation[], key: string) {
  return post(changed, `${pathOf(school, seen.timetableId)}:change`, { etag: seen.etag, operations }, { key });
}

export type PlaceOf = { timetableEntryId: string } | { groupId: string; teacherId: string; room: string; week: number };

export async function listPlaces(school: string, id: string, of: PlaceOf, signal?: AbortSignal) {
  return (await get(record({ places: list(timetablePlace) }), `${pathOf(school, id)}/places`, { ...of }, signal)).places;
}

export function previewTimetable(school: string, id: string, validFrom: string, signal?: AbortSignal) {
  return get(record({ effect: timetableEffect, errorCount: count, warningCount: count }), `${pathOf(school, id)}/effect`, { validFrom }, signal);
}

export async function approveTimetable(school: string, seen: Timetable, validFrom: string, key: string) {
  return (await post(record({ timetable, effect: timetableEffect }), `${pathOf(school, seen.timetableId)}:approve`, { etag: seen.etag, validFrom }, { key })).timetable;
}

export function discardTimetable(school: string, seen: Timetable, key: string) {
  return post(nothing, `${pathOf(school, seen.timetableId)}:discard`, { etag: seen.etag }, { key });
}
