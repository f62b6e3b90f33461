/** @file Distances between the surfaces of two masks, and the metrics that follow from them, in millimetres. */
import { distanceTransform } from '../../imaging/distance.ts';
import { foregroundCount, type Mask, padMask } from '../mask.ts';
import { quantile } from '../statistics/quantile.ts';

export interface SurfaceDistances {
  /** From each surface voxel of the prediction to the nearest of the reference; smallest first. */
  readonly fromPrediction: Float32Array;
  readonly fromReference: Float32Array;
  /** Sums over *all* voxels of one mask of the distance to the other mask, 0 where they overlap. */
  readonly volumeFromPredictionMm: number;
  readonly volumeFromReferenceMm: number;
  readonly referenceVoxelCount: number;
}

/** Neither mask may be empty. Voxels are taken by their centres. */
export function surfaceDistances(prediction: Mask, reference: Mask): SurfaceDistances {
  const predicted = surfaceOf(prediction);
  const expected = surfaceOf(reference);
  const toPrediction = distanceTo(predicted);
  const toReference = distanceTo(expected);
  return {
    fromPrediction: toReference.filter((_, i) => predicted.data[i] === 1).sort(),
    fromReference: toPrediction.filter((_, i) => expected.data[i] === 1).sort(),
    volumeFromPredictionMm: sumOutside(toReference, prediction, reference),
    volumeFromReferenceMm: sumOutside(toPrediction, reference, prediction),
    referenceVoxelCount: foregroundCount(reference),
  };
}

/**
 * Voxels of the mask that have background at a face. Outside the volume is background, except across an axis of one
 * voxel: a picture's surface is its outline.
 */
export function surfaceOf(mask: Mask): Mask {
  const padded = padMask(mask);
  const steps = [1, padded.dims[0], padded.dims[0] * padded.dims[1]].filter(
    (_, axis) => mask.dims[axis]! > 1,
  );
  const [nx, ny, nz] = mask.dims;
  const data = new Uint8Array(mask.data.length);
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = ((z + 1) * padded.dims[1] + y + 1) * padded.dims[0] + 1;
      for (let x = 0; x < nx; x++, at++) {
        if (mask.data[at] === 0) continue;
        const isInside = steps.every(
          (step) => (padded.data[row + x - step]! & padded.data[row + x + step]!) === 1,
        );
        data[at] = isInside && steps.length > 0 ? 0 : 1;
      }
    }
  }
  return { ...mask, data };
}

function distanceTo(surface: Mask): Float32Array {
  return distanceTransform(
    surface.data.map((value) => 1 - value),
    surface.dims,
    surface.spacingMm,
  );
}

/** Outside a mask the nearest voxel of it is one of its surface, so the same distances serve. */
function sumOutside(distance: Float32Array, from: Mask, to: Mask): number {
  let sum = 0;
  for (let i = 0; i < distance.length; i++) if (from.data[i] === 1 && to.data[i] === 0) sum += distance[i]!;
  return sum;
}

/**
 * 95 % Hausdorff distance: the larger of the two directions' 95th percentiles (linear between values).
 *
 * source  Maier-Hein et al. 2024, "Metrics reloaded"
 */
export function hausdorff95({ fromPrediction, fromReference }: SurfaceDistances): number {
  return Math.max(quantile(fromPrediction, 0.95), quantile(fromReference, 0.95));
}

/**
 * Average symmetric surface distance: the mean over the surface voxels of both.
 *
 * source  Heimann et al. 2009, "Comparison and evaluation of methods for liver segmentation from CT datasets"
 */
export function averageSurfaceDistance({ fromPrediction, fromReference }: SurfaceDistances): number {
  const add = (sum: number, distance: number): number => sum + distance;
  const sum = fromReference.reduce(add, fromPrediction.reduce(add, 0));
  return sum / (fromPrediction.length + fromReference.length);
}

/**
 * Balanced average Hausdorff distance: both directions' sums over all voxels of the masks, each divided by the number
 * of reference voxels, and halved. A large prediction cannot thin out its own errors.
 *
 * source  Aydin et al. 2021, "On the usage of average Hausdorff distance for segmentation performance assessment"
 */
export function balancedAverageHausdorff(distances: SurfaceDistances): number {
  const sum = distances.volumeFromPredictionMm + distances.volumeFromReferenceMm;
  return sum / distances.referenceVoxelCount / 2;
}
