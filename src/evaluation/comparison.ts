/** @file A prediction beside its reference, with the intermediate results that several metrics share, each made once. */
import { invariant } from '../base/errors.ts';
import { distanceTransform } from '../imaging/distance.ts';
import { boxAround, cropMask, foregroundCount, type Mask } from './mask.ts';
import { type Confusion, countConfusion } from './metric/confusion.ts';
import { type SurfaceDistances, surfaceDistances } from './metric/surface-distances.ts';
import { skeletonOf } from './skeleton.ts';
import { type BettiNumbers, bettiNumbers } from './topology/betti.ts';

/** One side of a comparison. */
export interface Shape {
  readonly mask: Mask;
  readonly isEmpty: boolean;
  readonly skeleton: () => Mask;
  readonly betti: () => BettiNumbers;
  /** Distance of each foreground voxel to the nearest background centre, in voxels whatever their size. */
  readonly radiusVoxels: () => Float32Array;
}

export interface Comparison {
  /** Over the whole volume. */
  readonly confusion: () => Confusion;
  /** Cropped to where either mask has foreground, as is `reference`. */
  readonly prediction: Shape;
  readonly reference: Shape;
  /** Undefined when either mask is empty. */
  readonly surfaces: () => SurfaceDistances | undefined;
  /** Over the whole volume: the probability of foreground, and the reference. */
  readonly probability: { readonly values: Float32Array; readonly reference: Uint8Array } | undefined;
}

/** Both masks, and the probabilities if given, must have the same size: grids are compared where volumes come in. */
export function makeComparison(prediction: Mask, reference: Mask, probability?: Float32Array): Comparison {
  invariant(
    prediction.dims.every((size, axis) => size === reference.dims[axis]),
    `masks of one size: ${prediction.dims} and ${reference.dims}`,
  );
  invariant(
    probability === undefined || probability.length === reference.data.length,
    'one probability a voxel',
  );
  const box = boxAround(prediction, reference) ?? { from: [0, 0, 0], to: [1, 1, 1] };
  const predicted = makeShape(cropMask(prediction, box));
  const expected = makeShape(cropMask(reference, box));
  return {
    confusion: once(() => countConfusion(prediction, reference)),
    prediction: predicted,
    reference: expected,
    surfaces: once(() =>
      predicted.isEmpty || expected.isEmpty ? undefined : surfaceDistances(predicted.mask, expected.mask),
    ),
    probability: probability && { values: probability, reference: reference.data },
  };
}

function makeShape(mask: Mask): Shape {
  return {
    mask,
    isEmpty: foregroundCount(mask) === 0,
    skeleton: once(() => skeletonOf(mask)),
    betti: once(() => bettiNumbers(mask)),
    radiusVoxels: once(() => distanceTransform(mask.data, mask.dims, [1, 1, 1])),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
