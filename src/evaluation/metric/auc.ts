/** @file Area under the receiver operating characteristic. */

/**
 * The chance that a foreground voxel has a higher probability than a background voxel; equal ones count half. Exact.
 *
 * probability  any finite scores, the same order as reference
 * reference    0 or 1
 * returns      0-1; null when the reference has one class only
 * source       Mann and Whitney 1947: AUC = U / (positives · negatives)
 */
export function areaUnderCurve(probability: Float32Array, reference: Uint8Array): number | null {
  const positives = probability.filter((_, i) => reference[i] === 1).sort();
  const negatives = probability.filter((_, i) => reference[i] !== 1).sort();
  if (positives.length === 0 || negatives.length === 0) return null;
  let lower = 0;
  let notHigher = 0;
  let twiceU = 0;
  for (const score of positives) {
    while (lower < negatives.length && negatives[lower]! < score) lower++;
    while (notHigher < negatives.length && negatives[notHigher]! <= score) notHigher++;
    twiceU += lower + notHigher;
  }
  return twiceU / 2 / positives.length / negatives.length;
}
