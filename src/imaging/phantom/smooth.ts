/** @file Smooth random fields and blurring, separably along the three axes. */
import type { Random } from '../../base/random.ts';
import type { Dims } from '../volume.ts';

/** Applies `line` (reads `from`, writes `to`) along one axis of a volume. */
function alongAxis(
  values: Float32Array,
  dims: Dims,
  axis: 0 | 1 | 2,
  line: (from: Float32Array, to: Float32Array) => void,
): void {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const [a, b] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const from = new Float32Array(dims[axis]);
  const to = new Float32Array(dims[axis]);
  for (let j = 0; j < dims[b]; j++)
    for (let i = 0; i < dims[a]; i++) {
      const start = i * strides[a] + j * strides[b];
      for (let k = 0; k < dims[axis]; k++) from[k] = values[start + k * strides[axis]]!;
      line(from, to);
      for (let k = 0; k < dims[axis]; k++) values[start + k * strides[axis]] = to[k]!;
    }
}

/** Gaussian blur in place; borders repeat their last value. */
export function blur(values: Float32Array, dims: Dims, sigmaVoxels: readonly [number, number, number]): void {
  for (const axis of [0, 1, 2] as const) {
    const sigma = sigmaVoxels[axis];
    if (sigma <= 0) continue;
    const reach = Math.max(1, Math.ceil(3 * sigma));
    const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const kernel = Float64Array.from(weights, (weight) => weight / total);
    alongAxis(values, dims, axis, (from, to) => {
      const last = from.length - 1;
      for (let i = 0; i <= last; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++)
          sum += kernel[k + reach]! * from[Math.min(last, Math.max(0, i + k))]!;
        to[i] = sum;
      }
    });
  }
}

/** Standard deviation of a cubic B-spline through standard normal knots, a dimension: √(151/315) on average over places. */
const splineDeviation = Math.sqrt(151 / 315);

/** A random field of mean 0 and deviation 1: a cubic B-spline over normal knots `gridVoxels` apart along each axis. */
export function smoothNoise(random: Random, dims: Dims, gridVoxels: Dims): Float32Array {
  const shape = dims.map((size, axis) => Math.ceil(size / gridVoxels[axis]!) + 4) as [number, number, number];
  let field = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.normal());
  for (const axis of [0, 1, 2] as const) {
    field = refine(field, shape, {
      axis,
      size: dims[axis],
      gridVoxels: gridVoxels[axis],
      shift: random.uniform(),
    });
    shape[axis] = dims[axis];
  }
  return field;
}

/** Interpolates knots to voxels along one axis. */
function refine(
  knots: Float32Array,
  shape: Dims,
  { axis, size, gridVoxels, shift }: { axis: 0 | 1 | 2; size: number; gridVoxels: number; shift: number },
): Float32Array<ArrayBuffer> {
  const inner = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1];
  const outer = knots.length / (inner * shape[axis]);
  const fine = new Float32Array(inner * size * outer);
  for (let i = 0; i < size; i++) {
    const place = i / gridVoxels + shift;
    const knot = Math.floor(place);
    const [w0, w1, w2, w3] = splineWeights(place - knot);
    for (let o = 0; o < outer; o++) {
      const from = (o * shape[axis] + knot) * inner;
      const to = (o * size + i) * inner;
      for (let n = 0; n < inner; n++) {
        const at = from + n;
        fine[to + n] =
          w0 * knots[at]! +
          w1 * knots[at + inner]! +
          w2 * knots[at + 2 * inner]! +
          w3 * knots[at + 3 * inner]!;
      }
    }
  }
  return fine;
}

/** Weights of the four knots around a place, `t` beyond the second, over the deviation they leave. */
function splineWeights(t: number): readonly [number, number, number, number] {
  const scale = 1 / (6 * splineDeviation);
  return [
    scale * (1 - t) ** 3,
    scale * (3 * t ** 3 - 6 * t * t + 4),
    scale * (-3 * t ** 3 + 3 * t * t + 3 * t + 1),
    scale * t ** 3,
  ];
}
