import { describe, expect, it } from 'vitest';
import type { SchoolYear, YearPeriod } from '../../src/api/types';
import { beginsOn, bellsOf, blank, dayWithin, gapsOf, hasBegun, isOver, itemAt, lacking, listsOf, nextBell, put, refusedOf, same, withAll, withBell, without, withoutLast, wrongOf } from '../../src/year/model';

const quarter = (title: string, startsOn: string, endsOn: string, kind: YearPeriod['kind'] = 'PERIOD_KIND_QUARTER'): YearPeriod => ({ periodId: `prd_${title}`, title, kind, startsOn, endsOn, gradeFrom: 1, gradeTo: 9 });
const bell = (lessonNumber: number, startsAt: string, endsAt: string, shift = 1) => ({ lessonNumber, startsAt, endsAt, shift });
const off = (date: string, regional = false) => ({ date, title: `День ${date}`, regional });

const year: SchoolYear = {
  calendar: {
    academicYear: '2026/2027',
    studyWeekDays: 5,
    periods: [quarter('1', '2026-09-01', '2026-10-23'), quarter('2', '2026-11-02', '2026-12-30')],
    holidays: [],
    daysOff: [off('2026-11-04', true), off('2027-02-23', true)],
    shortenedDays: [],
    bells: [bell(1, '08:00', '08:45'), bell(2, '08:55', '09:40')],
  },
  studyDocument: undefined,
  regional: { version: 2, daysOff: [off('2026-11-04', true), off('2026-11-05', true), off('2027-03-08', true)] },
  regionalVersion: 1,
  changesFrom: '2026-11-19',
  grades: [],
};

describe('lists of a school year', () => {
  const lists = listsOf(year);

  it('an item takes the place of the one before and stands by its day', () => {
    const first = lists.daysOff[0]!;
    const changed = put(lists, 'daysOff', off('2027-05-11'), first);
    expect(changed.daysOff.map((one) => one.date)).toEqual(['2027-02-23', '2027-05-11']);
    expect(same(changed, lists)).toBe(false);
    expect(same(put(without(changed, 'daysOff', changed.daysOff[1]!), 'daysOff', first), lists)).toBe(true);
  });

  it('periods stand by grade, then by time', () => {
    const half = { ...quarter('полугодие', '2026-09-01', '2026-12-30', 'PERIOD_KIND_HALF_YEAR'), gradeFrom: 10, gradeTo: 11 };
    const all = put(put(lists, 'periods', half), 'periods', quarter('3', '2027-01-11', '2027-03-19'));
    expect(all.periods.map((one) => one.title)).toEqual(['1', '2', '3', 'полугодие']);
  });

  it('gaps lie between quarters, or else between trimesters; half-years have none', () => {
    expect(gapsOf(lists.periods)).toEqual([{ startsOn: '2026-10-24', endsOn: '2026-11-01' }]);
    const trimesters = lists.periods.map((one) => ({ ...one, kind: 'PERIOD_KIND_TRIMESTER' as const }));
    expect(gapsOf(trimesters)).toHaveLength(1);
    expect(gapsOf([{ ...trimesters[0]!, endsOn: '2026-11-01' }, trimesters[1]!])).toEqual([]);
    expect(gapsOf(lists.periods.map((one) => ({ ...one, kind: 'PERIOD_KIND_HALF_YEAR' as const })))).toEqual([]);
  });

  it('of the region only what can still be taken over is lacking', () => {
    const missing = lacking(year, lists);
    expect(missing.map((one) => one.date)).toEqual(['2027-03-08']);
    expect(lacking(year, withAll(lists, missing))).toEqual([]);
  });

  it('a refused field names its item', () => {
    expect(itemAt(lists, '/daysOff/1')).toBe(lists.daysOff[1]);
    expect(itemAt(lists, '/periods/0/startsOn')).toBe(lists.periods[0]);
    expect(itemAt(lists, '/periods')).toBeUndefined();
  });

  it('the past stays as it is', () => {
    const [first, second] = lists.periods;
    expect([isOver(first!, year.changesFrom), isOver(second!, year.changesFrom), hasBegun(second!, year.changesFrom)]).toEqual([true, false, true]);
  });

  it('says what of an item cannot be sent', () => {
    const period = { ...blank('periods', '2026-12-01'), title: '2 четверть' } as YearPeriod;
    expect(wrongOf(period)).toBeUndefined();
    expect(wrongOf({ ...period, title: ' ' })).toBe('title');
    expect(wrongOf({ ...period, endsOn: '2026-11-30' })).toBe('days');
    expect(wrongOf({ ...period, gradeFrom: 10 })).toBe('grades');
    expect(wrongOf({ date: '2026-12-30', title: 'х', lessonMinutes: 45 })).toBe('minutes');
    expect(wrongOf({ date: '2026-13-01', title: 'х', regional: false })).toBe('days');
  });
});

describe('bells', () => {
  const { bells } = listsOf(year);

  it('the next lesson follows the last one of its shift, the first of a second shift the first shift', () => {
    expect(nextBell(bells, 1)).toEqual(bell(3, '09:50', '10:35'));
    expect(nextBell(bells, 2)).toEqual(bell(1, '09:50', '10:30', 2));
    expect(nextBell([], 1)).toEqual(bell(1, '08:00', '08:40'));
    expect(nextBell([bell(1, '23:00', '23:40')], 1).endsAt).toBe('23:59');
  });

  it('a bell takes the place of the one of its number, and the last one of a shift goes first', () => {
    const changed = withBell(withBell(bells, bell(1, '13:00', '13:45', 2)), bell(1, '07:50', '08:35'));
    expect(changed.map((one) => `${one.shift}.${one.lessonNumber} ${one.startsAt}`)).toEqual(['1.1 07:50', '1.2 08:55', '2.1 13:00']);
    expect(bellsOf(withoutLast(changed, 1), 1)).toEqual([bell(1, '07:50', '08:35')]);
    expect(same({ ...listsOf(year), bells: changed }, listsOf(year))).toBe(false);
  });
});

describe('a year and its first day', () => {
  it('a day before the year is its first day', () => {
    expect(beginsOn(year)).toBe('2026-09-01');
    expect(dayWithin(year, '2026-08-20')).toBe('2026-09-01');
    expect(dayWithin(year, '2026-11-18')).toBe('2026-11-18');
    expect(dayWithin(undefined, '2026-11-18')).toBe('2026-11-18');
  });

  it('what the server refuses is named by its item or bell', () => {
    const named = { at: (what: string, message: string) => `${what}: ${message}`, bells: { of: (shift: number, lesson: number) => `${shift}/${lesson}` } };
    const fields = [{ field: '/daysOff/1', message: 'а' }, { field: '/bells/1', message: 'б' }, { field: '/bells', message: 'в' }];
    expect(refusedOf(listsOf(year), fields, named)).toEqual(['День 2027-02-23: а', '1/2: б', 'в']);
  });
});
