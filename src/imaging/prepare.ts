/** @file From a volume to what a network sees, and from what it says back onto the grid of the file. Do and undo side by side. */
import { invariant } from '../base/errors.ts';
import { spacingOf } from './geometry/affine.ts';
import { type Reorientation, toClosestRas, turnedAffine, turnedDims } from './geometry/orientation.ts';
import { type Grid, gridWithSpacing, isSameGrid } from './grid.ts';
import {
  type AppliedNormalisation,
  applyNormalisation,
  type Normalisation,
  planNormalisation,
} from './normalise.ts';
import { turnBack, turnVoxels } from './reorient.ts';
import { type Interpolation, resample } from './resample.ts';
import { type Dims, type Volume, valuesOf, voxelCount } from './volume.ts';

/** What to do to every volume; the recipe states it. Its schema is in recipe/preparation.ts. */
export interface Preparation {
  readonly orientation: 'RAS' | 'asIs';
  /** Along the axes after reorientation; null keeps each volume's own. */
  readonly spacingMm: readonly [number, number, number] | null;
  readonly normalisation: Normalisation;
}

/** What was done to one volume. Plain data: it is kept with a prediction, and is all that `restore` needs. */
export interface AppliedPreparation {
  readonly source: Grid;
  readonly reorientation: Reorientation;
  /** The source grid after reorientation. */
  readonly turned: Grid;
  /** The grid that the network sees. */
  readonly prepared: Grid;
  readonly normalisation: AppliedNormalisation;
}

export interface Prepared extends Grid {
  /** `dims`, x fastest; a new array. */
  readonly values: Float32Array;
  readonly spacingMm: readonly [number, number, number];
  readonly applied: AppliedPreparation;
}

const unturned: Reorientation = { axes: [0, 1, 2], flipped: [false, false, false] };

/**
 * Turns to closest RAS, resamples (linear), normalises, in that order, for one time point and component.
 * Values that are not finite count as the one that normalisation turns into 0, so that they do not spread.
 */
export function prepare(
  volume: Volume,
  preparation: Preparation,
  { timePoint = 0, component = 0 }: { timePoint?: number; component?: number } = {},
): Prepared {
  const grids = planGrids(volume, preparation);
  const turned = turnVoxels(valuesOf(volume, timePoint, component), volume.dims, grids.reorientation);
  const plan = planNormalisation(turned, preparation.normalisation);
  replaceNonFinite(turned, plan.shift);
  const isResampled = !isSameGrid(grids.turned, grids.prepared);
  const values = isResampled
    ? resample(turned, grids.turned, grids.prepared, { interpolation: 'linear', outside: 'edge' })
    : turned;
  applyNormalisation(values, plan);
  const { dims, rasFromIjk } = grids.prepared;
  const applied = { ...grids, normalisation: plan };
  return { values, dims, rasFromIjk, spacingMm: spacingOf(rasFromIjk), applied };
}

/** A label map on the grid that {@link prepare} makes: the same turn and grid, nearest voxel, values untouched. */
export function prepareLabels(volume: Volume, preparation: Preparation, timePoint = 0): Prepared {
  const grids = planGrids(volume, preparation);
  const turned = turnVoxels(valuesOf(volume, timePoint), volume.dims, grids.reorientation);
  const values = isSameGrid(grids.turned, grids.prepared)
    ? turned
    : resample(turned, grids.turned, grids.prepared, { interpolation: 'nearest', outside: 'edge' });
  const { dims, rasFromIjk } = grids.prepared;
  const normalisation = { kind: 'none', shift: 0, scale: 1, clip: false } as const;
  return {
    values,
    dims,
    rasFromIjk,
    spacingMm: spacingOf(rasFromIjk),
    applied: { ...grids, normalisation },
  };
}

/** The three grids of a preparation, from the header alone. */
export function planGrids(
  volume: { readonly dims: Dims; readonly rasFromIjk: Grid['rasFromIjk'] },
  preparation: Preparation,
): Omit<AppliedPreparation, 'normalisation'> {
  const { dims, rasFromIjk } = volume;
  const reorientation = preparation.orientation === 'RAS' ? toClosestRas(rasFromIjk) : unturned;
  const turned: Grid = {
    dims: turnedDims(dims, reorientation),
    rasFromIjk: turnedAffine(rasFromIjk, dims, reorientation),
  };
  const prepared = preparation.spacingMm === null ? turned : gridWithSpacing(turned, preparation.spacingMm);
  return { source: { dims, rasFromIjk }, reorientation, turned, prepared };
}

/**
 * Puts a map that was computed on the prepared grid back onto exactly the grid of the file.
 * Without resampling every value comes back unchanged. Intensities are not put back: a map is not an image.
 *
 * map      `applied.prepared.dims`, x fastest
 * returns  `applied.source.dims`, x fastest; a new array
 */
export function restore(
  map: Float32Array,
  applied: AppliedPreparation,
  interpolation: Interpolation = 'linear',
): Float32Array {
  const { source, reorientation, turned, prepared } = applied;
  invariant(map.length === voxelCount(prepared.dims), 'the map is not on the prepared grid');
  const onTurned = isSameGrid(turned, prepared)
    ? map
    : resample(map, prepared, turned, { interpolation, outside: 'edge' });
  return turnBack(onTurned, source.dims, reorientation);
}

function replaceNonFinite(values: Float32Array, replacement: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) values[i] = replacement;
  }
}
