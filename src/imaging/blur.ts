/** @file Gaussian blur, separably along the three axes. */
import type { Dims } from './volume.ts';

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
