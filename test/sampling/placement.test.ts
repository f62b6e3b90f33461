/** @file Where patches come from. */

import { describe, expect, it } from 'vitest';
import { reflectIndex, tensorShapeOf } from '../../src/imaging/tiles.ts';
import { cropInto, flipAxes } from '../../src/sampling/crop.ts';
import { placePatch } from '../../src/sampling/placement.ts';
import { sampleRandom } from '../../src/sampling/sample-random.ts';
import { makeSubject } from './subjects.ts';

const speck = makeSubject(
  [20, 22, 24],
  () => 0,
  (i, j, k) => (i === 3 && j === 18 && k === 11 ? 1 : 0),
);

/** Share of 600 patches that hold the one foreground voxel. */
function shareWithSpeck(foregroundShare: number): number {
  let hits = 0;
  for (let index = 0; index < 600; index++) {
    const { start } = placePatch([speck], sampleRandom(5, 'place', index), {
      patch: [4, 4, 4],
      foregroundShare,
    });
    const holds = [11, 18, 3].every((at, axis) => at >= start[axis]! && at < start[axis]! + 4);
    if (holds) hits++;
  }
  return hits / 600;
}

describe('placement', () => {
  it('puts about the asked share of patches on foreground', () => {
    expect(shareWithSpeck(1)).toBe(1);
    // Uniform patches hold the voxel with probability about 4³ / (21 · 19 · 17) ≈ 0.01.
    expect(shareWithSpeck(0)).toBeLessThan(0.04);
    expect(Math.abs(shareWithSpeck(0.5) - 0.505)).toBeLessThan(0.08);
  });

  it('reaches every voxel with uniform patches, and never leaves the volume', () => {
    const small = makeSubject(
      [7, 6, 5],
      () => 0,
      () => 0,
    );
    const seen = new Set<string>();
    for (let index = 0; index < 800; index++) {
      const options = { patch: [3, 3, 3] as const, foregroundShare: 0.5 };
      const { start } = placePatch([small], sampleRandom(1, 'place', index), options);
      expect(start.every((at, axis) => at >= 0 && at + 3 <= tensorShapeOf(small.dims)[axis]!)).toBe(true);
      seen.add(start.join());
    }
    expect(seen.size).toBe(3 * 4 * 5);
  });

  it('draws classes equally, however many voxels each has', () => {
    const uneven = makeSubject(
      [30, 8, 8],
      () => 0,
      (i) => (i < 20 ? 1 : i === 29 ? 2 : 0),
    );
    let second = 0;
    for (let index = 0; index < 400; index++) {
      const options = { patch: [1, 1, 1] as const, foregroundShare: 1 };
      if (placePatch([uneven], sampleRandom(2, 'place', index), options).start[2] === 29) second++;
    }
    expect(Math.abs(second / 400 - 0.5)).toBeLessThan(0.08);
  });
});

describe('several raters', () => {
  it('are drawn equally, each patch with the foreground of its own rater', () => {
    const left = makeSubject(
      [20, 6, 6],
      () => 0,
      (i) => (i === 2 ? 1 : 0),
    );
    const right = makeSubject(
      [20, 6, 6],
      () => 0,
      (i) => (i === 17 ? 1 : 0),
    );
    const labels = [...left.labels, ...right.labels];
    const both = { ...left, labels, foreground: [...left.foreground, ...right.foreground] };
    const starts = [0, 0];
    for (let index = 0; index < 400; index++) {
      const options = { patch: [1, 1, 1] as const, foregroundShare: 1 };
      const { label, start } = placePatch([both], sampleRandom(3, 'place', index), options);
      expect(start[2]).toBe(label === 0 ? 2 : 17);
      starts[label]!++;
    }
    expect(Math.abs(starts[0]! / 400 - 0.5)).toBeLessThan(0.08);
  });
});

describe('cropping', () => {
  it('reflects without repeating the border', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5].map((i) => reflectIndex(i, 3))).toEqual([
      1, 2, 1, 0, 1, 2, 1, 0, 1,
    ]);
    expect(reflectIndex(-7, 1)).toBe(0);
  });

  it('cuts a box as a hand-made loop would, inside and across borders', () => {
    const shape = [3, 4, 5] as const;
    const values = Float32Array.from({ length: 60 }, (_, i) => i);
    for (const start of [
      [0, 1, 2],
      [-1, 2, 3],
      [1, -2, -1],
    ] as const) {
      const out = new Float32Array(2 * 3 * 3);
      cropInto(values, shape, { start, size: [2, 3, 3] }, out);
      const expected = [];
      for (let d = 0; d < 2; d++)
        for (let h = 0; h < 3; h++)
          for (let w = 0; w < 3; w++)
            expected.push(
              reflectIndex(start[0] + d, 3) * 20 +
                reflectIndex(start[1] + h, 4) * 5 +
                reflectIndex(start[2] + w, 5),
            );
      expect([...out]).toEqual(expected);
    }
  });

  it('flips along each axis, and twice is nothing', () => {
    const values = Float32Array.of(0, 1, 2, 3, 4, 5);
    flipAxes(values, [1, 2, 3], [2]);
    expect([...values]).toEqual([2, 1, 0, 5, 4, 3]);
    flipAxes(values, [1, 2, 3], [1, 2]);
    expect([...values]).toEqual([3, 4, 5, 0, 1, 2]);
  });
});
