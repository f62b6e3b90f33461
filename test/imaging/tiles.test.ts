/** @file Windows cover everything, reflect at borders, and blend back to what they were cut from. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import {
  addWindow,
  cutWindow,
  dimsOfTensorShape,
  reflectIndex,
  strideForOverlap,
  tensorShapeOf,
  windowPositions,
  windowStarts,
  windowWeights,
} from '../../src/imaging/tiles.ts';
import { type Dims, voxelCount } from '../../src/imaging/volume.ts';
import { largestDifference } from './reference.ts';

/** dims, window, stride */
const cases: readonly (readonly [Dims, Dims, Dims])[] = [
  [
    [20, 17, 9],
    [8, 8, 8],
    [4, 4, 4],
  ],
  [
    [20, 17, 9],
    [8, 8, 8],
    [8, 8, 8],
  ],
  [
    [8, 8, 8],
    [8, 8, 8],
    [1, 1, 1],
  ],
  [
    [5, 3, 30],
    [8, 8, 8],
    [5, 5, 5],
  ],
  [
    [1, 2, 3],
    [4, 7, 4],
    [2, 3, 2],
  ],
  [
    [13, 13, 13],
    [4, 5, 6],
    [9, 9, 9],
  ],
];

describe('windows', () => {
  it.each(
    cases,
  )('of volume %j, window %j, stride %j cover every voxel and no more than one window beyond', (dims, size, stride) => {
    const seen = new Uint8Array(voxelCount(dims));
    for (const [x, y, z] of windowPositions(dims, size, stride))
      for (let k = Math.max(z, 0); k < Math.min(z + size[2], dims[2]); k++)
        for (let j = Math.max(y, 0); j < Math.min(y + size[1], dims[1]); j++)
          seen.fill(
            1,
            (k * dims[1] + j) * dims[0] + Math.max(x, 0),
            (k * dims[1] + j) * dims[0] + Math.min(x + size[0], dims[0]),
          );
    expect(seen.every((value) => value === 1)).toBe(true);
  });

  it('steps never exceed the stride, and lie within the volume when it is large enough', () => {
    for (let length = 8; length < 60; length++) {
      const starts = windowStarts(length, 8, 5);
      expect(starts[0]).toBe(0);
      expect(starts.at(-1)).toBe(length - 8);
      for (let n = 1; n < starts.length; n++) expect(starts[n]! - starts[n - 1]!).toBeLessThanOrEqual(5);
    }
    expect([5, 7, 8].map((length) => windowStarts(length, 8, 4))).toEqual([[-1], [0], [0]]);
    expect(strideForOverlap([64, 32, 1], 0.5)).toEqual([32, 16, 1]);
  });

  it.each(cases)('of volume %j, window %j, stride %j blend back to the volume', (dims, size, stride) => {
    const random = new Random(8, 'tiles');
    const values = Float32Array.from({ length: voxelCount(dims) }, () => random.normal());
    for (const kind of ['gaussian', 'uniform'] as const) {
      const weights = windowWeights(size, kind);
      const [sums, weightSums] = [new Float32Array(values.length), new Float32Array(values.length)];
      const target = new Float32Array(2 * weights.length);
      for (const start of windowPositions(dims, size, stride)) {
        cutWindow(values, dims, { start, size }, { target, offset: weights.length });
        addWindow(
          { values: target, offset: weights.length },
          { start, size, weights },
          { dims, sums, weightSums },
        );
      }
      const blend = sums.map((sum, i) => sum / weightSums[i]!);
      expect(largestDifference(blend, values)).toBeLessThan(1e-5);
    }
  });

  it('cut with x fastest is a [D, H, W] tensor', () => {
    const dims: Dims = [4, 3, 2];
    const values = Float32Array.from({ length: 24 }, (_, n) => n);
    const target = new Float32Array(2 * 2 * 2);
    cutWindow(values, dims, { start: [1, 1, 0], size: [2, 2, 2] }, { target, offset: 0 });
    const at = (x: number, y: number, z: number) => x + 4 * (y + 3 * z);
    // target[d][h][w] with d along z, h along y, w along x.
    expect([...target]).toEqual([
      at(1, 1, 0),
      at(2, 1, 0),
      at(1, 2, 0),
      at(2, 2, 0),
      at(1, 1, 1),
      at(2, 1, 1),
      at(1, 2, 1),
      at(2, 2, 1),
    ]);
    expect(tensorShapeOf(dims)).toEqual([2, 3, 4]);
    expect(dimsOfTensorShape(tensorShapeOf(dims))).toEqual(dims);
  });

  it('beyond the volume shows its mirror image, as NumPy reflect', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5].map((index) => reflectIndex(index, 3))).toEqual([
      1, 2, 1, 0, 1, 2, 1, 0, 1,
    ]);
    expect(reflectIndex(-5, 1)).toBe(0);
    const target = new Float32Array(7);
    cutWindow(
      Float32Array.of(1, 2, 3),
      [3, 1, 1],
      { start: [-2, 0, 0], size: [7, 1, 1] },
      { target, offset: 0 },
    );
    expect([...target]).toEqual([3, 2, 1, 2, 3, 2, 1]);
  });

  it('Gaussian weights are largest in the middle, the same from all sides, and never 0', () => {
    const size: Dims = [7, 5, 9];
    const weights = windowWeights(size, 'gaussian');
    expect(Math.max(...weights)).toBe(1);
    expect(weights[(weights.length - 1) / 2]).toBe(1);
    expect(Math.min(...weights)).toBeGreaterThan(0);
    expect(weights.toReversed()).toEqual(weights);
  });
});
