/** @file Brings intensities of different scanners to one scale, and says what was done so that it can be stored and undone. */
import { selectRank } from './select-rank.ts';

export type Normalisation =
  | { readonly kind: 'none' }
  /** Percentiles in 0-100: they become 0 and 1, values beyond are clipped. */
  | { readonly kind: 'percentile'; readonly low: number; readonly high: number }
  | { readonly kind: 'zScore' }
  | { readonly kind: 'minMax' }
  /** Leaves the volume as it is: each patch is divided by its own maximum when it is cut (divide-by-maximum.ts). */
  | { readonly kind: 'patchMax' };

/** out = (in − shift) · scale, then clipped to 0-1 when `clip`. Plain data, kept with a prediction. */
export interface AppliedNormalisation {
  readonly kind: Normalisation['kind'];
  readonly shift: number;
  readonly scale: number;
  readonly clip: boolean;
}

/**
 * What a normalisation does to these values.
 * Only finite values count. A constant volume, or one without finite values, becomes 0 under percentile, zScore and minMax.
 * source  percentiles as NumPy's default (linear interpolation); standard deviation of the population
 */
export function planNormalisation(values: Float32Array, normalisation: Normalisation): AppliedNormalisation {
  const { kind } = normalisation;
  const unchanged = { kind, shift: 0, scale: 1, clip: false };
  if (kind === 'none' || kind === 'patchMax') return unchanged;
  const finite = finiteOf(values);
  if (finite.length === 0) return unchanged;
  if (kind === 'zScore') {
    const { mean, deviation } = momentsOf(finite);
    return { kind, shift: mean, scale: deviation > 0 ? 1 / deviation : 1, clip: false };
  }
  const low = kind === 'percentile' ? percentile(finite, normalisation.low) : percentile(finite, 0);
  const high = kind === 'percentile' ? percentile(finite, normalisation.high) : percentile(finite, 100);
  return { kind, shift: low, scale: high > low ? 1 / (high - low) : 0, clip: kind === 'percentile' };
}

/** Applies a plan, in place. Values that are not finite become 0. */
export function applyNormalisation(values: Float32Array, plan: AppliedNormalisation): void {
  const { shift, scale, clip } = plan;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const scaled = value - value === 0 ? (value - shift) * scale : 0;
    values[i] = clip ? Math.min(Math.max(scaled, 0), 1) : scaled;
  }
}

/** A copy of the finite values. */
function finiteOf(values: Float32Array): Float32Array {
  const finite = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value === 0) finite[count++] = value;
  }
  return finite.subarray(0, count);
}

function momentsOf(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  // Rounding of the mean alone leaves a deviation of this size in a constant volume.
  return { mean, deviation: deviation > Math.abs(mean) * 1e-12 ? deviation : 0 };
}

/**
 * The value below which `percent` (0-100) of the values lie, interpolated between neighbours as NumPy's default.
 * Reorders `values`, which must be finite and at least one.
 */
export function percentile(values: Float32Array, percent: number): number {
  const place = (percent / 100) * (values.length - 1);
  const below = Math.floor(place);
  const low = selectRank(values, below);
  const share = place - below;
  if (share === 0) return low;
  // selectRank left everything from `below + 1` on at least as large.
  let next = Number.POSITIVE_INFINITY;
  for (let i = below + 1; i < values.length; i++) if (values[i]! < next) next = values[i]!;
  return low + (next - low) * share;
}
