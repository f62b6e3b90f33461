/** @file Maximum intensity projections: a volume as one picture a side. */
import type { Dims } from './volume.ts';

export interface Projection {
  readonly width: number;
  readonly height: number;
  /** [height, width], top row first. */
  readonly values: Float32Array;
  /** Size of a pixel, across and down. */
  readonly pixelMm: readonly [number, number];
}

/** Voxel axes that run across and down the picture, for each direction of sight. */
const pictureAxes = { x: [1, 2], y: [0, 2], z: [0, 1] } as const;

/**
 * The largest value along one voxel axis.
 * For a volume in RAS order the pictures are as radiologists expect them: seen along z from the feet and along y from the
 * front (patient's right on the left side, anterior or superior on top), along x with the face to the left.
 * To that end both picture axes run against their voxel axes. NaN is passed over; a line of NaN gives 0.
 *
 * values  `dims`, x fastest
 */
export function maximumProjection(
  values: ArrayLike<number>,
  dims: Dims,
  axis: 'x' | 'y' | 'z',
  spacingMm: readonly [number, number, number] = [1, 1, 1],
): Projection {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const [across, down] = pictureAxes[axis];
  const along = axis === 'x' ? 0 : axis === 'y' ? 1 : 2;
  const width = dims[across];
  const height = dims[down];
  const picture = new Float32Array(width * height).fill(Number.NEGATIVE_INFINITY);
  for (let depth = 0; depth < dims[along]; depth++) {
    let pixel = 0;
    for (let row = height - 1; row >= 0; row--) {
      const base = depth * strides[along] + row * strides[down];
      for (let column = width - 1; column >= 0; column--, pixel++) {
        const value = values[base + column * strides[across]]!;
        if (value > picture[pixel]!) picture[pixel] = value;
      }
    }
  }
  for (let i = 0; i < picture.length; i++) if (picture[i]! === Number.NEGATIVE_INFINITY) picture[i] = 0;
  return { width, height, values: picture, pixelMm: [spacingMm[across], spacingMm[down]] };
}
