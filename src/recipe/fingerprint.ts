/** @file The fingerprint of a data set: what a plugin may know of the data it will train on. Numbers only, no names. */

export interface Fingerprint {
  readonly subjectCount: number;
  /** Image channels per subject. */
  readonly channels: number;
  /** Label values that occur (0, background, left out), ascending. */
  readonly labelValues: readonly number[];
  /** Median voxels along i, j, k after reorientation. */
  readonly medianDims: readonly [number, number, number];
  readonly minDims: readonly [number, number, number];
  readonly medianSpacingMm: readonly [number, number, number];
  /** Share of foreground voxels over all labels, 0-1. */
  readonly foregroundShare: number;
  readonly raters: number;
}
