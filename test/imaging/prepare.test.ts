/** @file What prepare does, restore undoes: a map comes back on exactly the grid of the file. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { type Affine, applyAffine, spacingOf } from '../../src/imaging/geometry/affine.ts';
import { orientationLetters } from '../../src/imaging/geometry/orientation.ts';
import { type Preparation, prepare, prepareLabels, restore } from '../../src/imaging/prepare.ts';
import { type Dims, type Volume, voxelCount } from '../../src/imaging/volume.ts';
import { largestDifference, reference } from './reference.ts';

const plain: Preparation = { orientation: 'RAS', spacingMm: null, normalisation: { kind: 'none' } };

function volumeOf(
  rasFromIjk: Affine,
  dims: Dims,
  valueAt: (x: number, y: number, z: number) => number,
): Volume {
  const data = new Float32Array(voxelCount(dims));
  let at = 0;
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++) data[at++] = valueAt(...applyAffine(rasFromIjk, [i, j, k]));
  return {
    data,
    dtype: 'float32',
    dims,
    timePoints: 1,
    components: 1,
    spacingMm: spacingOf(rasFromIjk),
    timeStepS: 0,
    rasFromIjk,
    slope: 1,
    intercept: 0,
  };
}

const random = new Random(5, 'prepare');
const noise = () => random.normal(100, 20);

describe('prepare and restore', () => {
  it('without resampling every value comes back unchanged, whatever the orientation', () => {
    for (const { affine, isClear } of reference.orientation) {
      const volume = volumeOf(affine, [4, 5, 6], noise);
      const prepared = prepare(volume, plain);
      if (isClear) expect(orientationLetters(prepared.rasFromIjk)).toBe('RAS');
      expect(restore(prepared.values, prepared.applied)).toEqual(volume.data);
    }
  });

  it('shows a network the same picture however the file is stored', () => {
    const brightness = (x: number, y: number, z: number) => 3 * x + 5 * y - 2 * z;
    const stored: Affine[] = [
      [
        [0, 0, 1, -4],
        [-1, 0, 0, 6],
        [0, 1, 0, 2],
        [0, 0, 0, 1],
      ],
      [
        [1, 0, 0, -4],
        [0, 1, 0, 1],
        [0, 0, 1, 2],
        [0, 0, 0, 1],
      ],
    ];
    const [a, b] = [volumeOf(stored[0]!, [6, 4, 5], brightness), volumeOf(stored[1]!, [5, 6, 4], brightness)];
    const [preparedA, preparedB] = [prepare(a, plain), prepare(b, plain)];
    expect(preparedA.dims).toEqual(preparedB.dims);
    expect(preparedA.values).toEqual(preparedB.values);
  });

  it('with resampling a smooth map returns on the grid of the file, close to itself', () => {
    const affine = reference.orientation[3]!.affine;
    const smooth = (x: number, y: number, z: number) => Math.sin(x / 9) + Math.cos(y / 11) + Math.sin(z / 8);
    const volume = volumeOf(affine, [24, 22, 26], smooth);
    const spacing = Math.min(...volume.spacingMm) * 0.8;
    const prepared = prepare(volume, { ...plain, spacingMm: [spacing, spacing, spacing] });
    expect(prepared.spacingMm.map((s) => Number(s.toFixed(9)))).toEqual(
      new Array(3).fill(Number(spacing.toFixed(9))),
    );
    const back = restore(prepared.values, prepared.applied);
    expect(back.length).toBe(volume.data.length);
    expect(largestDifference(back, volume.data as Float32Array)).toBeLessThan(0.05);
  });

  it('labels keep their values, and return mostly where they were', () => {
    const affine = reference.orientation[4]!.affine;
    const [cx, cy, cz] = applyAffine(affine, [10, 10, 10]);
    const reach = Math.max(...spacingOf(affine)) * 5;
    const ball = (x: number, y: number, z: number) => (Math.hypot(x - cx, y - cy, z - cz) < reach ? 3 : 0);
    const volume = volumeOf(affine, [20, 21, 22], ball);
    const spacing = Math.min(...volume.spacingMm) * 0.9;
    const prepared = prepareLabels(volume, { ...plain, spacingMm: [spacing, spacing, spacing] });
    expect(new Set(prepared.values)).toEqual(new Set([0, 3]));
    const back = restore(prepared.values, prepared.applied, 'nearest');
    const same = back.reduce((count, value, i) => count + (value === volume.data[i] ? 1 : 0), 0);
    expect(same / back.length).toBeGreaterThan(0.97);
  });

  it('what was applied survives being stored as JSON', () => {
    const volume = volumeOf(reference.orientation[7]!.affine, [7, 8, 9], noise);
    const prepared = prepare(volume, { ...plain, spacingMm: [1, 1, 1], normalisation: { kind: 'zScore' } });
    const stored = JSON.parse(JSON.stringify(prepared.applied));
    expect(restore(prepared.values, stored)).toEqual(restore(prepared.values, prepared.applied));
  });

  it('voxels that are not numbers become what normalisation turns into 0, and do not spread', () => {
    const volume = volumeOf(reference.orientation[0]!.affine, [6, 6, 6], noise);
    (volume.data as Float32Array).set([Number.NaN, Number.POSITIVE_INFINITY]);
    const { values } = prepare(volume, {
      ...plain,
      spacingMm: [0.5, 0.5, 0.5],
      normalisation: { kind: 'minMax' },
    });
    expect(values.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true);
  });
});
