/** @file Patch sizes of 1-3 axes brought to three: [D, H, W] with leading ones, which leaves the order of bytes as it is. */
import { invariant } from '../base/errors.ts';
import type { Dims } from '../imaging/volume.ts';

/** Sizes or indices along tensor axes, slowest first. */
export type Triple = readonly [number, number, number];

export function tripleOf(sizes: readonly number[]): Triple {
  invariant(sizes.length >= 1 && sizes.length <= 3, 'a patch has one to three axes');
  const [d = 1, h = 1, w = 1] = [...new Array<number>(3 - sizes.length).fill(1), ...sizes];
  return [d, h, w];
}

/** Tensor shape [D, H, W] of a volume with dims (i, j, k). */
export function tensorShape(dims: Dims): Triple {
  return [dims[2], dims[1], dims[0]];
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Index folded into 0 … size − 1 by reflection that does not repeat the border: −1 → 1, size → size − 2. */
export function reflect(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((index % period) + period) % period;
  return folded < size ? folded : period - folded;
}
