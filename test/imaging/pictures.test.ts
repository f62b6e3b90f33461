/** @file Projections and PNG. */
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { maximumProjection } from '../../src/imaging/mip.ts';
import { encodeGreyPng, encodeRgbPng } from '../../src/imaging/png.ts';
import type { Dims } from '../../src/imaging/volume.ts';

const dims: Dims = [4, 3, 2];

/** All 0 but one voxel. */
function spot(x: number, y: number, z: number): Float32Array {
  const values = new Float32Array(24);
  values[x + 4 * (y + 3 * z)] = 9;
  return values;
}

describe('maximum projection', () => {
  it.each([
    // axis, picture size, row and column of the voxel (x, y, z) = (0, 2, 1): right is x = 3, front is y = 2, top is z = 1
    ['z', 4, 3, 0, 3],
    ['y', 4, 2, 0, 3],
    ['x', 3, 2, 0, 0],
  ] as const)('along %s shows the left, front, upper corner where radiologists expect it', (axis, width, height, row, column) => {
    const picture = maximumProjection(spot(0, 2, 1), dims, axis, [1, 2, 3]);
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(picture.values.indexOf(9)).toBe(row * width + column);
    expect(picture.pixelMm).toEqual({ z: [1, 2], y: [1, 3], x: [2, 3] }[axis]);
  });

  it('takes the largest value of each line, negative ones and NaN included', () => {
    const values = Float32Array.of(-5, Number.NaN, -3, Number.NaN);
    expect([...maximumProjection(values, [2, 1, 2], 'z').values]).toEqual([0, -3]);
  });
});

describe('PNG', () => {
  it.each([
    8, 16,
  ] as const)('grey of %i bits maps the window to black and white and clips beyond', (depth) => {
    const values = [-1, 0, 5, 10, 11, Number.NaN];
    const png = decode(encodeGreyPng({ width: 3, height: 2, values }, { low: 0, high: 10, depth }));
    const white = 2 ** depth - 1;
    expect([png.width, png.height, png.channels, png.depth]).toEqual([3, 2, 1, depth]);
    expect([...png.data]).toEqual([0, 0, Math.round(white / 2), white, white, 0]);
  });

  it('colour comes back as it was', () => {
    const rgb = Uint8Array.from({ length: 2 * 3 * 3 }, (_, n) => n * 13);
    const png = decode(encodeRgbPng({ width: 2, height: 3, rgb }));
    expect([...png.data]).toEqual([...rgb]);
    expect(png.channels).toBe(3);
  });
});
