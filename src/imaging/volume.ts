/** @file The volume: typed voxels plus their place in the world. Everything between a file and a patch is one of these. */
import { invariant } from '../base/errors.ts';
import type { Affine } from './geometry/affine.ts';

export type VoxelData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type VoxelType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export type Dims = readonly [number, number, number];

/**
 * A scalar volume or a series of them.
 *
 * data        stored values, x fastest, then y, z, time, component; value = stored · slope + intercept
 * dims        voxels along i, j, k
 * timePoints  1 for a plain volume
 * components  1 for scalars, 3 or 4 for colour, 2 for complex (real, imaginary), n for vector images
 */
export interface Volume {
  readonly data: VoxelData;
  readonly dtype: VoxelType;
  readonly dims: Dims;
  readonly timePoints: number;
  readonly components: number;
  /** Voxel edge lengths along i, j, k; always positive. */
  readonly spacingMm: readonly [number, number, number];
  /** Seconds between time points; 0 when there is one, or unknown. */
  readonly timeStepS: number;
  readonly rasFromIjk: Affine;
  readonly slope: number;
  readonly intercept: number;
  /** What several components mean; absent for scalars. */
  readonly componentKind?: ComponentKind | undefined;
  /** Name of the file format that it was read from, e.g. `NIfTI-1`; absent when it was computed. */
  readonly format?: string | undefined;
}

/** Colour: 3 (RGB) or 4 (RGBA) bytes. Complex: real, imaginary. Vector: anything else. */
export type ComponentKind = 'colour' | 'complex' | 'vector';

/** What a file says about its volume, without the voxels. */
export interface VolumeHeader extends Omit<Volume, 'data'> {
  readonly format: string;
}

/** A header and the first stored voxels, for a quick look. */
export interface VolumeStart {
  readonly header: VolumeHeader;
  readonly data: VoxelData;
}

export function voxelCount(dims: Dims): number {
  return dims[0] * dims[1] * dims[2];
}

/**
 * Scaled values of one time point and component as float32.
 * Returns a view of the stored data when that is float32 and unscaled (do not write to it), else a new array.
 */
export function valuesOf(volume: Volume, timePoint = 0, component = 0): Float32Array {
  const count = voxelCount(volume.dims);
  const start = (component * volume.timePoints + timePoint) * count;
  invariant(
    start + count <= volume.data.length,
    `time point ${timePoint}, component ${component} out of range`,
  );
  const { data, slope, intercept } = volume;
  if (data instanceof Float32Array && slope === 1 && intercept === 0)
    return data.subarray(start, start + count);
  const values = new Float32Array(count);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < count; i++) values[i] = Number(data[start + i]!) * slope + intercept;
  } else {
    for (let i = 0; i < count; i++) values[i] = data[start + i]! * slope + intercept;
  }
  return values;
}
