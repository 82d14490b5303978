import { get, post, url } from './client';
import { list, record, text } from './shape';
import { type DayChange, dayChange, type DayChangeKind, freeTeacher, scheduledLesson, type ScheduledLesson, timesheetRow } from './types/schedule';

const lessons = record({ lessons: list(scheduledLesson), nextPageToken: text });

export async function listLessons(schoolId: string, query: { from: string; to: string; onlyChanged?: boolean }, pageToken: string, signal?: AbortSignal) {
  const answer = await get(lessons, url`/v1/schools/${schoolId}/lessons`, { ...query, pageSize: 500, pageToken }, signal);
  return { items: answer.lessons, next: answer.nextPageToken };
}

export async function listFreeTeachers(schoolId: string, lessonId: string, signal?: AbortSignal) {
  const shape = record({ freeTeachers: list(freeTeacher) });
  return (await get(shape, url`/v1/schools/${schoolId}/lessons/${lessonId}/freeTeachers`, {}, signal)).freeTeachers;
}

const changed = record({ lesson: scheduledLesson });

export async function substituteTeacher(schoolId: string, lesson: ScheduledLesson, teacherId: string, reason: string, key: string) {
  const path = url`/v1/schools/${schoolId}/lessons/${lesson.lessonId}` + ':substitute';
  return (await post(changed, path, { teacherId, reason, etag: lesson.etag }, { key })).lesson;
}

export async function cancelLesson(schoolId: string, lesson: ScheduledLesson, reason: string, key: string) {
  const path = url`/v1/schools/${schoolId}/lessons/${lesson.lessonId}` + ':cancel';
  return (await post(changed, path, { reason, etag: lesson.etag }, { key })).lesson;
}

export async function getTimesheet(schoolId: string, month: string, signal?: AbortSignal) {
  return (await get(record({ rows: list(timesheetRow) }), url`/v1/schools/${schoolId}/timesheet`, { month }, signal)).rows;
}

export async function listDayChanges(schoolId: string, date: string, signal?: AbortSignal) {
  return (await get(record({ dayChanges: list(dayChange) }), url`/v1/schools/${schoolId}/dayChanges`, { from: date, to: date }, signal)).dayChanges;
}

const changedDay = record({ dayChange });

export interface DayWish {
  date: string;
  kind: DayChangeKind;
  reason: string;
  classIds: string[];
  lessonNumbers: number[];
}

export async function changeDay(schoolId: string, wish: DayWish, key: string) {
  return (await post(changedDay, url`/v1/schools/${schoolId}/dayChanges`, wish, { key })).dayChange;
}

export async function undoDayChange(schoolId: string, change: DayChange, key: string) {
  const path = url`/v1/schools/${schoolId}/dayChanges/${change.dayChangeId}` + ':undo';
  return (await post(changedDay, path, { etag: change.etag }, { key })).dayChange;
}
