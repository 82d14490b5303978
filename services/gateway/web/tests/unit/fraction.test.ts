import { describe, expect, it } from 'vitest';
import { compare, decimal, fraction, mean, roundHalfUp, sum } from '../../src/domain/fraction';
import { averageOf, exactValue, isMarkValue, tone } from '../../src/domain/mark';
import vectors from '../vectors/averages.json';

describe('averages', () => {
  it.each(vectors)('$name', ({ marks, average, shown, result }) => {
    const found = averageOf(marks);
    if (average === null) {
      expect(found).toBeNull();
      return;
    }
    expect({ numerator: String(found!.n), denominator: String(found!.d) }).toEqual(average);
    expect(decimal(found!)).toBe(shown);
    expect(roundHalfUp(found!)).toBe(BigInt(result!));
  });

  it('does not depend on the order of the marks', () => {
    const marks = ['5', '3', '4/5', '2', 'зач', '4'];
    expect(averageOf(marks.toReversed())).toEqual(averageOf(marks));
  });

  it('lies between the lowest and the highest mark', () => {
    let state = 7;
    const next = () => (state = (state * 1103515245 + 12345) % 2147483648);
    for (let round = 0; round < 500; round += 1) {
      const marks = Array.from({ length: 1 + (next() % 40) }, () => String(2 + (next() % 4)));
      const found = averageOf(marks)!;
      const digits = marks.map(Number);
      expect(compare(found, fraction(BigInt(Math.min(...digits))))).toBeGreaterThanOrEqual(0);
      expect(compare(found, fraction(BigInt(Math.max(...digits))))).toBeLessThanOrEqual(0);
      expect(found.n * BigInt(digits.length)).toBe(found.d * BigInt(digits.reduce((a, b) => a + b, 0)));
    }
  });
});

describe('fractions', () => {
  it('are kept in lowest terms with a positive denominator', () => {
    expect(fraction(6n, -4n)).toEqual({ n: -3n, d: 2n });
    expect(() => fraction(1n, 0n)).toThrow(RangeError);
  });

  it('add up exactly', () => {
    expect(sum([fraction(1n, 3n), fraction(1n, 6n)])).toEqual(fraction(1n, 2n));
    expect(mean([])).toBeNull();
  });
});

describe('marks', () => {
  it('are digits, two digits with a slash, or pass and fail', () => {
    for (const value of ['5', '2', '1', '4/5', 'зач', 'незач']) expect(isMarkValue(value), value).toBe(true);
    for (const value of ['', '0', '6', '4/', '/5', '4/5/3', '45', 'н', '5+', ' 5']) expect(isMarkValue(value), value).toBe(false);
    expect(exactValue('зач')).toBeNull();
  });

  it('have the tone of their rounded value', () => {
    expect(['5', '4/5', '4', '3/4', '3', '2', '1', 'зач', 'незач'].map(tone)).toEqual(['5', '5', '4', '4', '3', '2', '2', 'x', '2']);
  });
});
