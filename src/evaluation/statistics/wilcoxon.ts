/** @file Wilcoxon's signed-rank test for paired values, with its effect size. */
import { normalTail } from './normal-tail.ts';

export interface WilcoxonResult {
  /** Pairs that differ; the others are left out. */
  readonly pairCount: number;
  /** Sum of the ranks of positive and of negative differences. */
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  /** Two-sided; 1 when no pair differs. */
  readonly pValue: number;
  readonly method: 'exact' | 'normal';
  /** Matched-pairs rank-biserial correlation, −1 to 1: positive when the differences are mostly positive; 0 when no pair differs. */
  readonly effectSize: number;
}

/** Up to here every assignment of signs is counted. */
const exactLimit = 25;

/**
 * Whether the differences of pairs lie symmetrically around 0. Zeros are dropped (Wilcoxon's rule); equal sizes share
 * their mean rank. Up to 25 differences that are not 0 the p value is exact, ties included: the share of the 2ⁿ
 * assignments of signs to these very ranks that are at least as far from the middle. Above, the normal approximation with
 * the variance corrected for ties, without continuity correction.
 *
 * source  Wilcoxon 1945; Pratt and Gibbons 1981, chapter 3; Kerby 2014 for the effect size
 */
export function wilcoxonSignedRank(differences: readonly number[]): WilcoxonResult {
  const nonZero = differences.filter((difference) => difference !== 0);
  const ranks = meanRanks(nonZero.map(Math.abs));
  const rankSum = (isIn: (difference: number) => boolean): number =>
    ranks.reduce((sum, rank, i) => (isIn(nonZero[i]!) ? sum + rank : sum), 0);
  const positiveRanks = rankSum((difference) => difference > 0);
  const negativeRanks = rankSum((difference) => difference < 0);
  const total = positiveRanks + negativeRanks;
  const isExact = nonZero.length <= exactLimit;
  const smaller = Math.min(positiveRanks, negativeRanks);
  return {
    pairCount: nonZero.length,
    positiveRanks,
    negativeRanks,
    pValue: isExact ? exactPValue(ranks, smaller) : normalPValue(ranks, smaller),
    method: isExact ? 'exact' : 'normal',
    effectSize: total === 0 ? 0 : (positiveRanks - negativeRanks) / total,
  };
}

/** Ranks from 1; equal values get the mean of the ranks that they take up together. */
export function meanRanks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
  }
  return ranks;
}

/** Twice the chance of a rank sum as small as this, at most 1. Doubled ranks are whole numbers, so sums can be counted. */
function exactPValue(ranks: readonly number[], smaller: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const most = doubled.reduce((sum, rank) => sum + rank, 0);
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (const rank of doubled) {
    for (let sum = most; sum >= rank; sum--) ways[sum] = ways[sum]! + ways[sum - rank]!;
  }
  let asSmall = 0;
  for (let sum = 0; sum <= Math.round(2 * smaller); sum++) asSmall += ways[sum]!;
  return Math.min(1, (2 * asSmall) / 2 ** ranks.length);
}

/** Var = Σ rank² / 4, which holds with ties, too: each rank counts or not with equal chance. */
function normalPValue(ranks: readonly number[], smaller: number): number {
  const expected = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return Math.min(1, 2 * normalTail((expected - smaller) / Math.sqrt(variance)));
}
