/**
 * Exact fractions: averages are never floating point (R24).
 * The shared vectors in `tests/vectors` hold for the server's rule as well.
 */
export interface Fraction {
  readonly n: bigint;
  /** Above 0, no common divisor with `n`. */
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function fraction(n: bigint, d: bigint = 1n): Fraction {
  if (d === 0n) throw new RangeError('denominator is zero');
  const sign = d < 0n ? -1n : 1n;
  const common = gcd(n, d * sign) || 1n;
  return { n: (n * sign) / common, d: (d * sign) / common };
}

export function sum(items: readonly Fraction[]): Fraction {
  return items.reduce((total, item) => fraction(total.n * item.d + item.n * total.d, total.d * item.d), fraction(0n));
}

/** Mean of the values; `null` of none. */
export function mean(items: readonly Fraction[]): Fraction | null {
  if (items.length === 0) return null;
  const total = sum(items);
  return fraction(total.n, total.d * BigInt(items.length));
}

/** Nearest integer of a value that is not negative, a half goes up: in the pupil's favour (R24). */
export function roundHalfUp(value: Fraction): bigint {
  return (2n * value.n + value.d) / (2n * value.d);
}

/** `4,50`: two decimals, rounded half up, with a comma as all our languages write it. */
export function decimal(value: Fraction, digits = 2): string {
  const scale = 10n ** BigInt(digits);
  const scaled = roundHalfUp(fraction(value.n * scale, value.d));
  if (digits === 0) return String(scaled);
  const tail = String(scaled % scale).padStart(digits, '0');
  return `${scaled / scale},${tail}`;
}

/** Order of two fractions. */
export function compare(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const [left, right] = [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
}
