/** @file Normalisation, against NumPy, and what happens to volumes without contrast. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import {
  applyNormalisation,
  type Normalisation,
  percentile,
  planNormalisation,
} from '../../src/imaging/normalise.ts';
import { selectRank } from '../../src/imaging/select-rank.ts';
import { reference } from './reference.ts';

const { values, expected, mean, deviation } = reference.percentiles;
const kinds: readonly Normalisation[] = [
  { kind: 'percentile', low: 0.5, high: 99.5 },
  { kind: 'zScore' },
  { kind: 'minMax' },
];

function normalised(input: readonly number[], normalisation: Normalisation): Float32Array {
  const result = Float32Array.from(input);
  applyNormalisation(result, planNormalisation(result, normalisation));
  return result;
}

describe('normalisation', () => {
  it('has the percentiles, mean and deviation of NumPy', () => {
    for (const [percent, value] of expected)
      expect(percentile(Float32Array.from(values), percent), `${percent} %`).toBeCloseTo(value, 6);
    const plan = planNormalisation(Float32Array.from(values), { kind: 'zScore' });
    expect(plan.shift).toBeCloseTo(mean, 6);
    expect(1 / plan.scale).toBeCloseTo(deviation, 5);
  });

  it('ranks as a full sort does, ties included', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed, 'rank');
      const list = Float32Array.from({ length: 200 }, () => random.integer(seed < 10 ? 5 : 1000));
      const rank = random.integer(200);
      expect(selectRank(list.slice(), rank), `seed ${seed}`).toBe(list.slice().sort()[rank]);
    }
  });

  it('percentile clips to 0-1, minMax spans it, zScore has mean 0 and deviation 1', () => {
    const clipped = normalised(values, { kind: 'percentile', low: 5, high: 95 });
    expect([Math.min(...clipped), Math.max(...clipped)]).toEqual([0, 1]);
    const spanned = normalised(values, { kind: 'minMax' });
    expect(Math.min(...spanned)).toBe(0);
    expect(Math.max(...spanned)).toBeCloseTo(1, 6);
    const scored = normalised(values, { kind: 'zScore' });
    expect(scored.reduce((sum, value) => sum + value, 0) / scored.length).toBeCloseTo(0, 5);
    expect(scored.reduce((sum, value) => sum + value * value, 0) / scored.length).toBeCloseTo(1, 5);
  });

  it.each(kinds)('$kind makes a constant volume 0, not NaN', (normalisation) => {
    for (const constant of [0, 1234.567, -3])
      expect([...normalised([constant, constant, constant, constant], normalisation)].map(Math.abs)).toEqual([
        0, 0, 0, 0,
      ]);
  });

  it.each(kinds)('$kind counts finite values only, and makes the others 0', (normalisation) => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const result = normalised([...values, ...odd], normalisation);
    expect(result.subarray(0, values.length)).toEqual(normalised(values, normalisation));
    expect([...result.subarray(values.length)]).toEqual([0, 0, 0]);
    expect([...normalised([Number.NaN, Number.NaN], normalisation)]).toEqual([0, 0]);
  });
});
