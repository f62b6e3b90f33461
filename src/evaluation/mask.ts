/** @file The binary mask: what every metric compares. A label map gives one mask a label. */
import { invariant } from '../base/errors.ts';
import { type Dims, type Volume, valuesOf, voxelCount } from '../imaging/volume.ts';

export interface Mask {
  /** 0 or 1, x fastest. */
  readonly data: Uint8Array;
  readonly dims: Dims;
  /** Voxel edge lengths along i, j, k. */
  readonly spacingMm: readonly [number, number, number];
}

/**
 * 1 where the first time point of `volume` has the value `label`; without a label, where it is neither 0 nor NaN.
 * Always a new array.
 */
export function maskOf(volume: Volume, label?: number): Mask {
  const values = valuesOf(volume);
  const data = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isInside = label === undefined ? value !== 0 && !Number.isNaN(value) : value === label;
    data[i] = isInside ? 1 : 0;
  }
  return { data, dims: volume.dims, spacingMm: volume.spacingMm };
}

/** The whole numbers above 0 that occur in the first time point of any of the volumes, smallest first. */
export function labelsOf(...volumes: readonly Volume[]): number[] {
  const found = new Set<number>();
  for (const volume of volumes) for (const value of valuesOf(volume)) if (value !== 0) found.add(value);
  return [...found].filter((value) => Number.isInteger(value) && value > 0).sort((a, b) => a - b);
}

export function foregroundCount(mask: Mask): number {
  let count = 0;
  for (const value of mask.data) count += value;
  return count;
}

/** First and one past the last voxel of a region along each axis. */
export interface Box {
  readonly from: Dims;
  readonly to: Dims;
}

/**
 * The smallest box that holds the foreground of both masks, wider by one voxel on each side where there is room,
 * so that a crop to it keeps shape, topology and distances. Undefined when both are empty.
 */
export function boxAround(a: Mask, b: Mask): Box | undefined {
  invariant(a.data.length === voxelCount(a.dims) && b.data.length === a.data.length, 'masks of one size');
  const [nx, ny, nz] = a.dims;
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        if ((a.data[at]! | b.data[at]!) === 0) continue;
        if (x < low[0]!) low[0] = x;
        if (x > high[0]!) high[0] = x;
        if (y < low[1]!) low[1] = y;
        if (y > high[1]!) high[1] = y;
        if (z < low[2]!) low[2] = z;
        high[2] = z;
      }
    }
  }
  if (high[0] === -1) return undefined;
  const from = low.map((value) => Math.max(0, value - 1));
  const to = high.map((value, axis) => Math.min(a.dims[axis]!, value + 2));
  return { from: [from[0]!, from[1]!, from[2]!], to: [to[0]!, to[1]!, to[2]!] };
}

export function cropMask(mask: Mask, { from, to }: Box): Mask {
  const dims: Dims = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const data = new Uint8Array(voxelCount(dims));
  for (let z = 0, at = 0; z < dims[2]; z++) {
    for (let y = 0; y < dims[1]; y++, at += dims[0]) {
      const start = ((z + from[2]) * mask.dims[1] + y + from[1]) * mask.dims[0] + from[0];
      data.set(mask.data.subarray(start, start + dims[0]), at);
    }
  }
  return { data, dims, spacingMm: mask.spacingMm };
}

/** The mask with one voxel of background on every side: neighbours can then be read without looking at borders. */
export function padMask(mask: Mask): Mask {
  const [nx, ny, nz] = mask.dims;
  const dims: Dims = [nx + 2, ny + 2, nz + 2];
  const data = new Uint8Array(voxelCount(dims));
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = (z * ny + y) * nx;
      data.set(mask.data.subarray(row, row + nx), ((z + 1) * dims[1] + y + 1) * dims[0] + 1);
    }
  }
  return { data, dims, spacingMm: mask.spacingMm };
}

/** 1 where both are. */
export function intersectMasks(a: Mask, b: Mask): Mask {
  return { ...a, data: a.data.map((value, i) => value & b.data[i]!) };
}

/** 1 where the first is and the second is not. */
export function subtractMask(a: Mask, b: Mask): Mask {
  return { ...a, data: a.data.map((value, i) => value & (1 - b.data[i]!)) };
}
