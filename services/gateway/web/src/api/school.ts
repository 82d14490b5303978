import { get, url } from './client';
import { count, list, record, text } from './shape';
import { pupil, school, schoolClass, staffMember } from './types/roster';

const calendar = record({
  calendar: record({
    studyWeekDays: count,
    bells: list(record({ lessonNumber: count, startsAt: text, endsAt: text, shift: count })),
    periods: list(
      record({ periodId: text, title: text, startsOn: text, endsOn: text, gradeFrom: count, gradeTo: count }),
    ),
  }),
});

export async function getCalendar(schoolId: string) {
  return (await get(calendar, url`/v1/schools/${schoolId}/calendar`)).calendar;
}

const schools = record({ schools: list(school), nextPageToken: text });

export async function listSchools(pageToken: string, signal?: AbortSignal) {
  const answer = await get(schools, '/v1/schools', { pageSize: 500, pageToken }, signal);
  return { items: answer.schools, next: answer.nextPageToken };
}

/** Classes of a year; of the present one when none is named. */
export async function listClasses(schoolId: string, signal?: AbortSignal, academicYear = '') {
  return (await get(record({ classes: list(schoolClass) }), url`/v1/schools/${schoolId}/classes`, { academicYear }, signal)).classes;
}

const staff = record({ staff: list(staffMember), nextPageToken: text });

export async function listStaff(schoolId: string, pageToken: string, signal?: AbortSignal) {
  const answer = await get(staff, url`/v1/schools/${schoolId}/staff`, { pageSize: 500, pageToken }, signal);
  return { items: answer.staff, next: answer.nextPageToken };
}

const pupils = record({ pupils: list(pupil), nextPageToken: text });

export async function listPupils(schoolId: string, classId: string, pageToken: string, signal?: AbortSignal) {
  const answer = await get(pupils, url`/v1/schools/${schoolId}/pupils`, { classId, pageSize: 500, pageToken }, signal);
  return { items: answer.pupils, next: answer.nextPageToken };
}

export async function getSchool(schoolId: string) {
  return (await get(record({ school }), url`/v1/schools/${schoolId}`)).school;
}
