/** @file Spatial transforms: rigid in millimetres, right about scale, and the same place for image and label. */
import { describe, expect, it } from 'vitest';
import type { Augmentation } from '../../../src/recipe/recipe.ts';
import {
  positionsOf,
  resampleLinear,
  resampleNearest,
  sourceThrough,
} from '../../../src/sampling/augment/resample-patch.ts';
import { drawSpatialTransform, type SpatialTransform } from '../../../src/sampling/augment/spatial.ts';
import type { Triple } from '../../../src/sampling/patch-shape.ts';
import { sampleRandom } from '../../../src/sampling/sample-random.ts';

function draw(
  augmentations: readonly Augmentation[],
  { patch = [8, 9, 10], spacingMm = [1, 1, 1] }: { patch?: Triple; spacingMm?: Triple } = {},
): SpatialTransform | null {
  const randomFor = (kind: string) => sampleRandom(3, kind, 5);
  return drawSpatialTransform({ augmentations, patch, spacingMm, randomFor });
}

const rotate: Augmentation = { kind: 'rotate', chance: 1, maxDegrees: 40 };

describe('a rotation', () => {
  it('keeps distances in millimetres when voxels are not cubes', () => {
    const spacingMm: Triple = [2, 0.7, 0.5];
    const { matrix } = draw([rotate], { spacingMm })!;
    const inMm = matrix.map((value, i) => (value * spacingMm[Math.floor(i / 3)]!) / spacingMm[i % 3]!);
    for (const a of [0, 1, 2])
      for (const b of [0, 1, 2]) {
        const dot = [0, 1, 2].reduce((sum, row) => sum + inMm[row * 3 + a]! * inMm[row * 3 + b]!, 0);
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 10);
      }
    expect(inMm[0]).toBeLessThan(0.9999);
  });

  it('turns a 2-D patch in its plane only', () => {
    const { matrix } = draw([rotate], { patch: [1, 9, 10] })!;
    expect([matrix[0], matrix[1], matrix[2], matrix[3], matrix[6]].map((v) => v! + 0)).toEqual([
      1, 0, 0, 0, 0,
    ]);
    expect(matrix[4]).toBeLessThan(1);
  });
});

describe('a scale', () => {
  it('above one enlarges: the patch shows a smaller part of the volume', () => {
    const { matrix } = draw([{ kind: 'scale', chance: 1, min: 2, max: 2 }])!;
    expect(matrix.filter((_, i) => i % 4 === 0)).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('an elastic deformation', () => {
  it('has about the asked deviation, smooth from voxel to voxel', () => {
    const patch: Triple = [24, 24, 24];
    const { displacement } = draw([{ kind: 'elastic', chance: 1, gridVoxels: 6, deviationVoxels: 2 }], {
      patch,
    })!;
    const field = displacement![2]!;
    const deviation = Math.sqrt(field.reduce((sum, value) => sum + value * value, 0) / field.length);
    // Cubic weights average control points, so that the field is smaller than they are.
    expect(deviation).toBeGreaterThan(0.25);
    expect(deviation).toBeLessThan(2);
    const steps = Array.from({ length: 23 }, (_, i) => Math.abs(field[i + 1]! - field[i]!));
    expect(Math.max(...steps)).toBeLessThan(1);
  });
});

describe('nothing spatial', () => {
  it('is null, so that patches are cut as they are', () => {
    expect(
      draw([
        { ...rotate, chance: 0 },
        { kind: 'flip', axes: [0] },
      ]),
    ).toBeNull();
  });
});

describe('resampling a patch', () => {
  const shape: Triple = [6, 7, 8];
  const linear = Float32Array.from({ length: 336 }, (_, i) => {
    const [d, h, w] = [Math.floor(i / 56), Math.floor(i / 8) % 7, i % 8];
    return 2 * d - 3 * h + 0.5 * w;
  });

  it('gives a linear function exactly between voxels', () => {
    const transform = { matrix: [0.5, 0.1, 0, 0, 0.4, 0.1, 0.1, 0, 0.6], displacement: null };
    const size: Triple = [4, 4, 4];
    const positions = positionsOf(size, sourceThrough({ start: [1, 1, 2], size }, transform));
    const out = new Float32Array(64);
    resampleLinear(linear, shape, positions, out);
    const expected = Array.from(out, (_, i) => {
      const [d, h, w] = positions.subarray(3 * i, 3 * i + 3);
      return 2 * d! - 3 * h! + 0.5 * w!;
    });
    expect(Math.max(...expected.map((value, i) => Math.abs(value - out[i]!)))).toBeLessThan(1e-5);
  });

  it('mirrors what lies outside, in both ways of sampling alike', () => {
    const classes = Uint8Array.from({ length: 336 }, (_, i) => i % 251);
    const positions = Float64Array.of(-1, 0, -2, 5, 8, 9, 3, -3, 7);
    const [near, between] = [new Float32Array(3), new Float32Array(3)];
    resampleNearest(classes, shape, positions, near);
    resampleLinear(Float32Array.from(classes), shape, positions, between);
    const mirrored = [
      [1, 0, 2],
      [5, 4, 5],
      [3, 3, 7],
    ].map(([d, h, w]) => ((d! * 7 + h!) * 8 + w!) % 251);
    expect([[...near], [...between]]).toEqual([mirrored, mirrored]);
  });
});
