/** @file Affines and orientations, against nibabel and by their own laws. */
import { describe, expect, it } from 'vitest';
import {
  type Affine,
  affineDistance,
  applyAffine,
  identityAffine,
  invertAffine,
  isInvertible,
  isOrthogonal,
  multiplyAffines,
  spacingOf,
} from '../../../src/imaging/geometry/affine.ts';
import {
  inverseReorientation,
  isUnturned,
  orientationLetters,
  toClosestRas,
  turnedAffine,
  turnedDims,
} from '../../../src/imaging/geometry/orientation.ts';
import { reference } from '../reference.ts';

const dims = [4, 5, 6] as const;

describe('orientation', () => {
  it('names the axes of oblique and sheared grids as nibabel does', () => {
    const found = reference.orientation.map(({ affine }) => orientationLetters(affine));
    expect(found).toEqual(reference.orientation.map(({ letters }) => letters));
  });

  it('turns grids to closest RAS as nibabel does', () => {
    for (const { affine, canonicalDims, canonicalAffine } of reference.orientation) {
      const turn = toClosestRas(affine);
      expect(turnedDims(dims, turn)).toEqual(canonicalDims);
      expect(affineDistance(turnedAffine(affine, dims, turn), canonicalAffine)).toBeLessThan(1e-9);
    }
  });

  it('has nothing left to turn after turning, and turns back to where it was', () => {
    for (const { affine, isClear } of reference.orientation) {
      const turn = toClosestRas(affine);
      const turned = turnedAffine(affine, dims, turn);
      if (isClear) expect(isUnturned(toClosestRas(turned))).toBe(true);
      const back = turnedAffine(turned, turnedDims(dims, turn), inverseReorientation(turn));
      expect(affineDistance(back, affine)).toBeLessThan(1e-9);
    }
  });
});

describe('affine', () => {
  it('times its inverse is the identity', () => {
    for (const { affine } of reference.orientation) {
      const product = multiplyAffines(invertAffine(affine), affine);
      expect(affineDistance(product, identityAffine)).toBeLessThan(1e-9);
    }
  });

  it('applies the right factor of a product first', () => {
    const scale: Affine = [
      [2, 0, 0, 0],
      [0, 3, 0, 0],
      [0, 0, 4, 0],
      [0, 0, 0, 1],
    ];
    const move: Affine = [
      [1, 0, 0, 10],
      [0, 1, 0, 20],
      [0, 0, 1, 30],
      [0, 0, 0, 1],
    ];
    expect(applyAffine(multiplyAffines(move, scale), [1, 1, 1])).toEqual([12, 23, 34]);
    expect(spacingOf(multiplyAffines(move, scale))).toEqual([2, 3, 4]);
  });

  it('knows what cannot be inverted and what is not at right angles', () => {
    const flat: Affine = [
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ];
    const sheared: Affine = [
      [1, 0.1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    const withNaN: Affine = [[Number.NaN, 0, 0, 0], flat[1], [0, 0, 1, 0], flat[3]];
    expect([flat, sheared, withNaN].map(isInvertible)).toEqual([false, true, false]);
    expect([identityAffine, sheared].map((affine) => isOrthogonal(affine))).toEqual([true, false]);
  });
});
