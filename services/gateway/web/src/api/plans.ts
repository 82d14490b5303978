import { change, get, post, url } from './client';
import { count, list, record, text } from './shape';
import { lessonPlan, type LessonPlan, planCopy, planCounts, planHour, planIssue, type PlanState, planTheme, type PlanTheme } from './types/plans';

/** A plan has no id of its own: it is of a group and a subject. */
export type PlanKey = Pick<LessonPlan, 'groupId' | 'subjectId'>;

const one = record({ lessonPlan, lessons: list(planHour) });
const changed = record({ lessonPlan });

const pathOf = (school: string, { groupId, subjectId }: PlanKey) => url`/v1/schools/${school}/groups/${groupId}/subjects/${subjectId}/lessonPlan`;

export function getPlan(school: string, key: PlanKey, signal?: AbortSignal) {
  return get(one, pathOf(school, key), {}, signal);
}

export interface PlanQuery {
  academicYear?: string;
  teacherId?: string;
  grade?: number | undefined;
  state?: PlanState | '';
  onlyDiffering?: boolean;
}

export async function listPlans(school: string, query: PlanQuery, pageToken: string, signal?: AbortSignal) {
  const shape = record({ lessonPlans: list(lessonPlan), counts: planCounts, nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${school}/lessonPlans`, { ...query, grade: query.grade || undefined, pageSize: 500, pageToken }, signal);
  return { items: answer.lessonPlans, next: answer.nextPageToken, counts: answer.counts };
}

export async function putPlan(school: string, key: PlanKey, content: { title: string; themes: PlanTheme[]; etag: string }, request: string) {
  return (await change('PUT', changed, pathOf(school, key), { body: content, key: request })).lessonPlan;
}

export async function approvePlan(school: string, plan: LessonPlan, request: string) {
  return (await post(changed, `${pathOf(school, plan)}:approve`, { etag: plan.etag }, { key: request })).lessonPlan;
}

export async function returnPlan(school: string, plan: LessonPlan, remark: string, request: string) {
  return (await post(changed, `${pathOf(school, plan)}:return`, { remark, etag: plan.etag }, { key: request })).lessonPlan;
}

export async function copyPlan(school: string, source: PlanKey, targetGroupIds: string[], replace: boolean, request: string) {
  const shape = record({ copies: list(planCopy) });
  return (await post(shape, `${pathOf(school, source)}:copy`, { targetGroupIds, replace }, { key: request })).copies;
}

export function importPlan(school: string, key: PlanKey, table: string) {
  const shape = record({ themes: list(planTheme), issues: list(planIssue), plannedHours: count, requiredHours: count });
  return post(shape, `${pathOf(school, key)}:import`, { text: table });
}
