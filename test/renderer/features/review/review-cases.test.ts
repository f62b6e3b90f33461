/** @file Tests of the order of cases. */
import { describe, expect, it } from 'vitest';
import type { PredictionCase } from '../../../../src/contract/predictions.ts';
import {
  mainMetric,
  meanMetric,
  orderCases,
  unsureMl,
} from '../../../../src/renderer/features/review/review-cases.ts';

function make(subject: string, dice: number | null | undefined, unsure: number[]): PredictionCase {
  return {
    image: subject as PredictionCase['image'],
    subject,
    maps: [],
    metrics: dice === undefined ? {} : { hausdorff95: 3, dice },
    volumesMl: {},
    uncertainRegions: unsure.map((volumeMl) => ({ ijk: [0, 0, 0], ras: [0, 0, 0], volumeMl, peak: 1 })),
  };
}

const cases = [make('a', 0.9, [1, 1]), make('b', undefined, [9]), make('c', 0.4, []), make('d', null, [3])];
const names = (list: readonly PredictionCase[]) => list.map(({ subject }) => subject).join('');

describe('cases to review', () => {
  it('stay as listed, or come with the most unsure or the least agreement first', () => {
    expect(names(orderCases(cases, 'listed'))).toBe('abcd');
    expect(names(orderCases(cases, 'unsure'))).toBe('bdac');
    expect(names(orderCases(cases, 'worst'))).toBe('cabd');
  });

  it('are not moved in the list that they came from', () => {
    orderCases(cases, 'worst');
    expect(names(cases)).toBe('abcd');
  });

  it('tell the volume of all unsure regions', () => {
    expect(cases.map(unsureMl)).toEqual([2, 9, 0, 3]);
  });

  it('are judged by Dice wherever it stands among the metrics', () => {
    expect(mainMetric(cases[0]!)).toBe('dice');
    expect(mainMetric(cases[1]!)).toBeUndefined();
    expect(meanMetric({ cases })).toBeCloseTo(0.65);
    expect(meanMetric({ cases: [cases[1]!] })).toBeNull();
  });
});
