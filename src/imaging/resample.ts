/** @file Values of one grid at the voxels of another. */
import { type Affine, invertAffine, multiplyAffines, type Row } from './geometry/affine.ts';
import type { Grid } from './grid.ts';
import { type AxisTaps, makeTaps } from './resample-taps.ts';
import type { Dims } from './volume.ts';

/** Nearest for label maps; linear for images and probabilities; cubic (Keys, a = −½) keeps edges sharper and overshoots. */
export type Interpolation = 'nearest' | 'linear' | 'cubic';

export interface ResampleOptions {
  readonly interpolation: Interpolation;
  /** What lies beyond the outer faces of the source: the nearest voxel ('edge'), or this value. */
  readonly outside: 'edge' | number;
}

/**
 * Resamples one volume onto another grid.
 * No smoothing before downsampling: fine structure may alias.
 *
 * values   `source.dims`, x fastest
 * returns  new array, `target.dims`, x fastest
 * edges    within half a voxel of the outer voxel centres the outer voxel's value holds
 */
export function resample(
  values: Float32Array,
  source: Grid,
  target: Grid,
  options: ResampleOptions,
): Float32Array {
  const sourceFromTarget = multiplyAffines(invertAffine(source.rasFromIjk), target.rasFromIjk);
  const grids = { sourceDims: source.dims, targetDims: target.dims };
  if (isAxisAligned(sourceFromTarget)) return resampleAligned(values, grids, sourceFromTarget, options);
  return resampleOblique(values, grids, sourceFromTarget, options);
}

interface GridSizes {
  readonly sourceDims: Dims;
  readonly targetDims: Dims;
}

/** Whether each target axis runs along the source axis of the same number. */
function isAxisAligned([a, b, c]: Affine): boolean {
  const scale = Math.max(Math.abs(a[0]), Math.abs(b[1]), Math.abs(c[2]));
  return [a[1], a[2], b[0], b[2], c[0], c[1]].every((entry) => Math.abs(entry) < 1e-9 * scale);
}

/** One axis at a time: 2, 4 or 1 multiplications a voxel and axis. */
function resampleAligned(
  values: Float32Array,
  { sourceDims, targetDims }: GridSizes,
  sourceFromTarget: Affine,
  { interpolation, outside }: ResampleOptions,
): Float32Array {
  const taps = ([0, 1, 2] as const).map((axis) => {
    const row = sourceFromTarget[axis];
    const place = { first: row[3], step: row[axis], count: targetDims[axis] };
    return makeTaps(place, sourceDims[axis], interpolation);
  }) as [AxisTaps, AxisTaps, AxisTaps];
  let current = values;
  let dims: Dims = sourceDims;
  for (const axis of [0, 1, 2] as const) {
    current = resampleAxis(current, dims, axis, taps[axis]);
    dims = dims.with(axis, targetDims[axis]) as unknown as Dims;
  }
  if (outside !== 'edge') fillOutside(current, dims, taps, outside);
  return current;
}

function resampleAxis(
  values: Float32Array,
  dims: Dims,
  axis: 0 | 1 | 2,
  { width, index, weight, count }: AxisTaps,
): Float32Array {
  const inner = axis === 0 ? 1 : axis === 1 ? dims[0] : dims[0] * dims[1];
  const outer = (dims[0] * dims[1] * dims[2]) / (inner * dims[axis]);
  const result = new Float32Array(inner * count * outer);
  for (let o = 0; o < outer; o++) {
    for (let n = 0; n < count; n++) {
      const to = (o * count + n) * inner;
      for (let tap = n * width; tap < (n + 1) * width; tap++) {
        const from = (o * dims[axis] + index[tap]!) * inner;
        const share = weight[tap]!;
        if (share === 0) continue;
        for (let i = 0; i < inner; i++) result[to + i] = result[to + i]! + values[from + i]! * share;
      }
    }
  }
  return result;
}

