/** @file How much one mask tells about the other. */
import type { Confusion } from './confusion.ts';

/**
 * Mutual information of the two labellings of all voxels, in nats: Σ p(a, b) · ln(p(a, b) / (p(a) · p(b))).
 * From 0 to ln 2. It is 0 when either mask is empty or full, as a constant tells nothing.
 */
export function mutualInformation(confusion: Confusion): number {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusion;
  const count = truePositives + falsePositives + falseNegatives + trueNegatives;
  const predicted = truePositives + falsePositives;
  const expected = truePositives + falseNegatives;
  const term = (both: number, a: number, b: number): number =>
    both === 0 ? 0 : (both / count) * Math.log((both / a) * (count / b));
  const sum =
    term(truePositives, predicted, expected) +
    term(falsePositives, predicted, count - expected) +
    term(falseNegatives, count - predicted, expected) +
    term(trueNegatives, count - predicted, count - expected);
  // Rounding can leave a tiny negative number where the exact sum is 0.
  return Math.max(0, sum);
}
