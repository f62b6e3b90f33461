/** @file Masks: cropping, padding, and neighbourhood patterns. */
import { describe, expect, it } from 'vitest';
import { boxAround, cropMask, padMask } from '../../src/evaluation/mask.ts';
import { surfaceOf } from '../../src/evaluation/metric/surface-distances.ts';
import { isSimple, isTip, neighbours } from '../../src/evaluation/topology/neighbourhood.ts';
import { draw, fill } from './shapes.ts';

describe('the box around two masks', () => {
  it('leaves one voxel of background where there is room', () => {
    const a = fill([9, 8, 7], (x, y, z) => x === 3 && y === 0 && z === 2);
    const b = fill([9, 8, 7], (x, y, z) => x === 5 && y === 4 && z === 6);
    const box = boxAround(a, b)!;
    expect(box).toEqual({ from: [2, 0, 1], to: [7, 6, 7] });
    const cropped = cropMask(b, box);
    expect(cropped).toEqual(fill([5, 6, 6], (x, y, z) => x === 3 && y === 4 && z === 5));
  });

  it('does not exist for two empty masks', () => {
    const empty = draw(['...']);
    expect(boxAround(empty, empty)).toBe(undefined);
  });
});

describe('padding', () => {
  it('adds background on every side', () => {
    expect(padMask(draw(['#.']))).toEqual(draw(['.... .... ....', '.... .#.. ....', '.... .... ....']));
  });
});

describe('the surface', () => {
  it('of a plate in a thicker volume is all of it', () => {
    const plate = fill([5, 5, 3], (_x, _y, z) => z === 1);
    expect(surfaceOf(plate).data).toEqual(plate.data);
  });

  it('of a block is all but its inside, at the border of the volume, too', () => {
    const block = fill([4, 3, 3], () => true);
    expect(surfaceOf(block)).toEqual(fill([4, 3, 3], (x, y, z) => !(x % 3 !== 0 && y === 1 && z === 1)));
  });
});

describe('a voxel', () => {
  const patternOf = (...steps: readonly [number, number, number][]): number =>
    neighbours.reduce(
      (pattern, { x, y, z }, bit) =>
        steps.some(([a, b, c]) => a === x && b === y && c === z) ? pattern | (1 << bit) : pattern,
      0,
    );
  const all = 2 ** 26 - 1;

  it('is a tip with one neighbour', () => {
    expect(isTip(patternOf([1, 1, 0]))).toBe(true);
    expect(isTip(patternOf([1, 1, 0], [1, 0, 0]))).toBe(false);
    expect(isTip(0)).toBe(false);
  });

  it('can go at the end of a line, not from its middle, nor alone', () => {
    expect(isSimple(patternOf([1, 0, 0]))).toBe(true);
    expect(isSimple(patternOf([1, 0, 0], [-1, 0, 0]))).toBe(false);
    expect(isSimple(0)).toBe(false);
  });

  it('can go from a face, not from the inside, nor when that opens a tunnel', () => {
    const without = (...steps: readonly [number, number, number][]) => all & ~patternOf(...steps);
    expect(isSimple(without([0, 0, 1]))).toBe(true);
    expect(isSimple(all)).toBe(false);
    // An open edge or corner alone leaves the six faces closed.
    expect(isSimple(without([1, 1, 0]))).toBe(false);
    expect(isSimple(without([0, 0, 1], [0, 0, -1]))).toBe(false);
    expect(isSimple(without([0, 0, 1], [0, 1, 0], [0, 1, 1]))).toBe(true);
  });
});
