/** @file Compares arrays of numbers within a tolerance; a failure names the worst place. */

export interface Tolerance {
  /** Of the expected value. */
  readonly relative: number;
  /** Smallest value that counts in full, as a share of the largest expected one: below it, rounding of larger terms shows. */
  readonly floor?: number;
  /** Smallest value that counts in full, as such (default 1e-30). */
  readonly least?: number;
}

/** Undefined if all are close, else a sentence on the worst element. NaN and infinities must match exactly. */
export function difference(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, floor = 0.01, least = 1e-30 }: Tolerance,
): string | undefined {
  if (found.length !== expected.length) return `${found.length} elements in place of ${expected.length}`;
  const finite = Array.from(expected).filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = { error: relative, at: -1 };
  for (let i = 0; i < found.length; i++) {
    const scale = Math.max(Math.abs(expected[i]!), floor * largest, least);
    const gap = found[i] === expected[i] ? 0 : Math.abs(found[i]! - expected[i]!) / scale;
    const error = Number.isNaN(gap)
      ? Number.isNaN(found[i]) && Number.isNaN(expected[i])
        ? 0
        : Infinity
      : gap;
    if (error > worst.error) worst = { error, at: i };
  }
  if (worst.at === -1) return undefined;
  return `element ${worst.at} is ${found[worst.at]}, expected ${expected[worst.at]} (relative error ${worst.error.toExponential(2)})`;
}
