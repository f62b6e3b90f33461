/** @file Which way the voxel axes point, and how to turn a grid so that they point right, anterior, superior. */
import {
  type Affine,
  affineColumn,
  affineDeterminant,
  affineFromColumns,
  invertAffine,
  multiplyAffines,
  type Point,
  spacingOf,
} from './affine.ts';

/** For each voxel axis: the world axis (0 right, 1 anterior, 2 superior) that it follows most closely, and which way. */
export type AxisDirection = { readonly worldAxis: 0 | 1 | 2; readonly positive: boolean };
export type Orientation = readonly [AxisDirection, AxisDirection, AxisDirection];

/**
 * How a grid is turned: axis n of the new grid runs along axis `axes[n]` of the old one, backwards when `flipped[n]`.
 * Voxels are only moved, never mixed, so turning back is exact.
 */
export interface Reorientation {
  readonly axes: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
  readonly flipped: readonly [boolean, boolean, boolean];
}

/**
 * The closest rotation or reflection to the affine's axes (columns scaled to length 1): the orthogonal polar factor.
 * Source: Higham 1986, "Computing the polar decomposition", Newton iteration X ← (X + X⁻ᵀ)/2.
 */
function closestRotation(affine: Affine): Affine {
  const spacing = spacingOf(affine);
  const unit = (axis: 0 | 1 | 2): Point => {
    const [x, y, z] = affineColumn(affine, axis);
    return [x / spacing[axis], y / spacing[axis], z / spacing[axis]];
  };
  let rotation = affineFromColumns(unit(0), unit(1), unit(2), [0, 0, 0]);
  for (let step = 0; step < 100; step++) {
    const inverse = invertAffine(rotation);
    const mean = (r: 0 | 1 | 2, c: 0 | 1 | 2): number => (rotation[r][c] + inverse[c][r]) / 2;
    const column = (c: 0 | 1 | 2): Point => [mean(0, c), mean(1, c), mean(2, c)];
    rotation = affineFromColumns(column(0), column(1), column(2), [0, 0, 0]);
    if (Math.abs(Math.abs(affineDeterminant(rotation)) - 1) < 1e-14) break;
  }
  return rotation;
}

/**
 * The world axis and direction of each voxel axis; every world axis is used once, however oblique or sheared the grid.
 * Voxel axes choose in turn among the world axes still free, as in nibabel's `io_orientation`.
 */
export function orientationOf(rasFromIjk: Affine): Orientation {
  const rotation = closestRotation(rasFromIjk);
  const free = new Set<0 | 1 | 2>([0, 1, 2]);
  const choose = (axis: 0 | 1 | 2): AxisDirection => {
    const column = affineColumn(rotation, axis);
    let best: 0 | 1 | 2 | undefined;
    for (const world of free)
      if (best === undefined || Math.abs(column[world]) > Math.abs(column[best])) best = world;
    free.delete(best!);
    return { worldAxis: best!, positive: column[best!] >= 0 };
  };
  return [choose(0), choose(1), choose(2)];
}

const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['I', 'S'],
] as const;

/** Three letters naming where each voxel axis points to, e.g. `RAS`, `LIA`: nibabel's `aff2axcodes`. */
export function orientationLetters(rasFromIjk: Affine): string {
  return orientationOf(rasFromIjk)
    .map(({ worldAxis, positive }) => letters[worldAxis][positive ? 1 : 0])
    .join('');
}

/** How to turn the grid of this affine so that its axes are closest to right, anterior, superior. */
export function toClosestRas(rasFromIjk: Affine): Reorientation {
  const orientation = orientationOf(rasFromIjk);
  const source = (world: number) =>
    orientation.findIndex(({ worldAxis }) => worldAxis === world) as 0 | 1 | 2;
  const axes = [source(0), source(1), source(2)] as const;
  const flipped = (n: 0 | 1 | 2): boolean => !orientation[axes[n]].positive;
  return { axes, flipped: [flipped(0), flipped(1), flipped(2)] };
}

/** The turn that undoes `reorientation`. */
export function inverseReorientation({ axes, flipped }: Reorientation): Reorientation {
  const back = (axis: number) => axes.indexOf(axis as 0 | 1 | 2) as 0 | 1 | 2;
  const backAxes = [back(0), back(1), back(2)] as const;
  return { axes: backAxes, flipped: [flipped[backAxes[0]], flipped[backAxes[1]], flipped[backAxes[2]]] };
}

export function isUnturned({ axes, flipped }: Reorientation): boolean {
  return axes.every((axis, n) => axis === n) && !flipped.includes(true);
}

/** Voxel counts after the turn. */
export function turnedDims(dims: Point, { axes }: Reorientation): Point {
  return [dims[axes[0]], dims[axes[1]], dims[axes[2]]];
}

/** Maps indices of the turned grid to indices of the grid with `dims` that it was made from. */
export function ijkFromTurned(dims: Point, { axes, flipped }: Reorientation): Affine {
  const step = (n: 0 | 1 | 2): Point => {
    const column: [number, number, number] = [0, 0, 0];
    column[axes[n]] = flipped[n] ? -1 : 1;
    return column;
  };
  const origin: [number, number, number] = [0, 0, 0];
  for (const n of [0, 1, 2] as const) if (flipped[n]) origin[axes[n]] = dims[axes[n]] - 1;
  return affineFromColumns(step(0), step(1), step(2), origin);
}

/** The affine of the turned grid: every voxel keeps its place in the world. */
export function turnedAffine(rasFromIjk: Affine, dims: Point, reorientation: Reorientation): Affine {
  return multiplyAffines(rasFromIjk, ijkFromTurned(dims, reorientation));
}
