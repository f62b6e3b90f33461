/** @file B-spline fields against SciPy, and the sampling grids made of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cubicWeights, evaluateBspline, randomBsplineGrid } from '../../src/sampling/bspline.ts';
import { tripleOf } from '../../src/sampling/patch-shape.ts';
import { sampleRandom } from '../../src/sampling/sample-random.ts';

interface Case {
  points: number[];
  size: number[];
  control: number[];
  field: number[];
}
const fixture = join(import.meta.dirname, 'fixtures/bspline.json');
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] };

describe('a B-spline field', () => {
  it.each(cases)('equals SciPy for $points control points on $size voxels', ({
    points,
    size,
    control,
    field,
  }) => {
    const ours = evaluateBspline(Float32Array.from(control), tripleOf(points), tripleOf(size));
    expect(ours.length).toBe(field.length);
    const worst = Math.max(...field.map((value, i) => Math.abs(value - ours[i]!)));
    expect(worst).toBeLessThan(1e-6);
  });

  it.each([0, 0.3, 1])('has weights that add up to one at %f', (fraction) => {
    expect(cubicWeights(fraction).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});

describe('a random sampling grid', () => {
  const grid = (maxDisplacement: number, lockedBorders = 2) =>
    randomBsplineGrid(sampleRandom(3, 'test', 0), {
      size: [5, 6, 7],
      rank: 3,
      controlPoints: [5, 6, 7],
      maxDisplacement: [maxDisplacement],
      lockedBorders,
    });

  it('is the identity without displacement: x along the fastest axis, from −1 to 1', () => {
    const values = grid(0);
    const at = (d: number, h: number, w: number) => {
      const index = ((d * 6 + h) * 7 + w) * 3;
      return [...values.subarray(index, index + 3)];
    };
    expect(at(0, 0, 0)).toEqual([-1, -1, -1]);
    expect(at(0, 0, 6)).toEqual([1, -1, -1]);
    expect(at(0, 5, 0)).toEqual([-1, 1, -1]);
    expect(at(4, 0, 0)).toEqual([-1, -1, 1]);
  });

  it('moves by no more than the largest displacement, and moves at all', () => {
    const still = grid(0);
    const moved = grid(0.03);
    const shifts = moved.map((value, i) => Math.abs(value - still[i]!));
    expect(Math.max(...shifts)).toBeLessThanOrEqual(0.03 + 1e-6);
    expect(Math.max(...shifts)).toBeGreaterThan(1e-4);
  });

  it('keeps the corners when three borders are locked', () => {
    expect([...grid(0.5, 3).subarray(0, 3)]).toEqual([-1, -1, -1]);
  });
});
