/** @file Whether lines stay whole: parts and loops against the reference, and recall by radius. */
import type { Comparison } from '../comparison.ts';
import { skeletonLengthMm } from '../topology/spanning-length.ts';

/** |b(prediction) − b(reference)|: of parts (b0), loops (b1) or cavities (b2). An empty mask has 0 of each. */
export function bettiError({ prediction, reference }: Comparison, number: 'b0' | 'b1' | 'b2'): number {
  return Math.abs(prediction.betti()[number] - reference.betti()[number]);
}

/** Parts of the prediction, 26-connected. */
export function componentCount({ prediction }: Comparison): number {
  return prediction.betti().b0;
}

/**
 * Parts of the prediction per centimetre of the reference's skeleton, in 1/cm.
 * Null when that has no length: an empty reference, or one whose skeleton is single voxels.
 */
export function componentsPerCm(comparison: Comparison): number | null {
  const lengthMm = skeletonLengthMm(comparison.reference.skeleton());
  return lengthMm === 0 ? null : componentCount(comparison) / (lengthMm / 10);
}

/** Above `over` and up to `upTo` voxels. */
export interface RadiusBin {
  readonly over: number;
  readonly upTo: number;
}

/**
 * The share of the reference's skeleton voxels of this radius that the prediction holds. Null when there are none.
 * The radius is the distance in voxels, whatever their size, from the skeleton to the nearest background centre: 1 for a line one
 * voxel wide, 2 for one three wide. Outside the volume does not count as background.
 */
export function recallByRadius(
  { prediction, reference }: Comparison,
  { over, upTo }: RadiusBin,
): number | null {
  const skeleton = reference.skeleton().data;
  const radius = reference.radiusVoxels();
  let total = 0;
  let found = 0;
  for (let i = 0; i < skeleton.length; i++) {
    if (skeleton[i] === 0 || radius[i]! <= over || radius[i]! > upTo) continue;
    total++;
    found += prediction.mask.data[i]!;
  }
  return total === 0 ? null : found / total;
}
