/** @file A subject as the sampler sees it: prepared channels and class maps in memory that all threads share. */
import { invariant } from '../base/errors.ts';
import type { Dims } from '../imaging/volume.ts';
import type { Recipe } from '../recipe/recipe.ts';

export interface PreparedSubject {
  /** File stem, never a person's name. */
  readonly id: string;
  /** Voxels along i, j, k; as a tensor the same bytes are [dims[2], dims[1], dims[0]]. */
  readonly dims: Dims;
  readonly spacingMm: readonly [number, number, number];
  /** Prepared values, x fastest, one array per image channel. */
  readonly channels: readonly Float32Array[];
  /** Alternative label maps (one per rater to learn from): class index 0 … classes per voxel. */
  readonly labels: readonly Uint8Array[];
  /** `foreground[label][class − 1]`: ascending voxel indices of that class. */
  readonly foreground: readonly (readonly Uint32Array[])[];
}

/** A zeroed array in memory that worker threads can read without a copy. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** Label values of each class, in class order: its own and those that count as it. */
export type ClassValues = readonly (readonly number[])[];

export function classValuesOf({ classes }: Pick<Recipe, 'classes'>): ClassValues {
  return classes.map(({ value, mergedValues = [] }) => [value, ...mergedValues]);
}

/**
 * Class index of each voxel: i + 1 for a value of `classValues[i]`, 0 for anything else. Label values are rounded first, since
 * some tools write them as scaled floats.
 */
export function classMap(values: ArrayLike<number>, classValues: ClassValues): Uint8Array {
  invariant(classValues.length < 256, 'a class map holds at most 255 classes');
  const classOf = new Map(
    classValues.flatMap((merged, index) => merged.map((value) => [value, index + 1] as const)),
  );
  const map = new Uint8Array(new SharedArrayBuffer(values.length));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== 0) map[i] = classOf.get(Math.round(value)) ?? 0;
  }
  return map;
}

/** For each class, the ascending indices of its voxels, in shared memory. */
export function foregroundLists(map: Uint8Array, classCount: number): Uint32Array[] {
  const counts = new Array<number>(classCount + 1).fill(0);
  for (let i = 0; i < map.length; i++) counts[map[i]!]!++;
  const lists = counts
    .slice(1)
    .map((count) => new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT)));
  const filled = new Array<number>(classCount).fill(0);
  for (let i = 0; i < map.length; i++) {
    const index = map[i]! - 1;
    if (index >= 0) lists[index]![filled[index]!++] = i;
  }
  return lists;
}
