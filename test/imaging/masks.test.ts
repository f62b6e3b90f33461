/** @file Components, hysteresis, Otsu and distances, against scipy and scikit-image. */
import { describe, expect, it } from 'vitest';
import {
  keepLargestComponents,
  labelComponents,
  removeSmallComponents,
} from '../../src/imaging/components.ts';
import { distanceTransform } from '../../src/imaging/distance.ts';
import { hysteresisThreshold } from '../../src/imaging/hysteresis.ts';
import { otsuThreshold } from '../../src/imaging/otsu.ts';
import { largestDifference, reference } from './reference.ts';

describe('components', () => {
  it.each(
    reference.components,
  )('finds the parts that scipy finds: connectivity $connectivity, $count parts', (row) => {
    const { labels, count, sizes } = labelComponents(row.mask, row.dims, row.connectivity);
    expect(count).toBe(row.count);
    expect(largestDifference(labels, renumbered(row.labels))).toBe(0);
    const counted = new Int32Array(count + 1);
    for (const label of labels) if (label > 0) counted[label]!++;
    expect(sizes).toEqual(counted);
  });

  it('drops small parts and keeps large ones', () => {
    const dims = [9, 1, 1] as const;
    const mask = [1, 1, 0, 1, 0, 1, 1, 1, 0];
    const small = removeSmallComponents(mask, dims, { connectivity: 6, leastVoxels: 2 });
    expect([...small]).toEqual([1, 1, 0, 0, 0, 1, 1, 1, 0]);
    const largest = keepLargestComponents(mask, dims, { connectivity: 6, count: 1 });
    expect([...largest]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 0]);
    expect([...keepLargestComponents([0, 0, 0], [3, 1, 1], { connectivity: 26, count: 2 })]).toEqual([
      0, 0, 0,
    ]);
  });

  it('does not join the end of a row with the start of the next', () => {
    const { count } = labelComponents([0, 0, 1, 1, 0, 0], [3, 2, 1], 26);
    expect(count).toBe(2);
  });
});

/** Labels numbered in the order in which they are met. */
function renumbered(labels: readonly number[]): number[] {
  const numbers = new Map([[0, 0]]);
  return labels.map((label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

describe('thresholds', () => {
  it.each(reference.otsu)('Otsu agrees with scikit-image: $name', ({ values, expected }) => {
    expect(otsuThreshold(Float32Array.from(values))).toBeCloseTo(expected, 4);
  });

  it('Otsu of a constant image is its value, of no finite values 0', () => {
    expect(otsuThreshold(new Float32Array(10).fill(5))).toBe(5);
    expect(otsuThreshold(new Float32Array(3).fill(Number.NaN))).toBe(0);
  });

  it.each(reference.hysteresis)('hysteresis agrees with scikit-image: $low to $high', (row) => {
    const options = { low: row.low, high: row.high, connectivity: 6 } as const;
    const mask = hysteresisThreshold(Float32Array.from(row.values), row.dims, options);
    expect(largestDifference(mask, row.expected)).toBe(0);
  });
});

describe('distance transform', () => {
  it.each(reference.distance)('agrees with scipy at spacing $spacingMm', ({
    mask,
    dims,
    spacingMm,
    expected,
  }) => {
    expect(largestDifference(distanceTransform(mask, dims, spacingMm), expected)).toBeLessThan(2e-6);
  });

  it('is infinite without background and 0 without foreground', () => {
    expect(distanceTransform([1, 1], [2, 1, 1], [1, 1, 1])).toEqual(
      new Float32Array(2).fill(Number.POSITIVE_INFINITY),
    );
    expect(distanceTransform([0, 0], [2, 1, 1], [1, 1, 1])).toEqual(new Float32Array(2));
  });
});
