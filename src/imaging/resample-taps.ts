/** @file Along one axis: which source voxels make each target voxel, and with what share. */
import type { Interpolation } from './resample.ts';

export interface AxisTaps {
  readonly count: number;
  /** Source voxels for each target voxel: 1, 2 or 4. */
  readonly width: number;
  /** [count, width], clamped into the source. */
  readonly index: Int32Array;
  /** [count, width], each row sums to 1. */
  readonly weight: Float64Array;
  /** Whether the target voxel's centre lies within the outer faces of the source. */
  readonly inside: Uint8Array;
}

/** Target voxel n lies at source coordinate first + step · n. */
interface Places {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Places that differ from a voxel centre by rounding alone are taken to be at it, so that values are kept exactly. */
function settled(place: number): number {
  const nearest = Math.round(place);
  return Math.abs(place - nearest) < 1e-6 ? nearest : place;
}

export function makeTaps(
  { first, step, count }: Places,
  size: number,
  interpolation: Interpolation,
): AxisTaps {
  const width = interpolation === 'nearest' ? 1 : interpolation === 'linear' ? 2 : 4;
  const taps: AxisTaps = {
    count,
    width,
    index: new Int32Array(count * width),
    weight: new Float64Array(count * width),
    inside: new Uint8Array(count),
  };
  for (let n = 0; n < count; n++) {
    const place = settled(first + step * n);
    taps.inside[n] = place >= -0.5 - 1e-6 && place <= size - 0.5 + 1e-6 ? 1 : 0;
    const clamped = Math.min(Math.max(place, 0), size - 1);
    if (interpolation === 'nearest') setTap(taps, n, Math.min(Math.floor(clamped + 0.5), size - 1), 1);
    else if (interpolation === 'linear') setLinear(taps, n, clamped, size);
    else setCubic(taps, n, clamped, size);
  }
  return taps;
}

function setTap({ index, weight }: AxisTaps, at: number, voxel: number, share: number): void {
  index[at] = voxel;
  weight[at] = share;
}

function setLinear(taps: AxisTaps, n: number, place: number, size: number): void {
  const below = Math.floor(place);
  setTap(taps, 2 * n, below, 1 - (place - below));
  setTap(taps, 2 * n + 1, Math.min(below + 1, size - 1), place - below);
}

/** Source: Keys 1981, "Cubic convolution interpolation for digital image processing", a = −½. */
function setCubic(taps: AxisTaps, n: number, place: number, size: number): void {
  const below = Math.floor(place);
  const t = place - below;
  const shares = [
    -0.5 * t ** 3 + t ** 2 - 0.5 * t,
    1.5 * t ** 3 - 2.5 * t ** 2 + 1,
    -1.5 * t ** 3 + 2 * t ** 2 + 0.5 * t,
    0.5 * t ** 3 - 0.5 * t ** 2,
  ];
  for (const [tap, share] of shares.entries())
    setTap(taps, 4 * n + tap, Math.min(Math.max(below - 1 + tap, 0), size - 1), share);
}
