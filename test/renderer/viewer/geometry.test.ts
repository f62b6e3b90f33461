/** @file Geometry of the viewer: grids in Cornerstone's world, letters, brush, scale bar. */
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../../src/imaging/geometry/affine.ts';
import { eachVoxelUnder, placesBetween } from '../../../src/renderer/viewer/brush.ts';
import {
  gridOf,
  lpsFromRas,
  offsetOf,
  rasFromLps,
  stepAlong,
  voxelAt,
} from '../../../src/renderer/viewer/grid.ts';
import { directionLetters, sideLetters, views } from '../../../src/renderer/viewer/planes.ts';
import { scaleBar } from '../../../src/renderer/viewer/scale-bar.ts';

const plain: Affine = [
  [2, 0, 0, -10],
  [0, 3, 0, 20],
  [0, 0, 4, -30],
  [0, 0, 0, 1],
];
const mirrored: Affine = [
  [-2, 0, 0, 10],
  [0, 3, 0, 20],
  [0, 0, 4, -30],
  [0, 0, 0, 1],
];

describe('a grid', () => {
  it('has its spacing, and origin and directions in LPS', () => {
    const grid = gridOf({ dims: [5, 6, 7], rasFromIjk: plain });
    expect(grid.spacing).toEqual([2, 3, 4]);
    expect(grid.origin).toEqual([10, -20, -30]);
    expect(grid.direction.map((value) => value + 0)).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, 1]);
    expect(grid.isMirrored).toBe(false);
    expect(gridOf({ dims: [5, 6, 7], rasFromIjk: mirrored }).isMirrored).toBe(true);
  });

  it('finds the voxel at a world point, and none outside', () => {
    const grid = gridOf({ dims: [5, 6, 7], rasFromIjk: mirrored });
    expect(voxelAt(grid, [10 - 2 * 3, 20 + 3 * 4, -30 + 4 * 5])).toEqual([3, 4, 5]);
    expect(voxelAt(grid, [13, 20, -30])).toBeUndefined();
    expect(offsetOf(grid, [3, 4, 5])).toBe(3 + 5 * (4 + 6 * 5));
  });

  it('steps by the finest voxel on the way', () => {
    const grid = gridOf({ dims: [5, 6, 7], rasFromIjk: plain });
    expect(stepAlong(grid, [1, 0, 0])).toBeCloseTo(2);
    expect(stepAlong(grid, [0, 0, 1])).toBeCloseTo(4);
    expect(stepAlong(grid, [Math.SQRT1_2, Math.SQRT1_2, 0])).toBeCloseTo(2 * Math.SQRT2);
  });

  it('is the same after going to LPS and back', () => {
    expect(rasFromLps(lpsFromRas([1, -2, 3]))).toEqual([1, -2, 3]);
  });
});

describe('letters', () => {
  it('are radiological: the right of the patient on the left of axial and coronal pictures', () => {
    expect(sideLetters(views.axial)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(sideLetters(views.coronal)).toEqual({ left: 'R', right: 'L', top: 'S', bottom: 'I' });
    expect(sideLetters(views.sagittal)).toEqual({ left: 'A', right: 'P', top: 'S', bottom: 'I' });
  });

  it.each([
    [[1, 0, 0], 'L'],
    [[-1, 0.05, 0], 'R'],
    [[0.5, 0.8, 0], 'PL'],
    [[0.2, 0.3, -0.9], 'IPL'],
    [[0, 0, 0], ''],
  ] as const)('of the direction %j are %s', (direction, expected) => {
    expect(directionLetters(direction)).toBe(expected);
  });
});

describe('a brush', () => {
  const grid = gridOf({
    dims: [21, 21, 3],
    rasFromIjk: [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 5, 0],
      [0, 0, 0, 1],
    ],
  });
  const under = (radiusMm: number, normal: readonly [number, number, number] = [0, 0, 1]) => {
    const found: number[] = [];
    eachVoxelUnder(grid, { centre: lpsFromRas([10, 10, 5]), normal, radiusMm }, (offset) =>
      found.push(offset),
    );
    return found;
  };

  it('covers the disc in its plane, one slice thick', () => {
    const expected = Array.from({ length: 21 * 21 }, (_, at) => at)
      .filter((at) => Math.hypot((at % 21) - 10, Math.floor(at / 21) - 10) <= 4)
      .map((at) => 21 * 21 + at);
    expect(under(4).sort((a, b) => a - b)).toEqual(expected);
  });

  it('covers a thin strip across slices when the plane stands upright', () => {
    for (const offset of under(4, [1, 0, 0])) expect(offset % 21).toBe(10);
  });

  it('paints the voxel below it however small it is', () => {
    expect(under(0.01)).toEqual([21 * 21 + 10 + 21 * 10]);
  });

  it('leaves no gaps between two places', () => {
    const places = placesBetween([0, 0, 0], [10, 0, 0], 2);
    expect(places.at(-1)).toEqual([10, 0, 0]);
    places.forEach((place, n) => {
      expect(place[0] - (places[n - 1]?.[0] ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
    });
  });
});

describe('the scale bar', () => {
  it.each([
    [0.5, 100, 50, '5 cm'],
    [0.1, 100, 10, '1 cm'],
    [0.08, 100, 5, '5 mm'],
    [0.005, 100, 0.5, '0.5 mm'],
  ])('at %f mm a pixel within %i pixels is %f mm', (mmPerPixel, pixels, lengthMm, label) => {
    expect(scaleBar(mmPerPixel, pixels)).toEqual({ lengthMm, pixels: lengthMm / mmPerPixel, label });
  });

  it('is absent while the scale is not known', () => {
    expect(scaleBar(0, 100)).toBeUndefined();
    expect(scaleBar(Number.NaN, 100)).toBeUndefined();
  });
});
