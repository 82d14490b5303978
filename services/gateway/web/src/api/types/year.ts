/** The calendar of a school year (`schedule.v1`). */
import { count, flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { studyDocument } from './study';

export type PeriodKind = 'PERIOD_KIND_UNSPECIFIED' | 'PERIOD_KIND_QUARTER' | 'PERIOD_KIND_HALF_YEAR' | 'PERIOD_KIND_TRIMESTER';

export const yearPeriod = record({ periodId: text, title: text, kind: oneOf<PeriodKind>('PERIOD_KIND_UNSPECIFIED'), startsOn: text, endsOn: text, gradeFrom: count, gradeTo: count });
export type YearPeriod = Of<typeof yearPeriod>;

export const yearHoliday = record({ title: text, startsOn: text, endsOn: text, gradeFrom: count, gradeTo: count });
export type YearHoliday = Of<typeof yearHoliday>;

export const dayOff = record({ date: text, title: text, regional: flag });
export type DayOff = Of<typeof dayOff>;

export const shortenedDay = record({ date: text, title: text, lessonMinutes: count });
export type ShortenedDay = Of<typeof shortenedDay>;

export const bell = record({ lessonNumber: count, startsAt: text, endsAt: text, shift: count });
export type Bell = Of<typeof bell>;

/** What of a calendar the office changes, all at once. */
export const yearLists = record({ periods: list(yearPeriod), holidays: list(yearHoliday), daysOff: list(dayOff), shortenedDays: list(shortenedDay), bells: list(bell) });
export type YearLists = Of<typeof yearLists>;

export const schoolYear = record({
  calendar: record({ academicYear: text, studyWeekDays: count, periods: list(yearPeriod), holidays: list(yearHoliday), daysOff: list(dayOff), shortenedDays: list(shortenedDay), bells: list(bell) }),
  studyDocument: maybe(studyDocument),
  regional: maybe(record({ version: count, daysOff: list(dayOff) })),
  regionalVersion: count,
  changesFrom: text,
  grades: list(record({ grade: count, schoolDays: count })),
});
export type SchoolYear = Of<typeof schoolYear>;

export const yearEffect = record({ added: count, changed: count, removed: count, substituted: count, grades: list(record({ grade: count, before: count, after: count })) });
export type YearEffect = Of<typeof yearEffect>;

/** A year with the others of the school: all, and the one that would be opened next. */
export const years = record({ schoolYear, academicYears: list(text), nextAcademicYear: text });
export type Years = Of<typeof years>;

export type YearGap = 'SCHOOL_YEAR_GAP_UNSPECIFIED' | 'SCHOOL_YEAR_GAP_REGIONAL_CALENDAR' | 'SCHOOL_YEAR_GAP_CLASSES';

/** The next year as it would be. */
export const yearDraft = record({
  academicYear: text,
  sourceAcademicYear: text,
  studyWeekDays: count,
  periods: list(yearPeriod),
  holidays: list(yearHoliday),
  daysOff: list(dayOff),
  shortenedDays: list(shortenedDay),
  bells: list(bell),
  grades: list(record({ grade: count, schoolDays: count })),
  gaps: list(oneOf<YearGap>('SCHOOL_YEAR_GAP_UNSPECIFIED')),
});
export type YearDraft = Of<typeof yearDraft>;
