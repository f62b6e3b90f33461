/**
 * @file Smooth displacement fields: uniform cubic B-splines on a coarse grid of control points.
 * Convention as ITK's BSplineTransform: n control points span n − 3 intervals over the patch, from its first voxel to its last.
 */
import { invariant } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { product, type Triple } from './patch-shape.ts';

/** The four weights of the control points around a place, for its fraction 0-1 within the interval. They add up to 1. */
export function cubicWeights(fraction: number): readonly [number, number, number, number] {
  const t = fraction;
  const s = 1 - t;
  return [
    (s * s * s) / 6,
    (3 * t * t * t - 6 * t * t + 4) / 6,
    (3 * s * s * s - 6 * s * s + 4) / 6,
    (t * t * t) / 6,
  ];
}

/**
 * Evaluates one component of the spline at every voxel.
 *
 * control  values at the control points, [a, b, c] in C order, each at least 4
 * size     [D, H, W] of the result
 * returns  Float32Array [D, H, W]; voxel v of an axis of size s lies at v / (s − 1) · (points − 3), a single voxel at the middle
 */
export function evaluateBspline(control: Float32Array, points: Triple, size: Triple): Float32Array {
  invariant(
    points.every((count) => count >= 4),
    'a cubic B-spline needs four control points per axis',
  );
  let values = Float64Array.from(control);
  const shape: number[] = [...points];
  for (const axis of [2, 1, 0]) {
    values = expandAxis(values, shape, axis, size[axis]!);
    shape[axis] = size[axis]!;
  }
  return Float32Array.from(values);
}

function expandAxis(
  values: Float64Array,
  shape: readonly number[],
  axis: number,
  size: number,
): Float64Array<ArrayBuffer> {
  const points = shape[axis]!;
  const inner = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  const out = new Float64Array(outer * size * inner);
  for (let v = 0; v < size; v++) {
    const place = size === 1 ? (points - 3) / 2 : (v / (size - 1)) * (points - 3);
    const first = Math.min(points - 4, Math.floor(place));
    const weights = cubicWeights(place - first);
    for (let o = 0; o < outer; o++) {
      const target = (o * size + v) * inner;
      for (let tap = 0; tap < 4; tap++) {
        const source = (o * points + first + tap) * inner;
        const weight = weights[tap]!;
        for (let i = 0; i < inner; i++) out[target + i]! += weight * values[source + i]!;
      }
    }
  }
  return out;
}

/** Control points drawn by `draw`, in C order. */
export function randomControl(points: Triple, draw: () => number): Float32Array {
  return Float32Array.from({ length: product(points) }, draw);
}

export interface BsplineGridOptions {
  /** [D, H, W]. */
  readonly size: Triple;
  /** Axes of the grid that the engine sees: 1-3, as many as the patch has. */
  readonly rank: number;
  readonly controlPoints: readonly number[];
  readonly maxDisplacement: readonly number[];
  readonly lockedBorders: number;
}

/**
 * A sampling grid for `gridSample` with align corners: identity plus a random displacement, one sample [D, H, W, rank], last axis (x, y, z).
 * Control values are uniform in ± the drawn largest displacement, in normalised units (−1 … 1 over the patch).
 * Source: Chatterjee et al. 2022 (DS6).
 */
export function randomBsplineGrid(random: Random, options: BsplineGridOptions): Float32Array {
  const { size, rank } = options;
  const count = random.pick(options.controlPoints);
  const largest = random.pick(options.maxDisplacement);
  const voxels = product(size);
  const grid = new Float32Array(voxels * rank);
  // Component 0 is x, which runs along the fastest tensor axis.
  for (let component = 0; component < rank; component++) {
    const points: Triple = [rank >= 3 ? count : 4, rank >= 2 ? count : 4, count];
    const control = randomControl(points, () => random.uniform(-largest, largest));
    lockBorders(control, points, { locked: options.lockedBorders, rank });
    const field = evaluateBspline(control, points, size);
    const axis = 2 - component;
    const stride = product(size.slice(axis + 1));
    for (let i = 0; i < voxels; i++) {
      const at = Math.floor(i / stride) % size[axis]!;
      const identity = size[axis] === 1 ? 0 : -1 + (2 * at) / (size[axis]! - 1);
      grid[i * rank + component] = identity + field[i]!;
    }
  }
  return grid;
}

function lockBorders(
  control: Float32Array,
  points: Triple,
  { locked, rank }: { locked: number; rank: number },
): void {
  for (let i = 0; i < control.length; i++) {
    const at = [
      Math.floor(i / (points[1] * points[2])),
      Math.floor(i / points[2]) % points[1],
      i % points[2],
    ];
    // Axes that the patch does not have are not bordered.
    const onBorder = at.some(
      (position, axis) => axis >= 3 - rank && (position < locked || position >= points[axis]! - locked),
    );
    if (onBorder) control[i] = 0;
  }
}
