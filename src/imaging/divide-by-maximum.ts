/** @file The `patchMax` normalisation: sampler and sliding window divide each patch by its own maximum, in the same way. */

/** Divides in place by the largest value; values without a positive maximum (an empty patch) are left as they are. */
export function divideByMaximum(values: Float32Array): void {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  if (largest > 0) for (let i = 0; i < values.length; i++) values[i]! /= largest;
}
