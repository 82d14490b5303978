import { get, post, url } from './client';
import { list, maybe, record } from './shape';
import { type CurriculumLine, loadCarry, loadSummary, studyDocument, type StudyDocument, type StudyKind, wholeDocument } from './types/study';
import { timetable, timetableLoad } from './types/timetable';

/** Versions of a year; of the present one when none is named. */
export async function listStudyDocuments(school: string, academicYear: string, signal?: AbortSignal) {
  return (await get(record({ studyDocuments: list(studyDocument) }), url`/v1/schools/${school}/studyDocuments`, { academicYear }, signal)).studyDocuments;
}

export function getStudyDocument(school: string, id: string, signal?: AbortSignal) {
  return get(wholeDocument, url`/v1/schools/${school}/studyDocuments/${id}`, {}, signal);
}

export interface StudyTerms {
  title: string;
  orderNumber: string;
  orderedOn: string;
  approveBy: string;
}

const changed = record({ studyDocument });

/** A document of a year. */
export interface OfYear {
  academicYear: string;
  kind: StudyKind;
}

export async function saveStudyDocument(school: string, of: OfYear, terms: StudyTerms, lines: CurriculumLine[], etag: string, key: string) {
  const body = { ...of, ...terms, curriculumLines: lines, etag };
  return (await post(changed, url`/v1/schools/${school}/studyDocuments:save`, body, { key })).studyDocument;
}

export async function approveStudyDocument(school: string, seen: StudyDocument, key: string) {
  return (await post(changed, `${url`/v1/schools/${school}/studyDocuments/${seen.studyDocumentId}`}:approve`, { etag: seen.etag }, { key })).studyDocument;
}

export type LoadOperation =
  | { add: { groupId: string; subjectTitle: string; teacherId: string; weeklyHoursHundredths: number; startsOn: string } }
  | { change: { teachingLoadId: string; from: string; teacherId: string; weeklyHoursHundredths: number } }
  | { end: { teachingLoadId: string; from: string } };

export function changeTeachingLoads(school: string, academicYear: string, operations: LoadOperation[], draftTimetable: boolean, etag: string, key: string) {
  const shape = record({ studyDocument, timetable: maybe(timetable), timetableLoads: list(timetableLoad) });
  return post(shape, url`/v1/schools/${school}/teachingLoads:change`, { academicYear, operations, draftTimetable, etag }, { key });
}

export function getLoadSummary(school: string, academicYear: string, date: string, signal?: AbortSignal) {
  return get(loadSummary, url`/v1/schools/${school}/loadSummary`, { academicYear, date }, signal);
}

/** Which loads of the year before would go on in a year. */
export async function previewLoadCarry(school: string, academicYear: string, signal?: AbortSignal) {
  return (await get(record({ carry: loadCarry }), url`/v1/schools/${school}/teachingLoads/carry`, { academicYear }, signal)).carry;
}

export function carryLoads(school: string, academicYear: string, etag: string, key: string) {
  return post(record({ carry: loadCarry, studyDocument }), url`/v1/schools/${school}/teachingLoads:carry`, { academicYear, etag }, { key });
}
