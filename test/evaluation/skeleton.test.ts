/** @file Thinning: topology kept on random shapes, and the same voxels as scikit-image. */
import { describe, expect, it } from 'vitest';
import { foregroundCount, type Mask } from '../../src/evaluation/mask.ts';
import { skeletonOf } from '../../src/evaluation/skeleton.ts';
import { bettiNumbers } from '../../src/evaluation/topology/betti.ts';
import type { Dims } from '../../src/imaging/volume.ts';
import { draw, fill, randomTubes, readFixture, unpack } from './shapes.ts';

interface Row {
  readonly dims: Dims;
  readonly bits: string;
  readonly skeleton: string;
  readonly keepsTopology: boolean;
}

const { skeletons } = readFixture<{ skeletons: readonly Row[] }>('shapes');

function expectSubset(skeleton: Mask, mask: Mask): void {
  expect(skeleton.data.findIndex((value, i) => value > mask.data[i]!)).toBe(-1);
}

describe('the skeleton', () => {
  it.each(
    skeletons.filter(({ keepsTopology }) => keepsTopology),
  )('has the voxels that scikit-image finds, $dims', ({ bits, dims, skeleton }) => {
    expect(skeletonOf(unpack(bits, dims)).data).toEqual(unpack(skeleton, dims).data);
  });

  it.each(
    skeletons.filter(({ keepsTopology }) => !keepsTopology),
  )('keeps the topology where scikit-image changes it, $dims', ({ bits, dims }) => {
    const mask = unpack(bits, dims);
    expect(bettiNumbers(skeletonOf(mask))).toEqual(bettiNumbers(mask));
  });

  it.each(
    Array.from({ length: 100 }, (_, seed) => seed),
  )('keeps parts, loops and cavities of random tubes, seed %i', (seed) => {
    const mask = randomTubes(seed);
    const skeleton = skeletonOf(mask);
    expectSubset(skeleton, mask);
    expect(foregroundCount(skeleton)).toBeLessThanOrEqual(foregroundCount(mask));
    expect(bettiNumbers(skeleton)).toEqual(bettiNumbers(mask));
  });

  it('does not change a skeleton', () => {
    for (let seed = 0; seed < 10; seed++) {
      const once = skeletonOf(randomTubes(seed));
      expect(skeletonOf(once).data).toEqual(once.data);
    }
  });

  it('is the middle line of a bar', () => {
    const bar = fill([9, 3, 3], () => true);
    const { data } = skeletonOf(bar);
    const rows = Array.from({ length: 9 }, (_, row) => data.subarray(row * 9, row * 9 + 9));
    expect(rows.map((row) => row.some((value) => value === 1))).toEqual([
      ...[false, false, false, false],
      true,
      ...[false, false, false, false],
    ]);
    // A tip voxel at either end, or one short of it.
    expect([...rows[4]!].join('')).toMatch(/^0?0?1{5,9}0?0?$/);
  });

  it('keeps a shell closed and a ring open', () => {
    const shell = fill([9, 9, 9], (x, y, z) => {
      const distance = Math.hypot(x - 4, y - 4, z - 4);
      return distance >= 2 && distance <= 4;
    });
    expect(bettiNumbers(skeletonOf(shell))).toEqual({ b0: 1, b1: 0, b2: 1 });
    const ring = draw(['.... .... .... ....', '#### #..# #..# ####', '#### #..# #..# ####']);
    expect(bettiNumbers(skeletonOf(ring))).toEqual({ b0: 1, b1: 1, b2: 0 });
  });

  it('leaves single voxels and nothing as they are', () => {
    const dot = draw(['... .#. ...']);
    expect(skeletonOf(dot).data).toEqual(dot.data);
    expect(skeletonOf(fill([1, 1, 1], () => true)).data).toEqual(Uint8Array.of(1));
    expect(foregroundCount(skeletonOf(fill([4, 3, 2], () => false)))).toBe(0);
  });
});
