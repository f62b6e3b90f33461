/** @file Patch sizes of 1-3 axes brought to three: [D, H, W] with leading ones, which leaves the order of bytes as it is. */
import { invariant } from '../base/errors.ts';

/** Sizes or indices along tensor axes, slowest first. */
export type Triple = readonly [number, number, number];

export function tripleOf(sizes: readonly number[]): Triple {
  invariant(sizes.length >= 1 && sizes.length <= 3, 'a patch has one to three axes');
  const [d = 1, h = 1, w = 1] = [...new Array<number>(3 - sizes.length).fill(1), ...sizes];
  return [d, h, w];
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
