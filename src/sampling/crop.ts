/** @file Cuts patches out of volumes, reflecting the borders where the patch reaches beyond. */
import { reflectIndex } from '../imaging/tiles.ts';
import { product, type Triple } from './patch-shape.ts';

export interface Box {
  readonly start: Triple;
  readonly size: Triple;
}

/**
 * Copies a box of a tensor [D, H, W] into `out` (length of the box, C order). Indices beyond the tensor are reflected.
 * `values` and `out` may be of different number types; class indices become floats unchanged.
 */
export function cropInto(
  values: Float32Array | Uint8Array,
  shape: Triple,
  { start, size }: Box,
  out: Float32Array,
): void {
  const columns = Int32Array.from({ length: size[2] }, (_, w) => reflectIndex(start[2] + w, shape[2]));
  const contiguous = start[2] >= 0 && start[2] + size[2] <= shape[2];
  let position = 0;
  for (let d = 0; d < size[0]; d++) {
    const slab = reflectIndex(start[0] + d, shape[0]) * shape[1];
    for (let h = 0; h < size[1]; h++, position += size[2]) {
      const row = (slab + reflectIndex(start[1] + h, shape[1])) * shape[2];
      if (contiguous) out.set(values.subarray(row + start[2], row + start[2] + size[2]), position);
      else for (let w = 0; w < size[2]; w++) out[position + w] = values[row + columns[w]!]!;
    }
  }
}

/** Reverses the listed axes of a patch in place. */
export function flipAxes(values: Float32Array, size: Triple, axes: readonly number[]): void {
  for (const axis of axes) {
    const length = size[axis]!;
    const inner = product(size.slice(axis + 1));
    const outer = values.length / (length * inner);
    for (let o = 0; o < outer; o++) {
      for (let low = 0, high = length - 1; low < high; low++, high--)
        swapRows(values, (o * length + low) * inner, (o * length + high) * inner, inner);
    }
  }
}

function swapRows(values: Float32Array, a: number, b: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const kept = values[a + i]!;
    values[a + i] = values[b + i]!;
    values[b + i] = kept;
  }
}
