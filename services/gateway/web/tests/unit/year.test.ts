import { describe, expect, it } from 'vitest';
import type { SchoolYear, YearPeriod } from '../../src/api/types';
import { blank, gapsOf, hasBegun, isOver, itemAt, lacking, listsOf, put, same, withAll, without, wrongOf } from '../../src/year/model';

const quarter = (title: string, startsOn: string, endsOn: string, kind: YearPeriod['kind'] = 'PERIOD_KIND_QUARTER'): YearPeriod => ({ periodId: `prd_${title}`, title, kind, startsOn, endsOn, gradeFrom: 1, gradeTo: 9 });
const off = (date: string, regional = false) => ({ date, title: `День ${date}`, regional });

const year: SchoolYear = {
  calendar: {
    academicYear: '2026/2027',
    studyWeekDays: 5,
    periods: [quarter('1', '2026-09-01', '2026-10-23'), quarter('2', '2026-11-02', '2026-12-30')],
    holidays: [],
    daysOff: [off('2026-11-04', true), off('2027-02-23', true)],
    shortenedDays: [],
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
