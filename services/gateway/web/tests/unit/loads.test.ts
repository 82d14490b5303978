import { describe, expect, it } from 'vitest';
import type { ListedLoad } from '../../src/api/types';
import { byTeacher, hundredths, linesOf, matching, rowsOf, totalOf } from '../../src/loads/model';

const line = (grade: number, subjectTitle: string, weeklyHoursHundredths: number, yearlyHours = 0) => ({ grade, subjectTitle, weeklyHoursHundredths, yearlyHours });
const load = (teacherId: string, groupTitle: string, hours: number, endsOn = ''): ListedLoad => ({
  groupTitle, classId: '', grade: 5,
  teachingLoad: { teachingLoadId: `${teacherId}${groupTitle}`, groupId: '', subjectId: '', subjectTitle: 'Алгебра', teacherId, weeklyHoursHundredths: hours, startsOn: '2026-09-01', endsOn },
});

describe('curriculum', () => {
  it('reads hours with a comma and refuses what is none', () => {
    expect(['', '2', '1,5', '0.25', '0', '-1', 'х', '101'].map(hundredths)).toEqual([0, 200, 150, 25, undefined, undefined, undefined, undefined]);
  });

  it('goes to rows and back, and keeps hours of the year that nobody touched', () => {
    const before = [line(5, 'Труд', 200, 70), line(6, 'Труд', 150, 51), line(5, 'Алгебра', 300, 102)];
    const rows = rowsOf(before);
    expect(rows.map((row) => row.subject)).toEqual(['Алгебра', 'Труд']);
    rows[1]!.cells[6] = '2';
    rows[0]!.cells[5] = '';
    expect(linesOf(rows, before)).toEqual([line(5, 'Труд', 200, 70), line(6, 'Труд', 200)]);
    expect(totalOf(rows, 5)).toBe(200);
    rows[0]!.cells[5] = 'много';
    expect(linesOf(rows, before)).toBeUndefined();
  });
});

describe('loads', () => {
  it('are summed by teacher without those that ended', () => {
    const rows = byTeacher([load('b', '5-А', 300), load('a', '5-Б', 200, '2026-11-30'), load('a', '6-А', 100)], (id) => id);
    expect(rows.map((row) => [row.teacherId, row.loads.length, row.total])).toEqual([['a', 2, 100], ['b', 1, 300]]);
  });

  it('are found by teacher, group and subject', () => {
    const all = [load('Ким', '5-А', 100), load('Белов', '5-Б', 100)];
    expect(matching(all, '5-А Алг', (id) => id)).toEqual([all[0]]);
    expect(matching(all, 'бел', (id) => id)).toEqual([all[1]]);
  });
});
