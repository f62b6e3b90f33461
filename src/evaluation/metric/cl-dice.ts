/** @file Centreline overlap. Source: Shit et al. 2021, "clDice - a novel topology-preserving loss function". */
import type { Comparison, Shape } from '../comparison.ts';

/** The share of the skeleton of one mask that lies in the other: |S ∩ V| / |S|. Null when there is no skeleton. */
function coverage(line: Shape, volume: Shape): number | null {
  if (line.isEmpty) return null;
  const skeleton = line.skeleton().data;
  let total = 0;
  let covered = 0;
  for (let i = 0; i < skeleton.length; i++) {
    if (skeleton[i] === 0) continue;
    total++;
    covered += volume.mask.data[i]!;
  }
  return covered / total;
}

/** Tsens = |S_y ∩ V_p| / |S_y|: how much of the reference's centreline is found. Null when the reference is empty. */
export function skeletonRecall({ prediction, reference }: Comparison): number | null {
  return coverage(reference, prediction);
}

/** Tprec = |S_p ∩ V_y| / |S_p|: how much of the predicted centreline is real. Null when the prediction is empty. */
export function skeletonPrecision({ prediction, reference }: Comparison): number | null {
  return coverage(prediction, reference);
}

/** 2 · Tprec · Tsens / (Tprec + Tsens). Both empty: 1; one empty, or no centreline inside the other mask: 0. */
export function clDice(comparison: Comparison): number {
  const recall = skeletonRecall(comparison);
  const precision = skeletonPrecision(comparison);
  if (recall === null && precision === null) return 1;
  if (!recall || !precision) return 0;
  return (2 * precision * recall) / (precision + recall);
}
