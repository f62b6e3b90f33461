/** @file Short breaks in lines that are found on both sides of the break. */
import type { Comparison } from '../comparison.ts';
import { intersectMasks, type Mask, padMask, subtractMask } from '../mask.ts';
import { flatOffsets, neighbours } from '../topology/neighbourhood.ts';
import { measureParts, stepLengthMm } from '../topology/spanning-length.ts';

/**
 * Pieces of the reference's skeleton that the prediction misses, at most `longestMm` long, with found skeleton at two or
 * more ends. A missing tip or a whole missing branch is no gap. 0 when either mask is empty.
 * The length runs from halfway to the found voxel on one side to halfway on the other: n missed voxels in a straight row
 * are n steps long.
 */
export function gapCount({ prediction, reference }: Comparison, longestMm = 5): number {
  const skeleton = reference.skeleton();
  const missed = measureParts(subtractMask(skeleton, prediction.mask));
  const found = padMask(intersectMasks(skeleton, prediction.mask));
  const ends = foundEnds(missed.labels, missed.count, found);
  return ends.filter((endsOfPiece, label) => {
    const halves = groupEnds(endsOfPiece, found).map((connectionMm) => connectionMm / 2);
    const lengthMm = halves.reduce((sum, half) => sum + half, missed.lengthMm[label]!);
    return halves.length >= 2 && lengthMm <= longestMm + 1e-9;
  }).length;
}

/** Found skeleton voxels next to a missed piece, by place, with the length of the shortest step to it. */
type Ends = Map<number, number>;

function foundEnds(labels: Int32Array, count: number, found: Mask): Ends[] {
  const offsets = flatOffsets(found.dims[0], found.dims[0] * found.dims[1]);
  const lengths = neighbours.map((step) => stepLengthMm(step, found.spacingMm));
  const ends = Array.from({ length: count + 1 }, (): Ends => new Map());
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    const own = ends[labels[at]!]!;
    for (let n = 0; n < 26; n++) {
      const other = at + offsets[n]!;
      if (found.data[other] === 1) own.set(other, Math.min(own.get(other) ?? Infinity, lengths[n]!));
    }
  }
  return ends;
}

/** Ends that touch each other are one end; its shortest connection stands for it. */
function groupEnds(ends: Ends, { dims }: Mask): number[] {
  const offsets = flatOffsets(dims[0], dims[0] * dims[1]);
  const left = new Set(ends.keys());
  const connections: number[] = [];
  for (const first of ends.keys()) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const at of group) {
      for (const offset of offsets) if (left.delete(at + offset)) group.push(at + offset);
    }
    connections.push(Math.min(...group.map((at) => ends.get(at)!)));
  }
  return connections;
}
