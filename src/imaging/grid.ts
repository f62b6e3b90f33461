/** @file A grid of voxels in the world, and what can be said about grids without looking at values. */
import {
  type Affine,
  affineColumn,
  affineDistance,
  affineFromColumns,
  applyAffine,
  type Point,
  spacingOf,
} from './geometry/affine.ts';
import type { Dims } from './volume.ts';

/** How many voxels there are and where they lie; a Volume is one, too. */
export interface Grid {
  readonly dims: Dims;
  readonly rasFromIjk: Affine;
}

/** Whether two grids put the same voxels at the same places, to within `toleranceMm`. */
export function isSameGrid(a: Grid, b: Grid, toleranceMm = 1e-3): boolean {
  return (
    a.dims.every((size, axis) => size === b.dims[axis]) &&
    affineDistance(a.rasFromIjk, b.rasFromIjk) <= toleranceMm
  );
}

/**
 * A grid over the same field of view with voxels of exactly this size.
 * The number of voxels is rounded, at least 1 an axis; the middle of the field of view stays where it is.
 */
export function gridWithSpacing(grid: Grid, spacingMm: Point): Grid {
  const before = spacingOf(grid.rasFromIjk);
  const sized = (axis: 0 | 1 | 2): number =>
    Math.max(1, Math.round((grid.dims[axis] * before[axis]) / spacingMm[axis]));
  const dims: Dims = [sized(0), sized(1), sized(2)];
  const step = (axis: 0 | 1 | 2): Point => {
    const [x, y, z] = affineColumn(grid.rasFromIjk, axis);
    const factor = spacingMm[axis] / before[axis];
    return [x * factor, y * factor, z * factor];
  };
  const linear = affineFromColumns(step(0), step(1), step(2), [0, 0, 0]);
  const centre = applyAffine(grid.rasFromIjk, middle(grid.dims));
  const reach = applyAffine(linear, middle(dims));
  const origin: Point = [centre[0] - reach[0], centre[1] - reach[1], centre[2] - reach[2]];
  return { dims, rasFromIjk: affineFromColumns(step(0), step(1), step(2), origin) };
}

function middle(dims: Dims): Point {
  return [(dims[0] - 1) / 2, (dims[1] - 1) / 2, (dims[2] - 1) / 2];
}
