/** @file Pictures as PNG bytes. The only door to fast-png. */
import { encode } from 'fast-png';
import { invariant } from '../base/errors.ts';

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width], top row first. */
  readonly values: ArrayLike<number>;
}

/**
 * A grey PNG: `low` becomes black, `high` white, values beyond are clipped, NaN is black. A window without width is black.
 *
 * depth  bits a pixel; 16 keeps fine differences for measuring on the picture
 */
export function encodeGreyPng(
  { width, height, values }: GreyPicture,
  { low, high, depth = 8 }: { low: number; high: number; depth?: 8 | 16 },
): Uint8Array {
  invariant(values.length === width * height, 'picture size does not match its values');
  const white = 2 ** depth - 1;
  const data = depth === 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const scale = high > low ? white / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const level = (values[i]! - low) * scale;
    data[i] = level > 0 ? Math.min(Math.round(level), white) : 0;
  }
  return encode({ width, height, data, depth, channels: 1 });
}

/** A colour PNG from [height, width, 3] bytes. */
export function encodeRgbPng({
  width,
  height,
  rgb,
}: {
  width: number;
  height: number;
  rgb: Uint8Array;
}): Uint8Array {
  invariant(rgb.length === width * height * 3, 'picture size does not match its colours');
  return encode({ width, height, data: rgb, depth: 8, channels: 3 });
}
