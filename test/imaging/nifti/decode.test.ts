/** @file Small files written by nibabel, read by us, compared with what nibabel reads back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Affine, affineDistance } from '../../../src/imaging/geometry/affine.ts';
import { orientationLetters } from '../../../src/imaging/geometry/orientation.ts';
import { readHeader, readVolume } from '../../../src/imaging/node/open.ts';
import type { Volume } from '../../../src/imaging/volume.ts';

interface Expected {
  readonly shape: readonly number[];
  readonly affine: Affine;
  readonly letters: string;
  /** Scaled, first axis fastest, components last. */
  readonly values: readonly number[];
  readonly timeStepS?: number;
  readonly mmPerUnit?: number;
}

const folder = join(import.meta.dirname, 'fixtures');
const files: Record<string, Expected> = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

function scaledValues({ data, slope, intercept }: Volume): number[] {
  return Array.from(data as ArrayLike<number | bigint>, (stored) => Number(stored) * slope + intercept);
}

function scaledAffine(affine: Affine, factor: number): Affine {
  return affine.map((row, n) => (n < 3 ? row.map((entry) => entry * factor) : row)) as unknown as Affine;
}

describe.each(Object.entries(files))('%s', (name, expected) => {
  const path = join(folder, name);

  it('has the same voxels, place and orientation as in nibabel', async () => {
    const volume = await readVolume(path);
    const [x, y = 1, z = 1, t = 1] = expected.shape;
    expect([...volume.dims, volume.timePoints]).toEqual([x, y, z, t]);
    const affine = scaledAffine(expected.affine, expected.mmPerUnit ?? 1);
    const size = Math.max(...affine.flat().map(Math.abs));
    expect(affineDistance(volume.rasFromIjk, affine)).toBeLessThan(1e-6 * size);
    expect(orientationLetters(volume.rasFromIjk)).toBe(expected.letters);
    expect(scaledValues(volume)).toEqual(expected.values);
    expect(volume.timeStepS).toBeCloseTo(expected.timeStepS ?? 0, 9);
  });

  it('has the same header when only that is read', async () => {
    const { data: _, ...fields } = await readVolume(path);
    expect(await readHeader(path)).toEqual(fields);
  });
});

it('tells apart colours, complex numbers and vectors', async () => {
  const kinds = await Promise.all(
    ['rgb24.nii', 'complex64-be.nii', 'vector.nii', 'int16-le.nii'].map(async (name) => {
      const { components, componentKind } = await readHeader(join(folder, name));
      return [components, componentKind];
    }),
  );
  expect(kinds).toEqual([
    [3, 'colour'],
    [2, 'complex'],
    [3, 'vector'],
    [1, undefined],
  ]);
});

it('reads a pair from its .img as from its .hdr', async () => {
  const [fromHeader, fromImage] = await Promise.all([
    readVolume(join(folder, 'pair.hdr')),
    readVolume(join(folder, 'pair.img')),
  ]);
  expect(fromImage).toEqual(fromHeader);
});
