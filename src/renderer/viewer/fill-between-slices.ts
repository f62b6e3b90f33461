/**
 * @file Fills the slices between those that were painted: shape-based interpolation (Raya and Udupa 1990). Each painted slice becomes a signed distance
 * map, distances are interpolated linearly, and what is negative is inside.
 */

export interface FillOptions {
  readonly dims: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  /** Slices are those across this axis. */
  readonly axis: 0 | 1 | 2;
  /** The class that is filled; other classes are left as they are. */
  readonly value: number;
}

/** Offsets of voxels that become `value`: only empty ones (0), only between two painted slices. */
export function fillBetweenSlices(labels: Uint8Array, { dims, spacing, axis, value }: FillOptions): number[] {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const shape = { width: dims[u], height: dims[v], stepU: spacing[u], stepV: spacing[v] };
  const offset = (slice: number, at: number) =>
    slice * strides[axis] + (at % dims[u]) * strides[u] + Math.floor(at / dims[u]) * strides[v];
  const size = dims[u] * dims[v];
  const maskOf = (slice: number) =>
    Uint8Array.from({ length: size }, (_, at) => (labels[offset(slice, at)] === value ? 1 : 0));
  const painted = Array.from({ length: dims[axis] }, (_, slice) => slice).filter((slice) =>
    maskOf(slice).includes(1),
  );
  const filled: number[] = [];
  painted.forEach((from, n) => {
    const to = painted[n + 1];
    if (to === undefined || to - from < 2) return;
    const [before, after] = [signedDistance(maskOf(from), shape), signedDistance(maskOf(to), shape)];
    for (let slice = from + 1; slice < to; slice++) {
      const share = (slice - from) / (to - from);
      for (let at = 0; at < size; at++) {
        const inside = (1 - share) * before[at]! + share * after[at]! < 0;
        if (inside && labels[offset(slice, at)] === 0) filled.push(offset(slice, at));
      }
    }
  });
  return filled;
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly stepU: number;
  readonly stepV: number;
}

/** Distance to the border in mm, negative inside. */
export function signedDistance(mask: Uint8Array, shape: Shape): Float64Array {
  const outside = squaredDistance(mask, shape);
  const inside = squaredDistance(
    mask.map((value) => 1 - value),
    shape,
  );
  return outside.map((value, at) => Math.sqrt(value) - Math.sqrt(inside[at]!));
}

const far = 1e12;

/** To the nearest 1, exactly: Felzenszwalb and Huttenlocher 2012, first along rows, then along columns. */
function squaredDistance(mask: Uint8Array, { width, height, stepU, stepV }: Shape): Float64Array {
  const field = Float64Array.from(mask, (value) => (value === 1 ? 0 : far));
  for (let row = 0; row < height; row++)
    transformLine(field, { start: row * width, stride: 1, count: width, step: stepU });
  for (let column = 0; column < width; column++)
    transformLine(field, { start: column, stride: width, count: height, step: stepV });
  return field;
}

function transformLine(
  field: Float64Array,
  { start, stride, count, step }: { start: number; stride: number; count: number; step: number },
): void {
  const values = Float64Array.from({ length: count }, (_, n) => field[start + n * stride]!);
  const apexes = new Int32Array(count);
  const borders = new Float64Array(count + 1);
  const scale = step * step;
  let last = 0;
  borders[0] = Number.NEGATIVE_INFINITY;
  borders[1] = Number.POSITIVE_INFINITY;
  const meet = (q: number, p: number) => (values[q]! - values[p]!) / scale / (2 * (q - p)) + (q + p) / 2;
  for (let q = 1; q < count; q++) {
    let border = meet(q, apexes[last]!);
    while (border <= borders[last]!) border = meet(q, apexes[--last]!);
    apexes[++last] = q;
    borders[last] = border;
    borders[last + 1] = Number.POSITIVE_INFINITY;
  }
  for (let n = 0, apex = 0; n < count; n++) {
    while (borders[apex + 1]! < n) apex++;
    const p = apexes[apex]!;
    field[start + n * stride] = (n - p) ** 2 * scale + values[p]!;
  }
}
