/** Lesson plans (КТП, `schedule.v1`). */
import { count, list, type Of, oneOf, record, text } from '../shape';
import { controlKind } from './marks';

export type PlanState =
  | 'LESSON_PLAN_STATE_UNSPECIFIED'
  | 'LESSON_PLAN_STATE_MISSING'
  | 'LESSON_PLAN_STATE_DRAFT'
  | 'LESSON_PLAN_STATE_RETURNED'
  | 'LESSON_PLAN_STATE_APPROVED';

export type PlanWarning = 'LESSON_PLAN_WARNING_UNSPECIFIED' | 'LESSON_PLAN_WARNING_CONTROL_WORK_AT_EDGE' | 'LESSON_PLAN_WARNING_TOO_MANY_CONTROL_WORKS';

export const planTheme = record({ themeId: text, section: text, title: text, hours: count, controlKind, homework: text });

export type PlanTheme = Of<typeof planTheme>;

export const lessonPlan = record({
  academicYear: text,
  groupId: text,
  groupTitle: text,
  grade: count,
  subjectId: text,
  subjectTitle: text,
  teacherIds: list(text),
  state: oneOf<PlanState>('LESSON_PLAN_STATE_UNSPECIFIED'),
  title: text,
  remark: text,
  decidedBy: text,
  decidedAt: text,
  savedAt: text,
  weeklyHoursHundredths: count,
  studyWeeks: count,
  requiredHours: count,
  plannedHours: count,
  hoursDifference: count,
  themeCount: count,
  warnings: list(oneOf<PlanWarning>('LESSON_PLAN_WARNING_UNSPECIFIED')),
  themes: list(planTheme),
  etag: text,
});

export type LessonPlan = Of<typeof lessonPlan>;

export const planHour = record({ lessonId: text, date: text });

export type PlanHour = Of<typeof planHour>;

export const planCounts = record({ missing: count, draft: count, returned: count, approved: count, differing: count });

export type PlanCounts = Of<typeof planCounts>;

export type CopyVerdict =
  | 'LESSON_PLAN_COPY_VERDICT_UNSPECIFIED'
  | 'LESSON_PLAN_COPY_VERDICT_COPIED'
  | 'LESSON_PLAN_COPY_VERDICT_UNKNOWN_LOAD'
  | 'LESSON_PLAN_COPY_VERDICT_SAME_GROUP'
  | 'LESSON_PLAN_COPY_VERDICT_OTHER_GRADE'
  | 'LESSON_PLAN_COPY_VERDICT_PLAN_EXISTS';

export const planCopy = record({ groupId: text, verdict: oneOf<CopyVerdict>('LESSON_PLAN_COPY_VERDICT_UNSPECIFIED') });

export type PlanCopy = Of<typeof planCopy>;

export const planIssue = record({ row: count, column: text, value: text, reason: text, message: text, hint: text });

export type PlanIssue = Of<typeof planIssue>;
