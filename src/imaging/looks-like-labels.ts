/** @file Tells label maps from images by their voxels. */
import type { Volume, VoxelData } from './volume.ts';

/** Voxels side by side that are looked at together, and how many such runs at most. */
const runLength = 64;
const mostRuns = 1 << 15;
/** Up to so many values need no more proof. */
const fewValues = 32;
const mostValues = 1024;
/** Voxels a value, so that a handful of different voxels does not count as few values. */
const leastPerValue = 4;
/** Scaled numbers, such as 255 · 0.0039215687, miss the whole number by a little. */
const tolerance = 1e-5;
/** Of pairs of neighbours in the foreground, how many are alike at least where there are many values. */
const leastAlike = 0.7;

/**
 * Whether these voxels are whole numbers, 0 (background) and a few others: at most 32, or up to 1024 when most neighbours in
 * the foreground are alike. Looks at two million voxels at most, spread over the data. False when there is only one value.
 *
 * data  scalars of one time point, or the first part of them
 */
export function looksLikeLabels(
  data: VoxelData,
  { slope, intercept }: Pick<Volume, 'slope' | 'intercept'>,
): boolean {
  const values = new Set<number>();
  let pairs = 0;
  let alike = 0;
  const runs = Math.ceil(data.length / runLength);
  const step = Math.max(1, Math.ceil(runs / mostRuns)) * runLength;
  for (let start = 0; start < data.length; start += step) {
    const end = Math.min(start + runLength, data.length);
    let before = Number.NaN;
    for (let i = start; i < end; i++) {
      const exact = Number(data[i]!) * slope + intercept;
      const value = Math.round(exact);
      if (!(Math.abs(exact - value) <= tolerance)) return false;
      if (value !== 0 && before !== 0 && i > start) {
        pairs++;
        if (value === before) alike++;
      }
      if (value !== before) {
        if (value < 0) return false;
        values.add(value);
        if (values.size > mostValues) return false;
      }
      before = value;
    }
  }
  if (values.size < 2 || !values.has(0)) return false;
  const isFew = values.size <= fewValues && values.size * leastPerValue <= data.length;
  return isFew || alike >= leastAlike * pairs;
}
