/** What a family reads (`grading.v1`). */
import { count, flag, list, maybe, type Of, record, text } from '../shape';
import { cell, mark } from './marks';
import { personName } from './names';

export const diaryLesson = record({
  lessonId: text,
  lessonNumber: count,
  startsAt: text,
  endsAt: text,
  subjectTitle: text,
  room: text,
  teacherName: maybe(personName),
  substituted: flag,
  remote: flag,
  cancelled: flag,
  topic: text,
  homework: text,
  cell: maybe(cell),
});

export type DiaryLesson = Of<typeof diaryLesson>;

export const diaryDay = record({ date: text, dayOffTitle: text, lessons: list(diaryLesson) });

export type DiaryDay = Of<typeof diaryDay>;

export const diaryWeek = record({
  pupilId: text,
  name: personName,
  classTitle: text,
  monday: text,
  days: list(diaryDay),
  asOf: text,
  revision: text,
  paperJournal: flag,
});

export type DiaryWeek = Of<typeof diaryWeek>;

export const subjectMarks = record({
  subjectId: text,
  subjectTitle: text,
  marks: list(record({ lessonId: text, date: text, mark })),
  missedLessons: count,
});

export type SubjectMarks = Of<typeof subjectMarks>;

export const pupilMarks = record({ periodId: text, periodTitle: text, subjects: list(subjectMarks) });

export type PupilMarks = Of<typeof pupilMarks>;
