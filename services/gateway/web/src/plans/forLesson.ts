import { getPlan, type PlanKey } from '../api/plans';
import type { PlanTheme } from '../api/types';
import { nextHour, type PlannedHour } from './plan';

/** Themes of a plan, and which of them a lesson takes next; fetched only when the plan is asked for. */
export async function planFor(
  schoolId: string,
  plan: PlanKey,
  lessonId: string,
  topicOf: (lessonId: string) => string,
): Promise<{ themes: PlanTheme[]; next: PlannedHour | null }> {
  const { lessonPlan, lessons } = await getPlan(schoolId, plan);
  return { themes: lessonPlan.themes, next: nextHour(lessonPlan.themes, lessons, lessonId, topicOf) };
}
