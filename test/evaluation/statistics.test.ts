/** @file Summaries and paired tests, against SciPy and NumPy. */
import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../src/evaluation/statistics/bootstrap.ts';
import { normalTail } from '../../src/evaluation/statistics/normal-tail.ts';
import { mean } from '../../src/evaluation/statistics/quantile.ts';
import { meanRanks, wilcoxonSignedRank } from '../../src/evaluation/statistics/wilcoxon.ts';
import { comparePaired, summarise } from '../../src/evaluation/statistics.ts';
import { readFixture } from './shapes.ts';

interface Fixture {
  readonly wilcoxon: readonly { differences: readonly number[]; p: number; method: 'exact' | 'normal' }[];
  readonly summary: Readonly<Record<string, number>> & { readonly values: readonly number[] };
  readonly tails: readonly { z: number; tail: number }[];
}

const fixture = readFixture<Fixture>('statistics');

describe('the signed-rank test', () => {
  it.each(
    fixture.wilcoxon.map((row) => ({ ...row, n: row.differences.length })),
  )('gives the p value of SciPy: $n differences, $method', ({ differences, p, method }) => {
    const found = wilcoxonSignedRank(differences);
    expect(found.method).toBe(method);
    expect(found.pValue).toBeCloseTo(p, 10);
  });

  it('follows a case worked by hand', () => {
    // Ranks of sizes 1 2 3 4 5; only the smallest is negative. Sums as small as 1: {} and {1}, so p = 2 · 2/32.
    expect(wilcoxonSignedRank([-1, 2, 3, 4, 5])).toEqual({
      pairCount: 5,
      positiveRanks: 14,
      negativeRanks: 1,
      pValue: 0.125,
      method: 'exact',
      effectSize: 13 / 15,
    });
  });

  it('leaves zeros out and shares ranks', () => {
    expect(meanRanks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
    expect(wilcoxonSignedRank([0, 2, 0, -2])).toMatchObject({ pairCount: 2, pValue: 1, effectSize: 0 });
  });

  it('finds nothing where nothing differs', () => {
    expect(wilcoxonSignedRank([0, 0])).toMatchObject({ pairCount: 0, pValue: 1, effectSize: 0 });
  });
});

describe('the normal tail', () => {
  it.each(fixture.tails)('is that of SciPy at $z', ({ z, tail }) => {
    expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-12);
  });
});

describe('a summary', () => {
  it('is that of NumPy, without the missing', () => {
    const { values, ...expected } = fixture.summary;
    const found = summarise([null, ...values, null]);
    expect(found).toMatchObject({ count: values.length, missing: 2 });
    for (const [name, value] of Object.entries(expected))
      expect(found[name as keyof typeof found], name).toBeCloseTo(value, 12);
  });

  it('has no numbers where there are no values, and no spread for one', () => {
    expect(summarise([null])).toMatchObject({ count: 0, missing: 1, mean: null, sd: null, median: null });
    expect(summarise([2])).toMatchObject({ count: 1, mean: 2, sd: null, iqr: 0 });
  });
});

describe('a bootstrap interval', () => {
  const values = Array.from({ length: 40 }, (_, i) => Math.sin(i * 12.9898) + 0.5);

  it('has about the width that theory gives for a mean', () => {
    const { low, high } = bootstrapInterval(values, mean, { seed: 1 });
    const centre = mean(values);
    const sd = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
    const expected = 2 * 1.96 * (sd / Math.sqrt(values.length));
    expect((high - low) / expected).toBeCloseTo(1, 1);
    expect((low + high) / 2).toBeCloseTo(centre, 1);
  });

  it('is the same for the same seed and another for another', () => {
    const interval = (seed: number) => bootstrapInterval(values, mean, { seed, resamples: 500 });
    expect(interval(3)).toEqual(interval(3));
    expect(interval(3)).not.toEqual(interval(4));
  });
});

describe('a paired comparison', () => {
  it('takes the cases that have both values', () => {
    const found = comparePaired([0.9, 0.8, null, 0.7], [0.8, 0.6, 0.5, null], { seed: 1 })!;
    expect(found).toMatchObject({ count: 2, missing: 2 });
    expect(found.meanDifference).toBeCloseTo(0.15, 12);
    expect(found.medianInterval.low).toBeCloseTo(0.1, 12);
    expect(found.medianInterval.high).toBeCloseTo(0.2, 12);
    expect(found.wilcoxon).toMatchObject({ positiveRanks: 3, pValue: 0.5, effectSize: 1 });
  });

  it('does not exist without a case', () => {
    expect(comparePaired([null], [1], { seed: 1 })).toBe(null);
  });
});
