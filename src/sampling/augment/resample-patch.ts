/** @file Cuts a patch through a spatial transform: values trilinear, classes by the nearest voxel, in one pass each. */
import { reflectIndex } from '../../imaging/tiles.ts';
import type { Box } from '../crop.ts';
import { product, type Triple } from '../patch-shape.ts';
import type { SpatialTransform } from './spatial.ts';

/** Receives a position in the patch and writes the source position into `out` (voxels, d h w). */
export type SourceOf = (d: number, h: number, w: number, out: Float64Array) => void;

/**
 * Source position of each place of the patch. Beyond the patch (needed for projections of the whole volume) the displacement
 * of its nearest voxel is used.
 */
export function sourceThrough({ start, size }: Box, transform: SpatialTransform): SourceOf {
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

/** Source positions (d, h, w) of all places of a patch, in C order: found once, used for each channel and the label. */
export function positionsOf(size: Triple, source: SourceOf): Float64Array {
  const positions = new Float64Array(3 * product(size));
  const at = new Float64Array(3);
  let place = 0;
  for (let d = 0; d < size[0]; d++)
    for (let h = 0; h < size[1]; h++)
      for (let w = 0; w < size[2]; w++, place += 3) {
        source(d, h, w, at);
        positions[place] = at[0]!;
        positions[place + 1] = at[1]!;
        positions[place + 2] = at[2]!;
      }
  return positions;
}

/** Trilinear values at the source positions into `out`; positions beyond the volume are reflected. */
export function resampleLinear(
  values: Float32Array,
  shape: Triple,
  positions: Float64Array,
  out: Float32Array,
): void {
  const [depth, height, width] = shape;
  const plane = height * width;
  for (let i = 0, place = 0; i < out.length; i++, place += 3) {
    const d = Math.floor(positions[place]!);
    const h = Math.floor(positions[place + 1]!);
    const w = Math.floor(positions[place + 2]!);
    const fd = positions[place]! - d;
    const fh = positions[place + 1]! - h;
    const fw = positions[place + 2]! - w;
    const isInside = d >= 0 && h >= 0 && w >= 0 && d < depth - 1 && h < height - 1 && w < width - 1;
    const at = isInside ? d * plane + h * width + w : 0;
    // Nearly all places are inside, where the eight corners need no folding.
    out[i] = isInside
      ? mix(
          mix(
            mix(values[at]!, values[at + 1]!, fw),
            mix(values[at + width]!, values[at + width + 1]!, fw),
            fh,
          ),
          mix(
            mix(values[at + plane]!, values[at + plane + 1]!, fw),
            mix(values[at + plane + width]!, values[at + plane + width + 1]!, fw),
            fh,
          ),
          fd,
        )
      : reflectedAt(values, shape, [d, h, w], [fd, fh, fw]);
  }
}

function mix(a: number, b: number, share: number): number {
  return a * (1 - share) + b * share;
}

function reflectedAt(values: Float32Array, shape: Triple, low: Triple, share: Triple): number {
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    let at = 0;
    for (const axis of [0, 1, 2] as const) {
      const high = (corner >> axis) & 1;
      weight *= high ? share[axis] : 1 - share[axis];
      at = at * shape[axis] + reflectIndex(low[axis] + high, shape[axis]);
    }
    if (weight > 0) sum += weight * values[at]!;
  }
  return sum;
}

/** Class of the nearest voxel at the source positions into `out`; positions beyond the volume are reflected. */
export function resampleNearest(
  values: Uint8Array,
  shape: Triple,
  positions: Float64Array,
  out: Float32Array,
): void {
  for (let i = 0, place = 0; i < out.length; i++, place += 3) {
    const d = nearestIndex(positions[place]!, shape[0]);
    const h = nearestIndex(positions[place + 1]!, shape[1]);
    const w = nearestIndex(positions[place + 2]!, shape[2]);
    out[i] = values[(d * shape[1] + h) * shape[2] + w]!;
  }
}

function nearestIndex(position: number, size: number): number {
  const index = Math.round(position);
  return index >= 0 && index < size ? index : reflectIndex(index, size);
}
