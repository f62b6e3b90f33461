/** @file 4×4 affines between voxel indices (ijk) and world millimetres (RAS+). Row-major, as nibabel prints them. */

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
