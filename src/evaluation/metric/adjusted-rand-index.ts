/** @file Agreement of two labellings on pairs of voxels, corrected for chance. */
import type { Confusion } from './confusion.ts';

/**
 * Adjusted Rand index over all voxels, background included: 1 is equal, 0 is what chance gives.
 * Both empty, or both full: 1.
 *
 * source  Hubert and Arabie 1985, "Comparing partitions", in counts of pairs
 */
export function adjustedRandIndex(confusion: Confusion): number {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusion;
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const predicted = truePositives + falsePositives;
  const expected = truePositives + falseNegatives;
  const count = expected + falsePositives + trueNegatives;
  const together = [truePositives, falsePositives, falseNegatives, trueNegatives].reduce(
    (sum, n) => sum + pairs(n),
    0,
  );
  const inPrediction = pairs(predicted) + pairs(count - predicted);
  const inReference = pairs(expected) + pairs(count - expected);
  const byChance = count < 2 ? 0 : (inPrediction / pairs(count)) * inReference;
  const most = (inPrediction + inReference) / 2;
  return most === byChance ? 1 : (together - byChance) / (most - byChance);
}
