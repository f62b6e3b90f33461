/** @file The window to begin with: which values are black and which white before the person chooses. */
import type { Volume, VoxelData } from './volume.ts';

const mostSamples = 200_000;
const lowShare = 0.01;
const highShare = 0.995;
/** Share of the way from the smallest to a high value up to which voxels count as background. */
const backgroundShare = 0.01;

/**
 * The 1st and 99.5th percentile of the finite scaled values that are not background, from 200,000 voxels at most; null when
 * none is finite. Background is what lies within the lowest hundredth of the way to the 99.5th percentile of all voxels:
 * zeros around a head, padding of a CT. Where both ends are equal, the upper is raised by 1.
 */
export function intensityWindow(
  data: VoxelData,
  { slope, intercept }: Pick<Volume, 'slope' | 'intercept'>,
): readonly [number, number] | null {
  const values = sampleFinite(data, { slope, intercept });
  if (values.length === 0) return null;
  const least = values[0]!;
  const background = least + backgroundShare * (atShare(values, highShare) - least);
  const first = values.findIndex((value) => value > background);
  const foreground = first === -1 ? values : values.subarray(first);
  const low = atShare(foreground, lowShare);
  const high = atShare(foreground, highShare);
  return [low, high > low ? high : low + 1];
}

/** Sorted. The stride is odd, so that it does not keep to one column of a volume whose sides are powers of two. */
function sampleFinite(
  data: VoxelData,
  { slope, intercept }: Pick<Volume, 'slope' | 'intercept'>,
): Float64Array {
  const stride = Math.max(1, Math.ceil(data.length / mostSamples)) | 1;
  const values = new Float64Array(Math.ceil(data.length / stride));
  let count = 0;
  for (let i = 0; i < data.length; i += stride) {
    const value = Number(data[i]!) * slope + intercept;
    if (Number.isFinite(value)) values[count++] = value;
  }
  return values.subarray(0, count).sort();
}

function atShare(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
