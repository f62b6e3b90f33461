/** @file Where a reviewer should look first: connected regions in which the model is unsure, the weightiest first. */
import { labelComponents } from '../imaging/components.ts';
import { affineDeterminant, applyAffine, type Point } from '../imaging/geometry/affine.ts';
import type { Grid } from '../imaging/grid.ts';
import type { Dims } from '../imaging/volume.ts';

export interface UncertainRegion {
  /** Voxel of the highest uncertainty; of equals the first, x fastest. */
  readonly ijk: Dims;
  /** Its place in the world, in millimetres. */
  readonly ras: Point;
  readonly volumeMl: number;
  /** The highest uncertainty. */
  readonly peak: number;
}

/** Above half a bit the second most probable answer has more than a tenth: worth a look. */
const leastEntropy = 0.5;
/** One or two voxels are the rim of a sure structure more often than a question. */
const leastVoxels = 3;
const mostRegions = 20;

/**
 * At most twenty regions above half a bit, of three voxels or more (touching by corners), by summed entropy times volume.
 *
 * entropy  0-1 on the grid, x fastest
 */
export function uncertainRegions(entropy: Float32Array, grid: Grid): UncertainRegion[] {
  const mask = entropy.map((value) => (value > leastEntropy ? 1 : 0));
  const { labels, count, sizes } = labelComponents(mask, grid.dims, 26);
  const sums = new Float64Array(count + 1);
  const peaks = new Int32Array(count + 1).fill(-1);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === 0) continue;
    sums[label]! += entropy[i]!;
    const peak = peaks[label]!;
    if (peak < 0 || entropy[i]! > entropy[peak]!) peaks[label] = i;
  }
  const voxelMl = voxelVolumeMl(grid);
  return Array.from({ length: count }, (_, index) => index + 1)
    .filter((label) => sizes[label]! >= leastVoxels)
    .sort((a, b) => sums[b]! - sums[a]! || a - b)
    .slice(0, mostRegions)
    .map((label) => {
      const ijk = placeOf(peaks[label]!, grid.dims);
      return {
        ijk,
        ras: applyAffine(grid.rasFromIjk, ijk),
        volumeMl: sizes[label]! * voxelMl,
        peak: entropy[peaks[label]!]!,
      };
    });
}

export function voxelVolumeMl({ rasFromIjk }: Grid): number {
  return Math.abs(affineDeterminant(rasFromIjk)) / 1000;
}

function placeOf(index: number, [nx, ny]: Dims): Dims {
  return [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))];
}
