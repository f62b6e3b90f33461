/** @file Counts of voxels that agree and differ, and the metrics of overlap that follow from them. */
import type { Mask } from '../mask.ts';

export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

export function countConfusion(prediction: Mask, reference: Mask): Confusion {
  let both = 0;
  let predicted = 0;
  let expected = 0;
  const count = reference.data.length;
  for (let i = 0; i < count; i++) {
    const p = prediction.data[i]!;
    const y = reference.data[i]!;
    both += p & y;
    predicted += p;
    expected += y;
  }
  return {
    truePositives: both,
    falsePositives: predicted - both,
    falseNegatives: expected - both,
    trueNegatives: count - predicted - expected + both,
  };
}

/** 2·TP / (2·TP + FP + FN). Both empty: 1; one empty: 0. */
export function dice({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) ?? 1;
}

/** TP / (TP + FP + FN), the Jaccard index. Both empty: 1; one empty: 0. */
export function intersectionOverUnion({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return ratio(truePositives, truePositives + falsePositives + falseNegatives) ?? 1;
}

/** TP / (TP + FN), or recall. Null when the reference is empty. */
export function sensitivity({ truePositives, falseNegatives }: Confusion): number | null {
  return ratio(truePositives, truePositives + falseNegatives);
}

/** TP / (TP + FP). Null when the prediction is empty. */
export function precision({ truePositives, falsePositives }: Confusion): number | null {
  return ratio(truePositives, truePositives + falsePositives);
}

/** TN / (TN + FP) over the whole volume. Null when the reference fills it. */
export function specificity({ trueNegatives, falsePositives }: Confusion): number | null {
  return ratio(trueNegatives, trueNegatives + falsePositives);
}

/** 1 − |V_p − V_y| / (V_p + V_y): volumes alone, wherever they lie. Both empty: 1; one empty: 0. */
export function volumetricSimilarity({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  const sum = 2 * truePositives + falsePositives + falseNegatives;
  return 1 - (ratio(Math.abs(falsePositives - falseNegatives), sum) ?? 0);
}

/** Null where the denominator is 0: the ratio does not exist. */
function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
