/** @file A volume's grid in the world that Cornerstone draws (LPS+ mm), and back. With planes.ts the only place where RAS and LPS meet. */
import {
  type Affine,
  affineColumn,
  affineDeterminant,
  applyAffine,
  invertAffine,
  isOrthogonal,
  type Point,
  spacingOf,
} from '../../imaging/geometry/affine.ts';

export const rasFromLps = ([x, y, z]: Point): Point => [-x + 0, -y + 0, z];
export const lpsFromRas = rasFromLps;

export interface Grid {
  readonly dims: readonly [number, number, number];
  readonly spacing: [number, number, number];
  /** LPS place of voxel 0 0 0. */
  readonly origin: [number, number, number];
  /** Three directions of length 1, one after another. */
  readonly direction: [number, number, number, number, number, number, number, number, number];
  /** Whether the axes stand at right angles; others are drawn as if they did. */
  readonly isExact: boolean;
  readonly isMirrored: boolean;
  readonly ijkFromRas: Affine;
  readonly rasFromIjk: Affine;
}

export function gridOf({
  dims,
  rasFromIjk,
}: {
  dims: readonly [number, number, number];
  rasFromIjk: Affine;
}): Grid {
  const spacing = spacingOf(rasFromIjk);
  const columns = ([0, 1, 2] as const).map((axis) => {
    const [x, y, z] = lpsFromRas(affineColumn(rasFromIjk, axis));
    return [x / spacing[axis], y / spacing[axis], z / spacing[axis]];
  });
  return {
    dims,
    spacing: [...spacing],
    origin: [...lpsFromRas(affineColumn(rasFromIjk, 3))],
    direction: columns.flat() as Grid['direction'],
    isExact: isOrthogonal(rasFromIjk, 1e-3),
    isMirrored: affineDeterminant(rasFromIjk) < 0,
    ijkFromRas: invertAffine(rasFromIjk),
    rasFromIjk,
  };
}

/** The voxel that holds a world point; undefined outside of the grid. */
export function voxelAt(grid: Grid, pointRas: Point): readonly [number, number, number] | undefined {
  const [i, j, k] = applyAffine(grid.ijkFromRas, pointRas);
  const voxel = [Math.round(i), Math.round(j), Math.round(k)] as const;
  return voxel.every((index, axis) => index >= 0 && index < grid.dims[axis]!) ? voxel : undefined;
}

/** Place in the voxel array, x fastest. */
export function offsetOf({ dims }: Grid, [i, j, k]: readonly [number, number, number]): number {
  return i + dims[0] * (j + dims[1] * k);
}

/** Millimetres from one slice to the next when walking along a direction (LPS, length 1): the finest voxel step on the way. */
export function stepAlong({ ijkFromRas }: Grid, directionLps: Point): number {
  const [a, b, c] = ijkFromRas;
  const [x, y, z] = rasFromLps(directionLps);
  const parts = [a, b, c].map((row) => Math.abs(row[0] * x + row[1] * y + row[2] * z));
  return 1 / Math.max(...parts);
}

/**
 * Centre of the voxel in the middle of the grid, RAS: a plane through it shows a slice, not what lies between two. Of two that are equally near, the one
 * further right, anterior or superior: the same place however the volume is stored.
 */
export function centreOf({ dims, rasFromIjk }: Grid): Point {
  const middle = ([0, 1, 2] as const).map((axis) => {
    const step = affineColumn(rasFromIjk, axis);
    const main = step.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    return Math.floor(main > 0 ? dims[axis] / 2 : (dims[axis] - 1) / 2);
  });
  return applyAffine(rasFromIjk, middle as [number, number, number]);
}

/** Centres of the eight voxels at the corners of the grid, RAS. */
export function cornersOf({ dims, rasFromIjk }: Grid): Point[] {
  const ends = dims.map((size) => [0, size - 1] as const);
  return ends[0]!.flatMap((i) =>
    ends[1]!.flatMap((j) => ends[2]!.map((k) => applyAffine(rasFromIjk, [i, j, k]))),
  );
}
