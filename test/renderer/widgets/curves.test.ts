/** @file Curves before they are drawn. */
import { describe, expect, it } from 'vitest';
import { alignCurves, drawable, nearestIndex, smooth } from '../../../src/renderer/widgets/curves.ts';

describe('smoothing', () => {
  it('leaves a constant curve as it is, also at its ends', () => {
    for (const value of smooth([2, 2, 2, 2, 2], 3)) expect(value).toBeCloseTo(2, 12);
  });

  it('does not lag behind a straight fall', () => {
    const fall = Array.from({ length: 201 }, (_, step) => 10 - 0.02 * step);
    expect(smooth(fall, 8)[100]).toBeCloseTo(fall[100]!, 6);
  });

  it('takes out what alternates', () => {
    const noisy = Array.from({ length: 101 }, (_, step) => (step % 2 === 0 ? 1 : 3));
    expect(Math.abs(smooth(noisy, 10)[50]! - 2)).toBeLessThan(0.01);
  });

  it('weighs neighbours by their distance', () => {
    // By hand: weights e^-1, 1, e^-1 around the middle of three.
    const fade = Math.exp(-1);
    expect(smooth([0, 1, 0], 1)[1]).toBeCloseTo(1 / (1 + 2 * fade), 12);
    expect(smooth([1, 0, 0], 1)[2]).toBeCloseTo(fade ** 2 / (1 + fade + fade ** 2), 12);
  });

  it('does not let missing values count', () => {
    expect(smooth([5, null, 5], 4)).toEqual([expect.closeTo(5, 12), null, expect.closeTo(5, 12)]);
  });

  it('of nothing is the curve itself', () => {
    expect(smooth([1, 7, null], 0)).toEqual([1, 7, null]);
  });
});

describe('what can be drawn', () => {
  it('leaves out what has no value', () => {
    expect(drawable({ x: [1, 2, 3], y: [4, null, Number.NaN] }, false)).toEqual({ x: [1], y: [4] });
  });

  it('leaves out zero and less on a logarithmic scale only', () => {
    const points = { x: [1, 2, 3], y: [0, -1, 2] };
    expect(drawable(points, true)).toEqual({ x: [3], y: [2] });
    expect(drawable(points, false).x).toEqual([1, 2, 3]);
  });
});

describe('the point under the pointer', () => {
  it('is the nearest one', () => {
    const x = [10, 20, 40];
    expect([0, 14, 16, 29, 31, 99].map((at) => nearestIndex(x, at))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('is the earlier of two that are as near', () => {
    expect(nearestIndex([10, 20], 15)).toBe(0);
  });

  it('is none in an empty curve', () => {
    expect(nearestIndex([], 5)).toBe(-1);
  });
});

describe('curves of different steps', () => {
  it('share one ascending x, with nothing where a curve has no point', () => {
    expect(
      alignCurves([
        { x: [1, 2, 4], y: [10, 20, 40] },
        { x: [2, 3], y: [0.2, 0.3] },
      ]),
    ).toEqual([
      [1, 2, 3, 4],
      [10, 20, undefined, 40],
      [undefined, 0.2, 0.3, undefined],
    ]);
  });
});
