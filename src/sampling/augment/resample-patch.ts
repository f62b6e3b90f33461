/** @file Cuts a patch through a spatial transform: values trilinear, classes by the nearest voxel, in one pass each. */
import { reflectIndex } from '../../imaging/tiles.ts';
import type { Box } from '../crop.ts';
import type { Triple } from '../patch-shape.ts';
import type { SpatialTransform } from './spatial.ts';

/** Receives a position in the patch and writes the source position into `out` (voxels, d h w). */
export type SourceOf = (d: number, h: number, w: number, out: Float64Array) => void;

/**
 * Source position of each place of the patch. Beyond the patch (needed for projections of the whole volume) the displacement
 * of its nearest voxel is used.
 */
export function sourcePositions({ start, size }: Box, transform: SpatialTransform): SourceOf {
  const { matrix, displacement } = transform;
  const middle = size.map((length) => (length - 1) / 2);
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = matrix as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const clampTo = (value: number, length: number) => Math.min(length - 1, Math.max(0, value));
  return (d, h, w, out) => {
    const x = d - middle[0]!;
    const y = h - middle[1]!;
    const z = w - middle[2]!;
    out[0] = start[0] + middle[0]! + m0 * x + m1 * y + m2 * z;
    out[1] = start[1] + middle[1]! + m3 * x + m4 * y + m5 * z;
    out[2] = start[2] + middle[2]! + m6 * x + m7 * y + m8 * z;
    if (displacement === null) return;
    const at = (clampTo(d, size[0]) * size[1] + clampTo(h, size[1])) * size[2] + clampTo(w, size[2]);
    out[0] += displacement[0]![at]!;
    out[1] += displacement[1]![at]!;
    out[2] += displacement[2]![at]!;
  };
}

/** Trilinear values at the source positions into `out` [D, H, W]; positions beyond the volume are reflected. */
export function resampleLinear(
  values: Float32Array,
  shape: Triple,
  { size, source }: { size: Triple; source: SourceOf },
  out: Float32Array,
): void {
  const at = new Float64Array(3);
  let position = 0;
  for (let d = 0; d < size[0]; d++)
    for (let h = 0; h < size[1]; h++)
      for (let w = 0; w < size[2]; w++) {
        source(d, h, w, at);
        out[position++] = linearAt(values, shape, at);
      }
}

function linearAt(values: Float32Array, shape: Triple, at: Float64Array): number {
  const d = Math.floor(at[0]!);
  const h = Math.floor(at[1]!);
  const w = Math.floor(at[2]!);
  const fd = at[0]! - d;
  const fh = at[1]! - h;
  const fw = at[2]! - w;
  const w0 = reflectIndex(w, shape[2]);
  const w1 = reflectIndex(w + 1, shape[2]);
  let sum = 0;
  for (let corner = 0; corner < 4; corner++) {
    const high = corner >> 1;
    const far = corner & 1;
    const weight = (high ? fd : 1 - fd) * (far ? fh : 1 - fh);
    if (weight === 0) continue;
    const row = (reflectIndex(d + high, shape[0]) * shape[1] + reflectIndex(h + far, shape[1])) * shape[2];
    sum += weight * (values[row + w0]! * (1 - fw) + values[row + w1]! * fw);
  }
  return sum;
}

/** Class of the nearest voxel at the source positions into `out` [D, H, W]; positions beyond the volume are reflected. */
export function resampleNearest(
  values: Uint8Array,
  shape: Triple,
  { size, source }: { size: Triple; source: SourceOf },
  out: Float32Array,
): void {
  const at = new Float64Array(3);
  let position = 0;
  for (let d = 0; d < size[0]; d++)
    for (let h = 0; h < size[1]; h++)
      for (let w = 0; w < size[2]; w++) {
        source(d, h, w, at);
        const sd = reflectIndex(Math.round(at[0]!), shape[0]);
        const sh = reflectIndex(Math.round(at[1]!), shape[1]);
        const sw = reflectIndex(Math.round(at[2]!), shape[2]);
        out[position++] = values[(sd * shape[1] + sh) * shape[2] + sw]!;
      }
}
