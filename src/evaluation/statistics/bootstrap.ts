/** @file Bootstrap intervals. Source: Efron 1979, percentile intervals as in Efron and Tibshirani 1993, chapter 13. */
import { invariant } from '../../base/errors.ts';
import { Random } from '../../base/random.ts';
import { quantile } from './quantile.ts';

export interface BootstrapOptions {
  /** Same seed, same interval. */
  readonly seed: number;
  readonly resamples?: number;
  /** Share of resamples inside the interval. */
  readonly confidence?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval of `statistic` over resamples of `values` with replacement. For paired data resample the
 * differences. `values` is not empty; with one value the interval has no width. Defaults: 10,000 resamples, 0.95.
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (sample: number[]) => number,
  { seed, resamples = 10_000, confidence = 0.95 }: BootstrapOptions,
): Interval {
  invariant(values.length > 0, 'bootstrap of no values');
  const random = new Random(seed, 'evaluation/bootstrap');
  const sample = new Array<number>(values.length);
  const results = new Float64Array(resamples);
  for (let n = 0; n < resamples; n++) {
    for (let i = 0; i < sample.length; i++) sample[i] = values[random.integer(values.length)]!;
    results[n] = statistic(sample);
  }
  results.sort();
  return {
    low: quantile(results, (1 - confidence) / 2),
    high: quantile(results, (1 + confidence) / 2),
  };
}
