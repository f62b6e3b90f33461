/** @file 4×4 affines between voxel indices (ijk) and world millimetres (RAS+). Row-major, as nibabel prints them. */
import { invariant } from '../../base/errors.ts';

/** Four rows of four; the last row is 0 0 0 1. Name them by both ends: `rasFromIjk`. */
export type Affine = readonly [Row, Row, Row, Row];
export type Row = readonly [number, number, number, number];
export type Point = readonly [number, number, number];

export const identityAffine: Affine = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

/** The affine with these columns: three axis steps (mm per voxel along i, j, k) and the world place of voxel 0 0 0. */
export function affineFromColumns(i: Point, j: Point, k: Point, origin: Point): Affine {
  return [
    [i[0], j[0], k[0], origin[0]],
    [i[1], j[1], k[1], origin[1]],
    [i[2], j[2], k[2], origin[2]],
    [0, 0, 0, 1],
  ];
}

/** World step of one voxel along axis 0, 1 or 2; column 3 is the world place of voxel 0 0 0. */
export function affineColumn(affine: Affine, column: 0 | 1 | 2 | 3): Point {
  return [affine[0][column], affine[1][column], affine[2][column]];
}

/** `a × b`: first b, then a, so `lpsFromRas × rasFromIjk` is `lpsFromIjk`. */
export function multiplyAffines(a: Affine, b: Affine): Affine {
  const row = (r: Row): Row => [
    r[0] * b[0][0] + r[1] * b[1][0] + r[2] * b[2][0],
    r[0] * b[0][1] + r[1] * b[1][1] + r[2] * b[2][1],
    r[0] * b[0][2] + r[1] * b[1][2] + r[2] * b[2][2],
    r[0] * b[0][3] + r[1] * b[1][3] + r[2] * b[2][3] + r[3],
  ];
  return [row(a[0]), row(a[1]), row(a[2]), [0, 0, 0, 1]];
}

/** Determinant of the upper-left 3×3 part: the signed voxel volume in mm³ when the affine is `rasFromIjk`. */
export function affineDeterminant([a, b, c]: Affine): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

/** Whether the affine has only finite numbers and is far enough from flat to be inverted. */
export function isInvertible(affine: Affine): boolean {
  if (!affine.every((row) => row.every(Number.isFinite))) return false;
  const [x, y, z] = spacingOf(affine);
  return Math.abs(affineDeterminant(affine)) > 1e-6 * x * y * z;
}

/** The inverse. The affine must be invertible; readers refuse files whose affine is not. */
export function invertAffine(affine: Affine): Affine {
  const determinant = affineDeterminant(affine);
  invariant(Number.isFinite(determinant) && determinant !== 0, 'affine cannot be inverted');
  const [a, b, c] = affine;
  const inverse = (p: Row, q: Row, i: 0 | 1 | 2, j: 0 | 1 | 2): number =>
    (p[i] * q[j] - p[j] * q[i]) / determinant;
  const linear = [
    [inverse(b, c, 1, 2), inverse(c, a, 1, 2), inverse(a, b, 1, 2)],
    [inverse(b, c, 2, 0), inverse(c, a, 2, 0), inverse(a, b, 2, 0)],
    [inverse(b, c, 0, 1), inverse(c, a, 0, 1), inverse(a, b, 0, 1)],
  ] as const;
  const row = (r: readonly [number, number, number]): Row => [
    ...r,
    -(r[0] * a[3] + r[1] * b[3] + r[2] * c[3]),
  ];
  return [row(linear[0]), row(linear[1]), row(linear[2]), [0, 0, 0, 1]];
}

export function applyAffine(affine: Affine, [x, y, z]: Point): Point {
  const [a, b, c] = affine;
  return [
    a[0] * x + a[1] * y + a[2] * z + a[3],
    b[0] * x + b[1] * y + b[2] * z + b[3],
    c[0] * x + c[1] * y + c[2] * z + c[3],
  ];
}

/** Lengths of the three voxel steps in mm; never negative, whatever the handedness. */
export function spacingOf(affine: Affine): Point {
  const [a, b, c] = affine;
  return [Math.hypot(a[0], b[0], c[0]), Math.hypot(a[1], b[1], c[1]), Math.hypot(a[2], b[2], c[2])];
}

/** Whether the three axes stand at right angles to within `tolerance` (the cosine between any two), so that a rotation, spacings and an origin say it all. */
export function isOrthogonal(affine: Affine, tolerance = 1e-5): boolean {
  const spacing = spacingOf(affine);
  const cosine = (i: 0 | 1 | 2, j: 0 | 1 | 2): number =>
    (affine[0][i] * affine[0][j] + affine[1][i] * affine[1][j] + affine[2][i] * affine[2][j]) /
    (spacing[i] * spacing[j]);
  return [cosine(0, 1), cosine(0, 2), cosine(1, 2)].every((value) => Math.abs(value) <= tolerance);
}

/** Largest absolute difference between two affines, entry by entry. */
export function affineDistance(a: Affine, b: Affine): number {
  let largest = 0;
  for (const r of [0, 1, 2, 3] as const)
    for (const c of [0, 1, 2, 3] as const) largest = Math.max(largest, Math.abs(a[r][c] - b[r][c]));
  return largest;
}
