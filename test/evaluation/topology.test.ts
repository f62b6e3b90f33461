/** @file Betti numbers, Euler number and lengths: by hand and against scikit-image. */
import { describe, expect, it } from 'vitest';
import { bettiNumbers, eulerNumber } from '../../src/evaluation/topology/betti.ts';
import { measureParts, skeletonLengthMm } from '../../src/evaluation/topology/spanning-length.ts';
import type { Dims } from '../../src/imaging/volume.ts';
import { draw, fill, readFixture, unpack } from './shapes.ts';

interface Row {
  readonly dims: Dims;
  readonly bits: string;
  readonly euler?: number;
  readonly betti: readonly [number, number, number];
}

const { noise, skeletons } = readFixture<{ noise: readonly Row[]; skeletons: readonly Row[] }>('shapes');

describe('Betti numbers', () => {
  it('count one part and one loop in a ring', () => {
    expect(bettiNumbers(draw(['### #.# ###']))).toEqual({ b0: 1, b1: 1, b2: 0 });
    // Four voxels that touch by edges only.
    expect(bettiNumbers(draw(['.#. #.# .#.']))).toEqual({ b0: 1, b1: 1, b2: 0 });
  });

  it('count two parts in two balls', () => {
    const balls = fill([15, 7, 7], (x, y, z) => Math.hypot((x % 8) - 3, y - 3, z - 3) <= 2.5);
    expect(bettiNumbers(balls)).toEqual({ b0: 2, b1: 0, b2: 0 });
  });

  it('count one cavity in a shell, and none when a face is open', () => {
    const shell = fill([3, 3, 3], (x, y, z) => !(x === 1 && y === 1 && z === 1));
    expect(bettiNumbers(shell)).toEqual({ b0: 1, b1: 0, b2: 1 });
    const open = fill([3, 3, 3], (x, y, z) => !(x === 1 && y === 1 && z >= 1));
    expect(bettiNumbers(open)).toEqual({ b0: 1, b1: 0, b2: 0 });
    const tunnel = fill([3, 3, 3], (x, y) => !(x === 1 && y === 1));
    expect(bettiNumbers(tunnel)).toEqual({ b0: 1, b1: 1, b2: 0 });
  });

  it('count the pieces of a broken line', () => {
    expect(bettiNumbers(draw(['##.##.##']))).toEqual({ b0: 3, b1: 0, b2: 0 });
  });

  it('join corners, as the foreground is 26-connected', () => {
    expect(bettiNumbers(draw(['#. ..', '.. .#']))).toEqual({ b0: 1, b1: 0, b2: 0 });
  });

  it('are 0 for nothing', () => {
    expect(bettiNumbers(fill([3, 4, 5], () => false))).toEqual({ b0: 0, b1: 0, b2: 0 });
  });

  it.each([...noise, ...skeletons])('are those of scikit-image, $dims', ({ bits, dims, euler, betti }) => {
    const mask = unpack(bits, dims);
    const { b0, b1, b2 } = bettiNumbers(mask);
    expect([b0, b1, b2]).toEqual(betti);
    if (euler !== undefined) expect(eulerNumber(mask)).toBe(euler);
  });
});

describe('the length of a skeleton', () => {
  it('goes from centre to centre in millimetres', () => {
    expect(skeletonLengthMm(draw(['#####'], [0.5, 1, 1]))).toBe(2);
    expect(skeletonLengthMm(draw(['#.. .#. ..#'], [3, 4, 1]))).toBe(10);
  });

  it('counts the clump of voxels at a fork once', () => {
    // A T: five voxels across, two down; the voxel at the fork has diagonal neighbours, too.
    expect(skeletonLengthMm(draw(['##### ..#.. ..#..']))).toBe(6);
  });

  it('is kept apart for each part', () => {
    const { count, lengthMm } = measureParts(draw(['###..#.##']));
    expect(count).toBe(3);
    expect([...lengthMm]).toEqual([0, 2, 0, 1]);
  });
});
