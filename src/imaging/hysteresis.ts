/** @file Threshold with memory: weak voxels count when they hang on strong ones. Keeps faint ends of vessels, drops faint specks. */
import { type Connectivity, labelComponents, maskOfLabels } from './components.ts';
import type { Dims } from './volume.ts';

export interface HysteresisOptions {
  /** Voxels above this may belong. */
  readonly low: number;
  /** Parts with a voxel above this do. */
  readonly high: number;
  readonly connectivity: Connectivity;
}

/**
 * The parts of `values > low` that contain a voxel with `values > high`, as 0 and 1. NaN is never above.
 *
 * values   `dims`, x fastest
 * source   Canny 1986; same comparisons as scikit-image's `apply_hysteresis_threshold`
 */
export function hysteresisThreshold(
  values: Float32Array,
  dims: Dims,
  options: HysteresisOptions,
): Uint8Array {
  const { low, high, connectivity } = options;
  const weak = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) weak[i] = values[i]! > low ? 1 : 0;
  const { labels, count } = labelComponents(weak, dims, connectivity);
  const isStrong = new Uint8Array(count + 1);
  for (let i = 0; i < values.length; i++) if (values[i]! > high) isStrong[labels[i]!] = 1;
  return maskOfLabels(labels, (label) => isStrong[label]! === 1, count + 1);
}