function fillOutside(
  values: Float32Array,
  dims: Dims,
  [x, y, z]: [AxisTaps, AxisTaps, AxisTaps],
  fill: number,
): void {
  let at = 0;
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, at++)
        if (!(x.inside[i]! && y.inside[j]! && z.inside[k]!)) values[at] = fill;
}

/** Any affine: walks target rows and looks the source up at each voxel. */
function resampleOblique(
  values: Float32Array,
  { sourceDims, targetDims }: GridSizes,
  [rowX, rowY, rowZ]: Affine,
  { interpolation, outside }: ResampleOptions,
): Float32Array {
  const result = new Float32Array(targetDims[0] * targetDims[1] * targetDims[2]);
  const look = samplers[interpolation];
  const at = (row: Row, j: number, k: number): number => row[1] * j + row[2] * k + row[3];
  let out = 0;
  for (let k = 0; k < targetDims[2]; k++) {
    for (let j = 0; j < targetDims[1]; j++) {
      const x = at(rowX, j, k);
      const y = at(rowY, j, k);
      const z = at(rowZ, j, k);
      for (let i = 0; i < targetDims[0]; i++) {
        const sx = x + rowX[0] * i;
        const sy = y + rowY[0] * i;
        const sz = z + rowZ[0] * i;
        const isInside = outside === 'edge' || isWithin(sourceDims, sx, sy, sz);
        result[out++] = isInside ? look(values, sourceDims, sx, sy, sz) : (outside as number);
      }
    }
  }
  return result;
}

function isWithin(dims: Dims, x: number, y: number, z: number): boolean {
  const half = -0.5 - 1e-6;
  return (
    x >= half &&
    y >= half &&
    z >= half &&
    x <= dims[0] - 1 - half &&
    y <= dims[1] - 1 - half &&
    z <= dims[2] - 1 - half
  );
}

type Sampler = (values: Float32Array, dims: Dims, x: number, y: number, z: number) => number;

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

const sampleNearest: Sampler = (values, dims, x, y, z) => {
  const i = clamp(Math.floor(x + 0.5), dims[0] - 1);
  const j = clamp(Math.floor(y + 0.5), dims[1] - 1);
  const k = clamp(Math.floor(z + 0.5), dims[2] - 1);
  return values[(k * dims[1] + j) * dims[0] + i]!;
};

const sampleLinear: Sampler = (values, dims, x, y, z) => {
  const [nx, ny, nz] = dims;
  const cx = clamp(x, nx - 1);
  const cy = clamp(y, ny - 1);
  const cz = clamp(z, nz - 1);
  const i = Math.floor(cx);
  const j = Math.floor(cy);
  const k = Math.floor(cz);
  const base = (k * ny + j) * nx + i;
  const dx = i + 1 < nx ? 1 : 0;
  const dy = j + 1 < ny ? nx : 0;
  const dz = k + 1 < nz ? nx * ny : 0;
  const fx = cx - i;
  const fy = cy - j;
  const row = (at: number): number => values[at]! + (values[at + dx]! - values[at]!) * fx;
  const near = row(base) + (row(base + dy) - row(base)) * fy;
  const far = row(base + dz) + (row(base + dz + dy) - row(base + dz)) * fy;
  return near + (far - near) * (cz - k);
};

const sampleCubic: Sampler = (values, dims, x, y, z) => {
  const tapsOf = (place: number, size: number) =>
    makeTaps({ first: place, step: 0, count: 1 }, size, 'cubic');
  const tx = tapsOf(x, dims[0]);
  const ty = tapsOf(y, dims[1]);
  const tz = tapsOf(z, dims[2]);
  let sum = 0;
  for (let c = 0; c < 4; c++)
    for (let b = 0; b < 4; b++)
      for (let a = 0; a < 4; a++) {
        const at = (tz.index[c]! * dims[1] + ty.index[b]!) * dims[0] + tx.index[a]!;
        sum += values[at]! * tx.weight[a]! * ty.weight[b]! * tz.weight[c]!;
      }
  return sum;
};

const samplers: Record<Interpolation, Sampler> = {
  nearest: sampleNearest,
  linear: sampleLinear,
  cubic: sampleCubic,
};
