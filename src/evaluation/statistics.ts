/** @file What can be said about a metric over many cases: summaries, and the paired comparison of two methods. */
import { invariant } from '../base/errors.ts';
import { type BootstrapOptions, bootstrapInterval, type Interval } from './statistics/bootstrap.ts';
import { mean, median, quantile, sortedCopy } from './statistics/quantile.ts';
import { type WilcoxonResult, wilcoxonSignedRank } from './statistics/wilcoxon.ts';

export interface Summary {
  /** Values that exist, and those that do not (null). */
  readonly count: number;
  readonly missing: number;
  readonly mean: number | null;
  /** With n − 1; null for fewer than two values. */
  readonly sd: number | null;
  readonly median: number | null;
  readonly lowerQuartile: number | null;
  readonly upperQuartile: number | null;
  /** Upper less lower quartile. */
  readonly iqr: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** Describes the values that exist. Quantiles are linear between values. Without values all but the counts are null. */
export function summarise(values: readonly (number | null)[]): Summary {
  const sorted = sortedCopy(values.filter((value) => value !== null));
  const count = sorted.length;
  const at = (share: number): number | null => (count === 0 ? null : quantile(sorted, share));
  const middle = count === 0 ? null : mean(sorted);
  const squares = middle === null ? 0 : sorted.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return {
    count,
    missing: values.length - count,
    mean: middle,
    sd: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    median: at(0.5),
    lowerQuartile: at(0.25),
    upperQuartile: at(0.75),
    iqr: count === 0 ? null : quantile(sorted, 0.75) - quantile(sorted, 0.25),
    least: at(0),
    most: at(1),
  };
}

export interface PairedComparison {
  /** Cases in which both values exist. */
  readonly count: number;
  readonly missing: number;
  /** Of first − second, and its bootstrap interval. */
  readonly meanDifference: number;
  readonly meanInterval: Interval;
  readonly medianDifference: number;
  readonly medianInterval: Interval;
  readonly wilcoxon: WilcoxonResult;
}

/**
 * Compares two methods on the same cases: first − second, case by case. Cases in which either value is null are left out.
 * Null when no case is left.
 */
export function comparePaired(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  options: BootstrapOptions,
): PairedComparison | null {
  invariant(first.length === second.length, `pairs: ${first.length} and ${second.length} values`);
  const differences = first.flatMap((value, i) => {
    const other = second[i]!;
    return value === null || other === null ? [] : [value - other];
  });
  if (differences.length === 0) return null;
  return {
    count: differences.length,
    missing: first.length - differences.length,
    meanDifference: mean(differences),
    meanInterval: bootstrapInterval(differences, mean, options),
    medianDifference: median(differences),
    medianInterval: bootstrapInterval(differences, median, options),
    wilcoxon: wilcoxonSignedRank(differences),
  };
}
