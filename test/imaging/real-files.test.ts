/** @file Every NIfTI file of the shared test data, against what nibabel says about it. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Affine, affineDistance, applyAffine, invertAffine } from '../../src/imaging/geometry/affine.ts';
import { describeVolume, rangeOf } from '../../src/imaging/info.ts';
import { readVolume } from '../../src/imaging/node/open.ts';
import { toRasVolume } from '../../src/imaging/reorient.ts';
import { type Volume, valuesOf } from '../../src/imaging/volume.ts';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';

interface Expected {
  readonly kind?: string;
  readonly shape: readonly number[];
  readonly affine: Affine;
  readonly axcodes: string;
  readonly dtype: string;
  readonly scaled: {
    readonly complex?: boolean;
    readonly channels?: number;
    readonly min?: number;
    readonly max?: number;
    readonly mean?: number;
    readonly abs_min?: number;
    readonly abs_max?: number;
    readonly abs_mean?: number;
  };
}

const expected: Record<string, Expected> = hasTestData
  ? JSON.parse(readFileSync(testData('expected.json'), 'utf8'))
  : {};

const refused: Record<string, string> = {
  Spm2AnalyzeImage: 'ANALYZE_UNSUPPORTED',
  'CIFTI-2': 'NIFTI_IS_CIFTI',
  MGHImage: 'VOLUME_FORMAT_UNKNOWN',
  Minc2Image: 'VOLUME_FORMAT_UNKNOWN',
  PARRECImage: 'VOLUME_FORMAT_UNKNOWN',
  undefined: 'VOLUME_FORMAT_UNKNOWN',
};

const files = Object.entries(expected).filter(([path]) => path.startsWith('nifti/'));
const readable = files.filter(([, { kind }]) => kind?.startsWith('Nifti'));

describe.skipIf(!hasTestData)(hasTestData ? 'real files' : `real files: ${withoutTestData}`, () => {
  it.each(readable)('%s agrees with nibabel', async (path, file) => {
    const volume = await readVolume(testData(path));
    const info = describeVolume(volume);
    const [x, y = 1, z = 1, t = 1, vector = 1] = file.shape;
    expect([...info.dims, info.timePoints]).toEqual([x, y, z, t]);
    expect(info.components).toBe(vector * (file.scaled.channels ?? (file.scaled.complex ? 2 : 1)));
    expect(affineDistance(info.affine, file.affine)).toBeLessThan(1e-5);
    expect(info.orientation).toBe(file.axcodes);
    for (const axis of [0, 1, 2] as const) {
      const length = Math.hypot(file.affine[0][axis], file.affine[1][axis], file.affine[2][axis]);
      expect(info.spacingMm[axis]).toBeCloseTo(length, 5);
    }
    const { min, max, mean, abs_min, abs_max, abs_mean } = file.scaled;
    const scale = Math.max(Math.abs(info.min!), Math.abs(info.max!), 1e-12);
    expect(Math.abs(info.min! - (min ?? abs_min)!) / scale).toBeLessThan(1e-6);
    expect(Math.abs(info.max! - (max ?? abs_max)!) / scale).toBeLessThan(1e-6);
    expect(Math.abs(info.mean! - (mean ?? abs_mean)!) / scale).toBeLessThan(1e-6);
  });

  const others = files.filter(([, { kind }]) => !kind?.startsWith('Nifti'));
  it.each(others)('%s is refused for what it is', async (path, { kind }) => {
    const error = { code: refused[String(kind)], file: expect.stringContaining('nifti/') };
    await expect(readVolume(testData(path))).rejects.toMatchObject(error);
  });

  it('shows the same world image for every orientation of the same brain', async () => {
    const paths = globSync(testData('nifti/orient/*.nii.gz')).sort();
    expect(paths.length).toBe(16);
    const reference = toRasVolume(await readVolume(testData('nifti/orient/RAS.nii.gz')));
    for (const path of paths) {
      const turned = toRasVolume(await readVolume(path));
      expect(turned.dims, path).toEqual(reference.dims);
      expect(differenceInWorld(turned, reference), path).toBe(0);
    }
  });

  it('gives NaN, infinite and empty voxels no say in minimum, maximum and mean', async () => {
    const withInfinity = await readVolume(testData('nifti/odd/mtr_with_inf.nii.gz'));
    expect(Object.values(rangeOf(withInfinity)).every(Number.isFinite)).toBe(true);
    const allNaN = await readVolume(testData('malformed/nifti/60_all_nan_float32.nii'));
    expect(rangeOf(allNaN)).toEqual({ min: null, max: null, mean: null });
  });
});

/** Largest difference between one volume's voxels and the other's values at the same millimetres. */
function differenceInWorld(volume: Volume, reference: Volume): number {
  const values = valuesOf(volume);
  const others = valuesOf(reference);
  const indexOf = invertAffine(reference.rasFromIjk);
  let largest = 0;
  for (let k = 0; k < volume.dims[2]; k += 3) {
    for (let j = 0; j < volume.dims[1]; j += 3) {
      for (let i = 0; i < volume.dims[0]; i += 3) {
        const [x, y, z] = applyAffine(indexOf, applyAffine(volume.rasFromIjk, [i, j, k])).map(Math.round);
        const here = values[(k * volume.dims[1] + j) * volume.dims[0] + i]!;
        const there = others[(z! * reference.dims[1] + y!) * reference.dims[0] + x!]!;
        largest = Math.max(largest, Math.abs(here - there));
      }
    }
  }
  return largest;
}
