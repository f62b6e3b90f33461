/** @file Smooth random fields. */
import type { Random } from '../../base/random.ts';
import type { Dims } from '../volume.ts';

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
