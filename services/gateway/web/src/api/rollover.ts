import { change, get, newKey, post, url } from './client';
import { record } from './shape';
import { rollover, type Rollover, type RolloverPlan } from './types/rollover';

const looked = record({ rollover });
const at = (schoolId: string) => url`/v1/schools/${schoolId}/rollover`;

/** Of the year that is named; otherwise the one that can still be undone, or the present year's. */
export async function getRollover(schoolId: string, academicYear: string, signal?: AbortSignal): Promise<Rollover> {
  return (await get(looked, at(schoolId), { academicYear }, signal)).rollover;
}

/** An id for a new class of the next year. */
export function newClassId(): string {
  return `cls_${newKey().replaceAll('-', '')}`;
}

/** Adds the plan when there is no `etag`, replaces that version otherwise. */
export async function putRollover(schoolId: string, academicYear: string, plan: RolloverPlan, etag: string, key: string): Promise<Rollover> {
  return (await change('PUT', looked, at(schoolId), { body: { academicYear, plan: choices(plan), etag }, key })).rollover;
}

/** What people choose, without what the server has told beside it. */
function choices(plan: RolloverPlan): object {
  return {
    nextClasses: plan.nextClasses.map(({ classId, grade, letter, shift, classTeacherId }) => ({ classId, grade, letter, shift, classTeacherId })),
    classes: plan.classes.map(({ classId, nextClassId }) => ({ classId, nextClassId })),
    pupils: plan.pupils.map(({ pupilId, nextClassId }) => ({ pupilId, nextClassId })),
    groups: plan.groups.map(({ groupId, carry }) => ({ groupId, carry })),
    graduatesUntil: plan.graduatesUntil,
  };
}

export interface ApplyWords {
  date: string;
  basis: string;
  promotionNumber: string;
  graduationNumber: string;
}

export async function applyRollover(schoolId: string, of: Rollover, words: ApplyWords, key: string): Promise<Rollover> {
  const body = { academicYear: of.academicYear, etag: of.etag, ...words };
  return (await post(looked, `${at(schoolId)}:apply`, body, { key })).rollover;
}

export async function undoRollover(schoolId: string, of: Rollover, words: { date: string; basis: string }, key: string): Promise<Rollover> {
  const body = { academicYear: of.academicYear, etag: of.etag, ...words };
  return (await post(looked, `${at(schoolId)}:undo`, body, { key })).rollover;
}
