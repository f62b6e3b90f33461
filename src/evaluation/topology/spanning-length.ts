/** @file How long thin lines of voxels are, in millimetres. */
import { labelComponents } from '../../imaging/components.ts';
import { type Mask, padMask } from '../mask.ts';
import { flatOffsets, neighbours, type Step } from './neighbourhood.ts';

export interface MeasuredParts {
  /** Of the padded mask: 0 outside, else 1 … count. */
  readonly labels: Int32Array;
  readonly count: number;
  /** By label; 0 for a part of a single voxel. */
  readonly lengthMm: Float64Array;
}

export function stepLengthMm({ x, y, z }: Step, spacingMm: Mask['spacingMm']): number {
  return Math.hypot(x * spacingMm[0], y * spacingMm[1], z * spacingMm[2]);
}

/**
 * Parts (26-connected) of a skeleton and the length of each: that of a minimum spanning tree over neighbouring voxels,
 * centre to centre. So clusters at forks do not count twice, and a closed loop is short of one step.
 *
 * source  Kruskal 1956; there are only 13 steps, so no sorting beyond them
 */
export function measureParts(skeleton: Mask): MeasuredParts {
  const padded = padMask(skeleton);
  const { labels, count } = labelComponents(padded.data, padded.dims, 26);
  const lengthMm = new Float64Array(count + 1);
  const voxels = padded.data.reduce<number[]>((list, value, at) => {
    if (value !== 0) list.push(at);
    return list;
  }, []);
  const parent = new Int32Array(padded.data.length);
  for (const at of voxels) parent[at] = at;
  for (const { offset, length } of stepsByLength(padded)) {
    for (const at of voxels) {
      if (padded.data[at + offset] === 0) continue;
      const a = rootOf(parent, at);
      const b = rootOf(parent, at + offset);
      if (a === b) continue;
      parent[a] = b;
      lengthMm[labels[at]!] = lengthMm[labels[at]!]! + length;
    }
  }
  return { labels, count, lengthMm };
}

/** Length of all parts together. */
export function skeletonLengthMm(skeleton: Mask): number {
  return measureParts(skeleton).lengthMm.reduce((sum, length) => sum + length, 0);
}

/** Half of the 26 steps, as the other half leads back; shortest first. */
function stepsByLength({ dims, spacingMm }: Mask): { offset: number; length: number }[] {
  return Array.from(flatOffsets(dims[0], dims[0] * dims[1]), (offset, n) => ({
    offset,
    length: stepLengthMm(neighbours[n]!, spacingMm),
  }))
    .slice(13)
    .sort((a, b) => a.length - b.length);
}

function rootOf(parent: Int32Array, voxel: number): number {
  let root = voxel;
  while (parent[root]! !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}
