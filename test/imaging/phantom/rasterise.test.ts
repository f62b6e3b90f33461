import { describe, expect, it } from 'vitest';
import { rasterise } from '../../../src/imaging/phantom/rasterise.ts';
import type { Branch } from '../../../src/imaging/phantom/vessel-tree.ts';

const line: Branch = {
  id: 0,
  parent: -1,
  points: [
    [8.1, 16.13, 15.87],
    [24.1, 16.13, 15.87],
  ],
  radii: [4, 4],
  pathology: [],
};
/** Cylinder and two half balls. */
const lineVolume = Math.PI * 16 * 16 + (4 / 3) * Math.PI * 64;
const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);

describe('rasterising', () => {
  it('fills a straight capsule with its volume', () => {
    const { fraction } = rasterise([line], [32, 32, 32], [1, 1, 1]);
    expect(sumOf(fraction) / lineVolume).toBeCloseTo(1, 2);
  });

  it('gives the same volume on a grid with thick slices', () => {
    const { fraction } = rasterise([line], [32, 32, 16], [1, 1, 2]);
    expect((2 * sumOf(fraction)) / lineVolume).toBeCloseTo(1, 1);
  });

  it('counts where vessels overlap once, and keeps the wider radius and its branch', () => {
    const thin: Branch = { ...line, id: 1, radii: [2, 2] };
    const both = rasterise([thin, line], [32, 32, 32], [1, 1, 1]);
    const alone = rasterise([line], [32, 32, 32], [1, 1, 1]);
    expect(both.fraction).toEqual(alone.fraction);
    const middle = 16 + 32 * (16 + 32 * 16);
    expect([both.fraction[middle], both.radius[middle], both.branch[middle]]).toEqual([1, 4, 0]);
  });

  it('hangs an aneurysm beside its vessel', () => {
    const bulge = { kind: 'aneurysm', pointIndex: 0, radius: 3, centre: [16, 24, 16] } as const;
    const { fraction } = rasterise([{ ...line, pathology: [bulge] }], [32, 32, 32], [1, 1, 1]);
    expect(fraction[16 + 32 * (26 + 32 * 16)]).toBe(1);
    expect(fraction[16 + 32 * (28 + 32 * 16)]).toBe(0);
  });
});
