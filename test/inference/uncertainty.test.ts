/** @file Entropy and uncertain regions against NumPy and SciPy (fixtures/make-uncertainty.py), and at their edges. */
import { describe, expect, it } from 'vitest';
import type { Affine } from '../../src/imaging/geometry/affine.ts';
import type { Dims } from '../../src/imaging/volume.ts';
import { uncertainRegions } from '../../src/inference/uncertain-regions.ts';
import { derivesUncertainty, outputsOf, predictiveEntropy } from '../../src/inference/uncertainty.ts';
import { tinyRecipe } from '../training/tiny-recipe.ts';
import document from './fixtures/uncertainty.json' with { type: 'json' };

const dims = document.dims as unknown as Dims;
const rasFromIjk = document.affine as unknown as Affine;
const inThousandths = (values: readonly number[]) => Float32Array.from(values, (value) => value / 1000);

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

describe('the entropy', () => {
  it('of one probability is that of SciPy in bits', () => {
    const entropy = predictiveEntropy({ channels: 1, values: inThousandths(document.binary) }, 1);
    expect(worst(entropy, document.binaryEntropy)).toBeLessThan(2e-6);
    expect([...entropy.subarray(0, 3)]).toEqual([0, 0, 1]);
  });

  it('of background and classes is that of SciPy to the base of their number, whatever they sum to', () => {
    const values = inThousandths(document.three);
    const entropy = predictiveEntropy({ channels: 3, values }, 2);
    expect(worst(entropy, document.threeEntropy)).toBeLessThan(2e-6);
    const doubled = predictiveEntropy({ channels: 3, values: values.map((value) => 2 * value) }, 2);
    expect(worst(doubled, entropy)).toBeLessThan(1e-6);
  });

  it('of classes without a background is the largest of theirs', () => {
    const values = Float32Array.of(0.5, 1, 0, 0.1, 0.5, 1);
    expect([...predictiveEntropy({ channels: 2, values }, 2)]).toEqual([1, 1, 0]);
  });

  it('of what is no probability is 0', () => {
    const values = Float32Array.of(Number.NaN, -0.1, 1.2, Number.POSITIVE_INFINITY);
    expect([...predictiveEntropy({ channels: 1, values }, 1)]).toEqual([0, 0, 0, 0]);
  });
});

describe('uncertain regions', () => {
  const entropy = predictiveEntropy({ channels: 1, values: inThousandths(document.binary) }, 1);

  it('are those of SciPy, the weightiest first', () => {
    const regions = uncertainRegions(entropy, { dims, rasFromIjk });
    expect(document.regions.length).toBeGreaterThan(4);
    expect(regions.map(({ ijk }) => ijk)).toEqual(document.regions.map(({ ijk }) => ijk));
    regions.forEach(({ ras, volumeMl, peak }, index) => {
      const expected = document.regions[index]!;
      expect(worst(ras, expected.ras)).toBeLessThan(1e-9);
      expect(volumeMl).toBeCloseTo(expected.volumeMl, 12);
      expect(peak).toBeCloseTo(expected.peak, 6);
    });
  });

  it('are twenty at most', () => {
    const row: Dims = [200, 1, 1];
    const rows = Float32Array.from({ length: 200 }, (_, i) => (i % 4 === 3 ? 0 : 0.6 + i / 1000));
    const regions = uncertainRegions(rows, { dims: row, rasFromIjk });
    expect(regions).toHaveLength(20);
    expect(regions[0]!.ijk).toEqual([198, 0, 0]);
  });

  it('are none where the model is sure', () => {
    expect(uncertainRegions(new Float32Array(entropy.length), { dims, rasFromIjk })).toEqual([]);
  });
});

describe('a recipe', () => {
  it('gets the uncertainty map besides its own, unless it has one', () => {
    const recipe = tinyRecipe();
    expect(outputsOf(recipe).map(({ name }) => name)).toEqual(['probability', 'uncertainty']);
    const own = { ...recipe, outputs: outputsOf(recipe) };
    expect(derivesUncertainty(own)).toBe(false);
    expect(outputsOf(own)).toHaveLength(2);
  });
});
