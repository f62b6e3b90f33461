/** @file Which voxels a brush covers: a disc in the plane that is looked at, one slice thick. */
import { applyAffine, type Point } from '../../imaging/geometry/affine.ts';
import { type Grid, lpsFromRas, offsetOf, rasFromLps, stepAlong } from './grid.ts';

export interface Dab {
  /** Centre, LPS mm. */
  readonly centre: Point;
  /** Of the plane, length 1, LPS. */
  readonly normal: Point;
  readonly radiusMm: number;
}

/** Calls `visit` with the offset of each voxel whose centre lies under the brush; of a tiny brush at least the voxel below it. */
export function eachVoxelUnder(
  grid: Grid,
  { centre, normal, radiusMm }: Dab,
  visit: (offset: number) => void,
): void {
  const step = stepAlong(grid, normal);
  const half = step / 2;
  // A plane half-way between two slices paints one of them, not both.
  const slack = 1e-6 * step;
  const middle = applyAffine(grid.ijkFromRas, rasFromLps(centre));
  const reach = ([0, 1, 2] as const).map((axis) => (radiusMm + half) / grid.spacing[axis] + 1);
  const from = middle.map((value, axis) => Math.max(0, Math.ceil(value - reach[axis]!)));
  const to = middle.map((value, axis) => Math.min(grid.dims[axis]! - 1, Math.floor(value + reach[axis]!)));
  let isAnyUnder = false;
  for (let k = from[2]!; k <= to[2]!; k++)
    for (let j = from[1]!; j <= to[1]!; j++)
      for (let i = from[0]!; i <= to[0]!; i++) {
        const place = lpsFromRas(applyAffine(grid.rasFromIjk, [i, j, k]));
        const d = [place[0] - centre[0], place[1] - centre[1], place[2] - centre[2]] as const;
        const depth = d[0] * normal[0] + d[1] * normal[1] + d[2] * normal[2];
        if (depth <= slack - half || depth > slack + half) continue;
        if (d[0] ** 2 + d[1] ** 2 + d[2] ** 2 - depth ** 2 > radiusMm ** 2) continue;
        isAnyUnder = true;
        visit(offsetOf(grid, [i, j, k]));
      }
  if (isAnyUnder) return;
  const nearest = middle.map(Math.round) as [number, number, number];
  if (nearest.every((index, axis) => index >= 0 && index < grid.dims[axis]!)) visit(offsetOf(grid, nearest));
}

/** Places between two points so close together that dabs there make a line without gaps. */
export function placesBetween(from: Point, to: Point, radiusMm: number): Point[] {
  const delta = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const;
  const count = Math.max(1, Math.ceil(Math.hypot(...delta) / Math.max(0.1, radiusMm / 2)));
  return Array.from({ length: count }, (_, n) => {
    const share = (n + 1) / count;
    return [from[0] + share * delta[0], from[1] + share * delta[1], from[2] + share * delta[2]] as const;
  });
}
