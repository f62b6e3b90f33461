/** @file How far each voxel is from the nearest background voxel, exactly, in millimetres. */
import type { Dims } from './volume.ts';

/**
 * Euclidean distance in mm from each foreground voxel (not 0) to the nearest background voxel (0), centre to centre;
 * 0 in the background; infinite when there is no background. Squared distances are kept as float32 between axes.
 *
 * mask     `dims`, x fastest
 * returns  new array of the same order
 * source   Felzenszwalb and Huttenlocher 2012, "Distance transforms of sampled functions", one axis after another
 */
export function distanceTransform(
  mask: ArrayLike<number>,
  dims: Dims,
  spacingMm: readonly [number, number, number],
): Float32Array {
  const squares = new Float32Array(dims[0] * dims[1] * dims[2]);
  for (let i = 0; i < squares.length; i++) squares[i] = mask[i]! === 0 ? 0 : Number.POSITIVE_INFINITY;
  const scratch = makeScratch(Math.max(...dims));
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const lineCount = squares.length / dims[axis];
    for (let line = 0; line < lineCount; line++) {
      const inner = line % strides[axis];
      const first = (line - inner) * dims[axis] + inner;
      transformLine(squares, scratch, { first, stride: strides[axis], count: dims[axis] }, spacingMm[axis]);
    }
  }
  for (let i = 0; i < squares.length; i++) squares[i] = Math.sqrt(squares[i]!);
  return squares;
}

interface Scratch {
  /** The line as read. */
  readonly value: Float64Array;
  /** Voxels whose parabola is part of the lower envelope, and where each begins to be the lowest. */
  readonly vertex: Int32Array;
  readonly from: Float64Array;
}

function makeScratch(count: number): Scratch {
  return {
    value: new Float64Array(count),
    vertex: new Int32Array(count),
    from: new Float64Array(count + 1),
  };
}

interface Line {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** d(p) = min over q of (spacing · (p − q))² + f(q), in place, by the lower envelope of parabolas. */
function transformLine(
  squares: Float32Array,
  { value, vertex, from }: Scratch,
  { first, stride, count }: Line,
  spacing: number,
): void {
  const unit = spacing * spacing;
  let last = -1;
  for (let q = 0; q < count; q++) {
    const f = squares[first + q * stride]!;
    value[q] = f;
    if (f === Number.POSITIVE_INFINITY) continue;
    let start = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const v = vertex[last]!;
      start = (f - value[v]! + unit * (q * q - v * v)) / (2 * unit * (q - v));
      if (start > from[last]!) break;
      last--;
    }
    vertex[++last] = q;
    from[last] = last === 0 ? Number.NEGATIVE_INFINITY : start;
  }
  if (last < 0) return;
  from[last + 1] = Number.POSITIVE_INFINITY;
  for (let p = 0, part = 0; p < count; p++) {
    while (from[part + 1]! < p) part++;
    const v = vertex[part]!;
    squares[first + p * stride] = unit * (p - v) * (p - v) + value[v]!;
  }
}
