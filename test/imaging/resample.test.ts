/** @file Resampling, against scipy's map_coordinates and by properties. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { type Affine, applyAffine, spacingOf } from '../../src/imaging/geometry/affine.ts';
import { type Grid, gridWithSpacing } from '../../src/imaging/grid.ts';
import { type Interpolation, resample } from '../../src/imaging/resample.ts';
import { type Dims, voxelCount } from '../../src/imaging/volume.ts';
import { largestDifference, reference } from './reference.ts';

const oblique: Affine = [
  [1.2, 0.3, -0.1, 5],
  [-0.2, 1.6, 0.4, -7],
  [0.1, -0.5, 2.1, 11],
  [0, 0, 0, 1],
];
const aligned: Affine = [
  [0.8, 0, 0, 5],
  [0, 1.3, 0, -7],
  [0, 0, 2, 11],
  [0, 0, 0, 1],
];

function filled(grid: Grid, valueAt: (x: number, y: number, z: number) => number): Float32Array {
  const values = new Float32Array(voxelCount(grid.dims));
  let at = 0;
  for (let k = 0; k < grid.dims[2]; k++)
    for (let j = 0; j < grid.dims[1]; j++)
      for (let i = 0; i < grid.dims[0]; i++)
        values[at++] = valueAt(...applyAffine(grid.rasFromIjk, [i, j, k]));
  return values;
}

describe('resample', () => {
  it.each(reference.resample)('agrees with scipy: $name', (row) => {
    const result = resample(
      Float32Array.from(row.values),
      { dims: row.sourceDims, rasFromIjk: row.sourceAffine },
      { dims: row.targetDims, rasFromIjk: row.targetAffine },
      { interpolation: row.interpolation, outside: 'edge' },
    );
    expect(largestDifference(result, row.expected)).toBeLessThan(2e-6);
  });

  it.each([
    'nearest',
    'linear',
    'cubic',
  ] as const)('%s onto the same grid changes nothing', (interpolation) => {
    for (const rasFromIjk of [aligned, oblique]) {
      const grid: Grid = { dims: [5, 6, 4], rasFromIjk };
      const random = new Random(1, 'resample');
      const values = Float32Array.from({ length: 120 }, () => random.normal());
      const result = resample(values, grid, grid, { interpolation, outside: 'edge' });
      expect(largestDifference(result, values)).toBeLessThan(1e-6);
    }
  });

  it.each([
    'linear',
    'cubic',
  ] as const)('%s keeps a straight ramp through the world straight', (interpolation) => {
    const ramp = (x: number, y: number, z: number) => 3 * x - 2 * y + z + 4;
    const source: Grid = { dims: [12, 12, 12], rasFromIjk: aligned };
    for (const tilt of [0, 0.05]) {
      const inner: Affine = [
        [0.5, tilt, 0, 5 + 0.8 * 3],
        [-tilt, 0.7, 0, -7 + 1.3 * 3],
        [0, 0, 1.1, 11 + 2 * 3],
        [0, 0, 0, 1],
      ];
      const target: Grid = { dims: [6, 6, 6], rasFromIjk: inner };
      const result = resample(filled(source, ramp), source, target, { interpolation, outside: 'edge' });
      expect(largestDifference(result, filled(target, ramp))).toBeLessThan(1e-4);
    }
  });

  it('cubic takes the same way along aligned axes as for any affine', () => {
    const source: Grid = { dims: [7, 8, 6], rasFromIjk: aligned };
    const random = new Random(2, 'resample');
    const values = Float32Array.from({ length: 7 * 8 * 6 }, () => random.normal());
    const target = gridWithSpacing(source, [1, 1, 1]);
    // A shear this small changes no value noticeably, but is not axis-aligned any more.
    const almost = target.rasFromIjk.map((row, r) => row.map((v, c) => (r === 0 && c === 1 ? 1e-7 : v)));
    const options = { interpolation: 'cubic', outside: 'edge' } as const;
    const separable = resample(values, source, target, options);
    const general = resample(values, source, { ...target, rasFromIjk: almost as unknown as Affine }, options);
    expect(largestDifference(separable, general)).toBeLessThan(1e-4);
  });

  it.each([
    'nearest',
    'linear',
  ] as const)('%s fills what lies beyond the outer faces', (interpolation: Interpolation) => {
    for (const tilt of [0, 1e-7]) {
      const source: Grid = { dims: [2, 2, 2], rasFromIjk: identity() };
      const target: Grid = { dims: [6, 2, 2], rasFromIjk: identity([-2, 0, 0], tilt) };
      const result = resample(new Float32Array(8).fill(7), source, target, { interpolation, outside: -1 });
      expect([...result.subarray(0, 6)]).toEqual([-1, -1, 7, 7, -1, -1]);
    }
  });
});

function identity(origin: readonly [number, number, number] = [0, 0, 0], tilt = 0): Affine {
  return [
    [1, tilt, 0, origin[0]],
    [0, 1, 0, origin[1]],
    [0, 0, 1, origin[2]],
    [0, 0, 0, 1],
  ];
}

describe('gridWithSpacing', () => {
  it.each([
    ['finer', [0.5, 0.5, 0.5]],
    ['coarser', [3, 3, 3]],
    ['anisotropic', [0.7, 2, 1]],
  ] as const)('%s: exact spacing, same middle of the field of view', (_, spacing) => {
    const grid: Grid = { dims: [30, 40, 20], rasFromIjk: oblique };
    const result = gridWithSpacing(grid, spacing);
    for (const axis of [0, 1, 2] as const) {
      expect(spacingOf(result.rasFromIjk)[axis]).toBeCloseTo(spacing[axis], 9);
      const before = grid.dims[axis] * spacingOf(oblique)[axis];
      expect(Math.abs(result.dims[axis] * spacing[axis] - before)).toBeLessThanOrEqual(
        spacing[axis] / 2 + 1e-9,
      );
    }
    const centre = (of: Grid) => applyAffine(of.rasFromIjk, middleOf(of.dims));
    for (const axis of [0, 1, 2] as const) expect(centre(result)[axis]).toBeCloseTo(centre(grid)[axis], 9);
  });
});

function middleOf(dims: Dims): [number, number, number] {
  return [(dims[0] - 1) / 2, (dims[1] - 1) / 2, (dims[2] - 1) / 2];
}
