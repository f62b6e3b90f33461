/** @file The reference results that make-fixtures.py wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connectivity } from '../../src/imaging/components.ts';
import type { Affine } from '../../src/imaging/geometry/affine.ts';
import type { Interpolation } from '../../src/imaging/resample.ts';
import type { Dims } from '../../src/imaging/volume.ts';

type Spacing = readonly [number, number, number];

interface Reference {
  readonly orientation: readonly {
    readonly affine: Affine;
    readonly letters: string;
    /** Every voxel axis has a world axis of its own that it follows most closely. */
    readonly isClear: boolean;
    readonly canonicalDims: Dims;
    readonly canonicalAffine: Affine;
  }[];
  readonly resample: readonly {
    readonly name: string;
    readonly interpolation: Interpolation;
    readonly values: readonly number[];
    readonly sourceDims: Dims;
    readonly sourceAffine: Affine;
    readonly targetDims: Dims;
    readonly targetAffine: Affine;
    readonly expected: readonly number[];
  }[];
  readonly distance: readonly {
    readonly mask: readonly number[];
    readonly dims: Dims;
    readonly spacingMm: Spacing;
    readonly expected: readonly number[];
  }[];
  readonly components: readonly {
    readonly mask: readonly number[];
    readonly dims: Dims;
    readonly connectivity: Connectivity;
    readonly count: number;
    readonly labels: readonly number[];
  }[];
  readonly otsu: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly expected: number;
  }[];
  readonly hysteresis: readonly {
    readonly values: readonly number[];
    readonly dims: Dims;
    readonly low: number;
    readonly high: number;
    readonly expected: readonly number[];
  }[];
  readonly percentiles: {
    readonly values: readonly number[];
    readonly expected: readonly (readonly [number, number])[];
    readonly mean: number;
    readonly deviation: number;
  };
}

const path = join(import.meta.dirname, 'fixtures', 'arrays.json');

export const reference: Reference = JSON.parse(readFileSync(path, 'utf8'));

/** Largest absolute difference; infinite when lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
