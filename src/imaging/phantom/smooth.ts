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

/** A random field of standard normal values on a coarse grid, interpolated smoothly: structures of about `gridVoxels`. */
export function smoothNoise(random: Random, dims: Dims, gridVoxels: number): Float32Array {
  const coarse = dims.map((size) => Math.ceil(size / gridVoxels) + 2) as unknown as Dims;
  const knots = Float32Array.from({ length: coarse[0] * coarse[1] * coarse[2] }, () => random.normal());
  const tables = dims.map((size) => Array.from({ length: size }, (_, i) => easedPlace(i / gridVoxels)));
  const field = new Float32Array(dims[0] * dims[1] * dims[2]);
  const [cx, cy] = coarse;
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    const z = tables[2]![k]!;
    for (let j = 0; j < dims[1]; j++) {
      const y = tables[1]![j]!;
      const row = cx * (y.knot + cy * z.knot);
      for (let i = 0; i < dims[0]; i++) {
        const x = tables[0]![i]!;
        const at = x.knot + row;
        const near = mix(
          mix(knots[at]!, knots[at + 1]!, x.share),
          mix(knots[at + cx]!, knots[at + cx + 1]!, x.share),
          y.share,
        );
        const above = at + cx * cy;
        const far = mix(
          mix(knots[above]!, knots[above + 1]!, x.share),
          mix(knots[above + cx]!, knots[above + cx + 1]!, x.share),
          y.share,
        );
        field[index++] = mix(near, far, z.share);
      }
    }
  }
  return field;
}

const mix = (a: number, b: number, share: number) => a + (b - a) * share;

/** Knot below a place, and the share of the next one, eased so that slopes join. */
function easedPlace(place: number): { knot: number; share: number } {
  const knot = Math.floor(place);
  const t = place - knot;
  return { knot, share: t * t * (3 - 2 * t) };
}
