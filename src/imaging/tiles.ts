/**
 * @file Windows on volumes: where they lie, how they are cut out, weighed and laid together again.
 * Also the one place that knows how voxel order meets tensor order: data with x fastest and dims [x, y, z] is, as it lies
 * in memory, a row-major tensor of shape [D, H, W] = [z, y, x]. Nothing needs to be moved.
 */
import { invariant } from '../base/errors.ts';
import type { Dims } from './volume.ts';

/** [D, H, W] of a volume with these dims. */
export function tensorShapeOf(dims: Dims): [number, number, number] {
  return [dims[2], dims[1], dims[0]];
}

/** dims [x, y, z] of a tensor of shape [D, H, W]. */
export function dimsOfTensorShape(shape: readonly [number, number, number]): Dims {
  return [shape[2], shape[1], shape[0]];
}

/** First voxel of a window along x, y, z; negative when the volume is smaller than the window and is padded. */
export type Position = readonly [number, number, number];

/** Steps between windows that overlap by this share (0 to below 1) of their size; at least one voxel. */
export function strideForOverlap(size: Dims, overlap: number): Dims {
  const step = (length: number): number => Math.max(1, Math.round(length * (1 - overlap)));
  return [step(size[0]), step(size[1]), step(size[2])];
}

/**
 * Starts of windows along one axis: as few as steps of at most `stride` allow, spread evenly, the first at the first voxel,
 * the last at the last. An axis shorter than the window gets one window, centred.
 */
export function windowStarts(length: number, size: number, stride: number): number[] {
  invariant(length >= 1 && size >= 1 && stride >= 1, 'window sizes and strides are positive');
  const room = length - size;
  if (room <= 0) return [0 - Math.floor(-room / 2)];
  const steps = Math.ceil(room / Math.min(stride, size));
  return Array.from({ length: steps + 1 }, (_, n) => Math.round((n * room) / steps));
}

/** Windows that together cover every voxel; x varies fastest. */
export function windowPositions(dims: Dims, size: Dims, stride: Dims): Position[] {
  const [xs, ys, zs] = ([0, 1, 2] as const).map((axis) =>
    windowStarts(dims[axis], size[axis], stride[axis]),
  ) as [number[], number[], number[]];
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x): Position => [x, y, z])));
}

/** Mirrors an index at the outer voxels without repeating them, as NumPy's `reflect`: −1 → 1, n → n − 2. */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = ((index % period) + period) % period;
  return place < length ? place : period - place;
}

/** For each voxel of the window along one axis, the voxel of the volume that it shows. */
function mirrored(start: number, size: number, length: number): Int32Array {
  return Int32Array.from({ length: size }, (_, n) => reflectIndex(start + n, length));
}

/**
 * Cuts a window out of a volume. What lies outside the volume is its mirror image.
 *
 * values   `dims`, x fastest
 * target   receives [D, H, W] = reversed `size` from `offset` on, e.g. one channel of a batch
 */
export function cutWindow(
  values: Float32Array,
  dims: Dims,
  window: { readonly start: Position; readonly size: Dims },
  { target, offset }: { readonly target: Float32Array; readonly offset: number },
): void {
  const { start, size } = window;
  const isInside = start[0] >= 0 && start[0] + size[0] <= dims[0];
  const xs = mirrored(start[0], size[0], dims[0]);
  const ys = mirrored(start[1], size[1], dims[1]);
  const zs = mirrored(start[2], size[2], dims[2]);
  let to = offset;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = (zs[z]! * dims[1] + ys[y]!) * dims[0];
      if (isInside) target.set(values.subarray(row + start[0], row + start[0] + size[0]), to);
      else for (let x = 0; x < size[0]; x++) target[to + x] = values[row + xs[x]!]!;
      to += size[0];
    }
  }
}

/**
 * How much each voxel of a window counts where windows overlap: [D, H, W], largest value 1, never 0.
 * Gaussian: σ is an eighth of the window along each axis, centred, no less than 0.001, as in MONAI's sliding-window inference.
 */
export function windowWeights(size: Dims, kind: 'gaussian' | 'uniform', sigmaShare = 0.125): Float32Array {
  const weights = new Float32Array(size[0] * size[1] * size[2]).fill(1);
  if (kind === 'uniform') return weights;
  const [wx, wy, wz] = size.map((length) => bell(length, sigmaShare)) as [number[], number[], number[]];
  let at = 0;
  for (const z of wz) for (const y of wy) for (const x of wx) weights[at++] = Math.max(x * y * z, 0.001);
  return weights;
}

function bell(length: number, sigmaShare: number): number[] {
  const centre = (length - 1) / 2;
  const sigma = length * sigmaShare;
  const values = Array.from({ length }, (_, n) => Math.exp(-(((n - centre) / sigma) ** 2) / 2));
  const most = Math.max(...values);
  return values.map((value) => value / most);
}

/**
 * Adds weight × window to a volume of the sums, and the weights to another; their quotient is the blend.
 * The parts of a window that lie outside the volume are left out.
 *
 * window   [D, H, W] = reversed `size`, from `offset` of `source` on
 * sums     `dims`, x fastest; changed in place, as is `weightSums` when it is given (needed once for several channels)
 */
export function addWindow(
  source: { readonly values: Float32Array; readonly offset: number },
  window: { readonly start: Position; readonly size: Dims; readonly weights: Float32Array },
  volume: {
    readonly dims: Dims;
    readonly sums: Float32Array;
    readonly weightSums?: Float32Array | undefined;
  },
): void {
  const { start, size, weights } = window;
  const { dims, sums, weightSums } = volume;
  const first = (axis: 0 | 1 | 2): number => Math.max(0, -start[axis]);
  const last = (axis: 0 | 1 | 2): number => Math.min(size[axis], dims[axis] - start[axis]);
  for (let z = first(2); z < last(2); z++) {
    for (let y = first(1); y < last(1); y++) {
      const to = ((start[2] + z) * dims[1] + start[1] + y) * dims[0] + start[0];
      const from = (z * size[1] + y) * size[0];
      for (let x = first(0); x < last(0); x++) {
        const weight = weights[from + x]!;
        sums[to + x] = sums[to + x]! + weight * source.values[source.offset + from + x]!;
        if (weightSums !== undefined) weightSums[to + x] = weightSums[to + x]! + weight;
      }
    }
  }
}
