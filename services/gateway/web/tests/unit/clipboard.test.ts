import { expect, it } from 'vitest';
import { readCell, readTable, writeTable } from '../../src/journal/clipboard';

const KIND = 'CONTROL_KIND_UNSPECIFIED';

it('reads marks, splits and letters of a spreadsheet', () => {
  expect(readCell('5', KIND)).toEqual([{ place: 1, value: { value: '5', kind: KIND, comment: '' } }]);
  expect(readCell(' 4/5 ', KIND)).toEqual([{ place: 1, value: { value: '4/5', kind: KIND, comment: '' } }]);
  expect(readCell('Н', KIND)).toEqual([{ place: 0, value: { attendance: 'ATTENDANCE_ABSENT', lateMinutes: 0, comment: '' } }]);
  expect(readCell('оп 4 5', KIND)?.map((item) => item.place)).toEqual([0, 1, 2]);
});

it('does not guess', () => {
  expect(readCell('6', KIND)).toBeNull();
  expect(readCell('Иванов', KIND)).toBeNull();
  expect(readCell('5 н б', KIND)).toBeNull();
  expect(readCell('=1+1', KIND)).toBeNull();
});

it('reads back what it wrote', () => {
  const cells = [['5', ''], ['н 4', '4/5']];
  expect(readTable(writeTable(cells))).toEqual(cells);
  expect(readTable('5\r\n4\r\n')).toEqual([['5'], ['4']]);
});
