/** @file Quantiles by linear interpolation, as NumPy's default. */
import { invariant } from '../../base/errors.ts';

/** The value below which a `share` (0-1) of the values lies. `sorted` is not empty, smallest first. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  invariant(sorted.length > 0, 'quantile of no values');
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

export function sortedCopy(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

export function median(values: readonly number[]): number {
  return quantile(sortedCopy(values), 0.5);
}
