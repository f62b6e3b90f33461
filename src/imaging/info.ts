/** @file What `sagitta info` says about a volume. */
import type { Affine } from './geometry/affine.ts';
import { orientationLetters } from './geometry/orientation.ts';
import type { Dims, Volume, VoxelType } from './volume.ts';

export interface VolumeDescription {
  /** Of the file; `none` for a volume that was computed. */
  readonly format: string;
  readonly dims: Dims;
  readonly spacingMm: readonly [number, number, number];
  /** 4×4, RAS+ millimetres from voxel indices. */
  readonly affine: Affine;
  readonly dtype: VoxelType;
  /** Where i, j, k point to, e.g. `LPS`. */
  readonly orientation: string;
  readonly timePoints: number;
  readonly components: number;
  /** Of the finite scaled values over all time points and components; of magnitudes for complex. Null when there is none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

export function describeVolume(volume: Volume): VolumeDescription {
  const { format, dims, spacingMm, rasFromIjk, dtype, timePoints, components } = volume;
  return {
    format: format ?? 'none',
    dims,
    spacingMm,
    affine: rasFromIjk,
    dtype,
    orientation: orientationLetters(rasFromIjk),
    timePoints,
    components,
    ...rangeOf(volume),
  };
}

interface Range {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Smallest, largest and mean of the finite scaled values. */
export function rangeOf(volume: Volume): Range {
  const { data, slope, intercept, componentKind } = volume;
  const isComplex = componentKind === 'complex';
  const stored = isComplex ? magnitudes(data as Float32Array | Float64Array) : data;
  const { least, most, sum, count } =
    stored instanceof BigInt64Array || stored instanceof BigUint64Array ? scanBig(stored) : scan(stored);
  if (count === 0) return { min: null, max: null, mean: null };
  const scale = isComplex ? Math.abs(slope) : slope;
  const ends = [least * scale + intercept, most * scale + intercept] as const;
  return { min: Math.min(...ends), max: Math.max(...ends), mean: (sum / count) * scale + intercept };
}

function magnitudes(data: Float32Array | Float64Array): Float64Array {
  const count = data.length / 2;
  const result = new Float64Array(count);
  for (let i = 0; i < count; i++) result[i] = Math.hypot(data[i]!, data[count + i]!);
  return result;
}

type Summary = { least: number; most: number; sum: number; count: number };

function scan(data: Exclude<Volume['data'], BigInt64Array | BigUint64Array>): Summary {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    // False for NaN and both infinities.
    if (value - value !== 0) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    count++;
  }
  return { least, most, sum, count };
}

function scanBig(data: BigInt64Array | BigUint64Array): Summary {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]!);
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  return { least, most, sum, count: data.length };
}
