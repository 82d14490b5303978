import { describe, expect, it } from 'vitest';
import { daysOf, hoursOf, nextHour, readCells } from '../../src/plans/plan';

const themes = [
  { title: 'Повторение', hours: 2 },
  { title: 'Дроби', hours: 3 },
  { title: 'Повторение', hours: 1 },
];
const lessons = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((lessonId, at) => ({ lessonId, date: `2026-09-0${at + 1}` }));
const next = (lesson: string, topics: Record<string, string> = {}) => nextHour(themes, lessons, lesson, (id) => topics[id] ?? '');

describe('hours of a plan', () => {
  it('are summed, and what is no number counts nothing', () => {
    expect(hoursOf(themes)).toBe(6);
    expect(hoursOf([{ hours: Number.NaN }, { hours: 2 }])).toBe(2);
  });

  it('take the lessons one after another', () => {
    expect(daysOf(themes, lessons)).toEqual([
      { from: '2026-09-01', to: '2026-09-02' },
      { from: '2026-09-03', to: '2026-09-05' },
      { from: '2026-09-06', to: '2026-09-06' },
    ]);
    expect(daysOf([{ hours: 9 }, { hours: 1 }], lessons)).toEqual([{ from: '2026-09-01', to: '' }, { from: '', to: '' }]);
  });
});

describe('the theme of a lesson', () => {
  it('stands at the place of the lesson when nothing is recorded', () => {
    expect(next('a')).toEqual({ theme: 0, hour: 1 });
    expect(next('d')).toEqual({ theme: 1, hour: 2 });
  });

  it('follows what was recorded last, also when the class is behind', () => {
    expect(next('e', { a: 'Повторение', b: 'Повторение', c: 'Повторение', d: 'Дроби' })).toEqual({ theme: 1, hour: 2 });
    expect(next('c', { a: 'Повторение' })).toEqual({ theme: 0, hour: 2 });
  });

  it('goes on after a theme that took longer than planned', () => {
    expect(next('d', { a: 'Повторение', b: 'Повторение', c: 'Повторение' })).toEqual({ theme: 1, hour: 1 });
  });

  it('looks past a topic of the teacher’s own and tells apart themes of one title', () => {
    expect(next('d', { b: 'Повторение', c: 'Экскурсия' })).toEqual({ theme: 0, hour: 2 });
    expect(next('g', { f: 'Повторение' })).toBeNull();
  });

  it('is none after the last one and for a lesson that the plan does not know', () => {
    expect(next('g')).toBeNull();
    expect(next('z')).toBeNull();
  });
});

describe('cells of a spreadsheet', () => {
  it('are rows and columns', () => {
    expect(readCells('Дроби\t2\r\nСтепени\t3\n')).toEqual([['Дроби', '2'], ['Степени', '3']]);
    expect(readCells('одна')).toEqual([['одна']]);
    expect(readCells('a\t\n\tb')).toEqual([['a', ''], ['', 'b']]);
  });

  it('may hold line breaks and quotes', () => {
    expect(readCells('Дроби\t"§ 1\n«упр. ""2""»"\tк/р')).toEqual([['Дроби', '§ 1\n«упр. "2"»', 'к/р']]);
  });
});
