/** @file Connected parts of a mask: labels them, drops the small ones, keeps the large ones. */
import type { Dims } from './volume.ts';

/** Voxels touch by faces (6), also by edges (18), also by corners (26). */
export type Connectivity = 6 | 18 | 26;

export interface Components {
  /** 0 outside the mask, else 1 … count in the order in which parts are met, x fastest. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Voxels of each part; `sizes[0]` is 0. */
  readonly sizes: Int32Array;
}

/** Stretches of foreground along x: the unit of work, so that solid masks cost little more than sparse ones. */
interface Runs {
  readonly count: number;
  /** First and one past the last x of each run. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** First run of each (y, z) row; one entry more than rows. */
  readonly rowStart: Int32Array;
}

function findRuns(mask: ArrayLike<number>, [nx, ny, nz]: Dims): Runs {
  const rowCount = ny * nz;
  const rowStart = new Int32Array(rowCount + 1);
  let count = 0;
  for (let at = 0, row = 0; row < rowCount; row++)
    for (let x = 0; x < nx; x++, at++) if (mask[at]! !== 0 && (x === 0 || mask[at - 1]! === 0)) count++;
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  let run = 0;
  for (let row = 0; row < rowCount; row++) {
    rowStart[row] = run;
    const base = row * nx;
    for (let x = 0; x < nx; x++) {
      if (mask[base + x]! === 0) continue;
      start[run] = x;
      while (x < nx && mask[base + x]! !== 0) x++;
      end[run++] = x;
    }
  }
  rowStart[rowCount] = run;
  return { count, start, end, rowStart };
}

function rootOf(parent: Int32Array, run: number): number {
  let root = run;
  while (parent[root]! !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}

/** Joins the runs of two rows that overlap, or come within `reach` voxels of it. The smaller number stays the root. */
function joinRows(runs: Runs, parent: Int32Array, row: number, other: number, reach: 0 | 1): void {
  const { start, end, rowStart } = runs;
  let a = rowStart[row]!;
  let b = rowStart[other]!;
  const aEnd = rowStart[row + 1]!;
  const bEnd = rowStart[other + 1]!;
  while (a < aEnd && b < bEnd) {
    if (start[a]! < end[b]! + reach && start[b]! < end[a]! + reach) {
      const rootA = rootOf(parent, a);
      const rootB = rootOf(parent, b);
      if (rootA < rootB) parent[rootB] = rootA;
      else parent[rootA] = rootB;
    }
    if (end[a]! < end[b]!) a++;
    else b++;
  }
}

function joinAll(runs: Runs, [, ny, nz]: Dims, connectivity: Connectivity): Int32Array {
  const parent = Int32Array.from({ length: runs.count }, (_, run) => run);
  const byEdge = connectivity >= 18 ? 1 : 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = z * ny + y;
      if (y > 0) joinRows(runs, parent, row, row - 1, byEdge);
      if (z === 0) continue;
      joinRows(runs, parent, row, row - ny, byEdge);
      if (connectivity === 6) continue;
      const byCorner = connectivity === 26 ? 1 : 0;
      if (y > 0) joinRows(runs, parent, row, row - ny - 1, byCorner);
      if (y + 1 < ny) joinRows(runs, parent, row, row - ny + 1, byCorner);
    }
  }
  return parent;
}

/**
 * Labels the connected parts of a mask (anything but 0 is foreground).
 *
 * mask     `dims`, x fastest
 * source   He, Chao, Suzuki 2008, "A run-based two-scan labeling algorithm"
 */
export function labelComponents(mask: ArrayLike<number>, dims: Dims, connectivity: Connectivity): Components {
  const runs = findRuns(mask, dims);
  const parent = joinAll(runs, dims, connectivity);
  const labelOfRun = new Int32Array(runs.count);
  let count = 0;
  // A root comes before the runs that hang on it, as the smaller number is always the root.
  for (let run = 0; run < runs.count; run++) {
    const root = rootOf(parent, run);
    labelOfRun[run] = root === run ? ++count : labelOfRun[root]!;
  }
  const labels = new Int32Array(dims[0] * dims[1] * dims[2]);
  const sizes = new Int32Array(count + 1);
  for (let row = 0; row < dims[1] * dims[2]; row++) {
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      const label = labelOfRun[run]!;
      labels.fill(label, row * dims[0] + runs.start[run]!, row * dims[0] + runs.end[run]!);
      sizes[label] = sizes[label]! + runs.end[run]! - runs.start[run]!;
    }
  }
  return { labels, count, sizes };
}

/** The mask (0 and 1) without parts of fewer than `leastVoxels`. */
export function removeSmallComponents(
  mask: ArrayLike<number>,
  dims: Dims,
  options: { readonly connectivity: Connectivity; readonly leastVoxels: number },
): Uint8Array {
  const { labels, sizes } = labelComponents(mask, dims, options.connectivity);
  return maskOfLabels(labels, (label) => sizes[label]! >= options.leastVoxels, sizes.length);
}

/** The mask (0 and 1) of the `count` parts with most voxels; of equal parts those met first. */
export function keepLargestComponents(
  mask: ArrayLike<number>,
  dims: Dims,
  options: { readonly connectivity: Connectivity; readonly count: number },
): Uint8Array {
  const { labels, sizes } = labelComponents(mask, dims, options.connectivity);
  const order = Array.from(sizes.keys())
    .slice(1)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const kept = new Set(order.slice(0, options.count));
  return maskOfLabels(labels, (label) => kept.has(label), sizes.length);
}

/** 1 where the label is kept; label 0 never is. */
export function maskOfLabels(
  labels: Int32Array,
  isKept: (label: number) => boolean,
  labelCount: number,
): Uint8Array {
  const table = Uint8Array.from({ length: labelCount }, (_, label) => (label > 0 && isKept(label) ? 1 : 0));
  const mask = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) mask[i] = table[labels[i]!]!;
  return mask;
}
