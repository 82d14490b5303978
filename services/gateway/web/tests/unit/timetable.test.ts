import { describe, expect, it } from 'vitest';
import type { TimetableCheck, TimetableEntry, WholeTimetable } from '../../src/api/types';
import { choices, daysOf, merged, ofView, unplaced, worstOf } from '../../src/timetable/model';

const entry = (timetableEntryId: string, weekday: number, lessonNumber: number, more: Partial<TimetableEntry> = {}): TimetableEntry => ({
  timetableEntryId, weekday, lessonNumber, week: 0, groupId: 'g', groupTitle: '5-А', classId: 'c', subjectId: 's', subjectTitle: 'Алгебра', teacherId: 't', room: 'каб. 1', ...more,
});
const conflict = (severity: 'ERROR' | 'WARNING', ids: string[], weekday = 1) => ({
  kind: 'TIMETABLE_CONFLICT_KIND_GAP' as const, severity: `TIMETABLE_SEVERITY_${severity}` as const, timetableEntryIds: ids, weekday, lessonNumber: 1, groupId: '', subjectId: '', teacherId: '', classId: '', room: '',
});
const load = (groupId: string, wanted: number, placed: number) => ({ groupId, groupTitle: groupId, classId: 'c', subjectId: 's', subjectTitle: 'Алгебра', teacherId: 't', weeklyHoursHundredths: wanted, placedHoursHundredths: placed });
const check = (more: Partial<TimetableCheck> = {}): TimetableCheck => ({ errorCount: 0, warningCount: 0, conflicts: [], loads: [], ...more });
const whole = (entries: TimetableEntry[], more: Partial<TimetableCheck> = {}): WholeTimetable => ({ timetable: { etag: 'v1' } as WholeTimetable['timetable'], entries, check: check(more) });

describe('a timetable', () => {
  it('is that of a class with its groups, of a teacher, or of a room', () => {
    const all = [entry('1', 1, 1), entry('2', 1, 2, { classId: 'd', teacherId: 'u' }), entry('3', 1, 3, { classId: 'd', room: 'зал' })];
    const ids = (view: 'class' | 'teacher' | 'room', of: string) => ofView(all, view, of).map((one) => one.timetableEntryId);
    expect(ids('class', 'd')).toEqual(['2', '3']);
    expect(ids('teacher', 't')).toEqual(['1', '3']);
    expect(ids('room', 'зал')).toEqual(['3']);
  });

  it('has a place for every bell and day, and for what stands outside of them', () => {
    const days = daysOf([entry('1', 6, 8), entry('2', 1, 1, { week: 2 }), entry('3', 1, 1, { week: 1 })], 5, 6);
    expect(days).toHaveLength(6);
    expect(days.every((day) => day.length === 8)).toBe(true);
    expect(days[0]![0]!.entries.map((one) => one.timetableEntryId)).toEqual(['3', '2']);
    expect(days[5]![7]!.entries).toHaveLength(1);
  });

  it('marks a lesson with the worst that is said of it, not with hours that are left', () => {
    const worst = worstOf(check({ conflicts: [conflict('WARNING', ['1', '2']), conflict('ERROR', ['2']), conflict('WARNING', ['3'], 0)] }));
    expect([...worst]).toEqual([['1', 'warning'], ['2', 'error']]);
  });

  it('takes what a change answers over what it had', () => {
    const before = whole([entry('1', 1, 1), entry('2', 1, 2), entry('3', 1, 3)]);
    const after = merged(before, { ...whole([entry('2', 4, 4), entry('4', 2, 2)]), removedEntryIds: ['1'] });
    expect(after.entries.map((one) => [one.timetableEntryId, one.weekday])).toEqual([['3', 1], ['2', 4], ['4', 2]]);
  });

  it('offers hours that are left before what is taught already', () => {
    const found = choices(whole([entry('1', 1, 1), entry('2', 2, 1), entry('3', 2, 1, { groupId: 'h', classId: 'd' })], { loads: [load('k', 200, 50), load('g', 100, 300)] }), 'class', 'c');
    expect(found.map((one) => [one.groupId, one.left])).toEqual([['k', 150], ['g', 0]]);
    expect(unplaced(check({ loads: [load('k', 200, 50), load('g', 100, 300)] }))).toHaveLength(1);
  });
});
