/** Curriculum, teaching load, tariff order (`schedule.v1`). */
import { count, flag, list, type Of, oneOf, record, text } from '../shape';

export type StudyKind = 'STUDY_DOCUMENT_KIND_UNSPECIFIED' | 'STUDY_DOCUMENT_KIND_CURRICULUM' | 'STUDY_DOCUMENT_KIND_TEACHING_LOAD' | 'STUDY_DOCUMENT_KIND_TARIFF' | 'STUDY_DOCUMENT_KIND_CALENDAR';
export type StudyState = 'STUDY_DOCUMENT_STATE_UNSPECIFIED' | 'STUDY_DOCUMENT_STATE_DRAFT' | 'STUDY_DOCUMENT_STATE_APPROVED' | 'STUDY_DOCUMENT_STATE_REPLACED';

export const studyDocument = record({
  studyDocumentId: text,
  academicYear: text,
  kind: oneOf<StudyKind>('STUDY_DOCUMENT_KIND_UNSPECIFIED'),
  number: count,
  state: oneOf<StudyState>('STUDY_DOCUMENT_STATE_UNSPECIFIED'),
  title: text,
  orderNumber: text,
  orderedOn: text,
  approveBy: text,
  overdue: flag,
  approvedBy: text,
  approvedAt: text,
  outdated: flag,
  etag: text,
});
export type StudyDocument = Of<typeof studyDocument>;

export const curriculumLine = record({ grade: count, subjectTitle: text, weeklyHoursHundredths: count, yearlyHours: count });
export type CurriculumLine = Of<typeof curriculumLine>;

export const teachingLoad = record({ teachingLoadId: text, groupId: text, subjectId: text, subjectTitle: text, teacherId: text, weeklyHoursHundredths: count, startsOn: text, endsOn: text });
export type TeachingLoad = Of<typeof teachingLoad>;

export const listedLoad = record({ teachingLoad, groupTitle: text, classId: text, grade: count });
export type ListedLoad = Of<typeof listedLoad>;

export const wholeDocument = record({ studyDocument, curriculumLines: list(curriculumLine), loads: list(listedLoad) });
export type WholeDocument = Of<typeof wholeDocument>;

export const subjectHours = record({ subjectId: text, subjectTitle: text, curriculumHoursHundredths: count, leastHoursHundredths: count, mostHoursHundredths: count, missingHoursHundredths: count, excessHoursHundredths: count });
export const classHours = record({ classId: text, title: text, grade: count, curriculumHoursHundredths: count, weeklyHoursHundredths: count, subjects: list(subjectHours) });
export type ClassHours = Of<typeof classHours>;

export const loadSummary = record({ teachers: list(record({ teacherId: text, weeklyHoursHundredths: count, loadCount: count })), classes: list(classHours), curriculumId: text });
export type LoadSummary = Of<typeof loadSummary>;

export type CarryOutcome =
  | 'LOAD_CARRY_OUTCOME_UNSPECIFIED'
  | 'LOAD_CARRY_OUTCOME_CARRIED'
  | 'LOAD_CARRY_OUTCOME_ALREADY_THERE'
  | 'LOAD_CARRY_OUTCOME_TEACHER_LEFT'
  | 'LOAD_CARRY_OUTCOME_NO_SUCCESSOR'
  | 'LOAD_CARRY_OUTCOME_LEVEL_ENDS';

export const carriedLoad = record({ groupTitle: text, nextGroupTitle: text, subjectId: text, subjectTitle: text, teacherId: text, weeklyHoursHundredths: count, outcome: oneOf<CarryOutcome>('LOAD_CARRY_OUTCOME_UNSPECIFIED') });
export type CarriedLoad = Of<typeof carriedLoad>;

export const loadCarry = record({ academicYear: text, sourceAcademicYear: text, startsOn: text, loads: list(carriedLoad) });
export type LoadCarry = Of<typeof loadCarry>;
