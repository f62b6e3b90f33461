/**
 * @file Thins a mask to its centreline without change of topology.
 * Source: Lee, Kashyap, Chu 1994, "Building skeleton models via 3-D medial surface/axis thinning algorithms".
 */
import { type Mask, padMask } from './mask.ts';
import { flatOffsets, isSimple, isTip, patternAt } from './topology/neighbourhood.ts';

const isForeground = 1;
/** In the list of voxels that have background next to them. */
const isListed = 2;

interface Thinning {
  /** Padded; bits isForeground and isListed. */
  readonly voxels: Uint8Array;
  readonly offsets: Int32Array;
  /** Steps to the six neighbours by face. */
  readonly faces: readonly number[];
  /** Foreground voxels with background at a face, in order of place. */
  border: Int32Array;
}

/**
 * The skeleton: one voxel wide lines (26-connected) with as many parts, loops and cavities as the mask.
 *
 * Layers are peeled from six sides in turn. Voxels of one side that may go are found first, then removed one by one in
 * the order of their place, each only if that still keeps the topology; so the result is the same on every machine.
 * The order of the sides is scikit-image's. Beyond it, the second look also asks for an unchanged Euler number, without
 * which loops can open or close.
 * A mask of a single slice is thinned as a picture. Outside the volume is background; empty stays empty.
 * Takes time in proportion to the surface times the largest radius.
 */
export function skeletonOf(mask: Mask): Mask {
  const padded = padMask(mask);
  const [nx, ny] = padded.dims;
  const slice = nx * ny;
  const thinning: Thinning = {
    voxels: padded.data,
    offsets: flatOffsets(nx, slice),
    faces: [-nx, nx, 1, -1, slice, -slice],
    border: new Int32Array(0),
  };
  thinning.border = listBorder(thinning);
  const axisOfFace = [1, 1, 0, 0, 2, 2] as const;
  const sides = thinning.faces.filter((_, face) => mask.dims[axisOfFace[face]!] > 1);
  let isThin = false;
  while (!isThin) isThin = sides.map((side) => peel(thinning, side)).every((removed) => !removed);
  return unpad(mask, padded);
}

function listBorder({ voxels, faces }: Thinning): Int32Array {
  const border: number[] = [];
  for (let at = 0; at < voxels.length; at++) {
    if (voxels[at] === 0 || faces.every((step) => voxels[at + step] !== 0)) continue;
    voxels[at] = isForeground | isListed;
    border.push(at);
  }
  return Int32Array.from(border);
}

/** Removes what can go from one side; whether anything went. */
function peel(thinning: Thinning, side: number): boolean {
  const { voxels, offsets, border } = thinning;
  const candidates: number[] = [];
  for (const at of border) {
    if ((voxels[at + side]! & isForeground) !== 0) continue;
    const pattern = patternAt(voxels, at, offsets);
    if (!isTip(pattern) && isSimple(pattern)) candidates.push(at);
  }
  const exposed: number[] = [];
  let removedCount = 0;
  for (const at of candidates) {
    if (!isSimple(patternAt(voxels, at, offsets))) continue;
    voxels[at] = 0;
    removedCount++;
    listNeighbours(thinning, at, exposed);
  }
  if (removedCount > 0) thinning.border = merged(border, Int32Array.from(exposed).sort(), voxels);
  return removedCount > 0;
}

function listNeighbours({ voxels, faces }: Thinning, at: number, exposed: number[]): void {
  for (const step of faces) {
    if (voxels[at + step] !== isForeground) continue;
    voxels[at + step] = isForeground | isListed;
    exposed.push(at + step);
  }
}

/** Both lists in order, without those that are background by now. */
function merged(border: Int32Array, exposed: Int32Array, voxels: Uint8Array): Int32Array {
  const result = new Int32Array(border.length + exposed.length);
  let count = 0;
  let next = 0;
  for (const at of border) {
    while (next < exposed.length && exposed[next]! < at) count = keep(exposed[next++]!, count);
    count = keep(at, count);
  }
  while (next < exposed.length) count = keep(exposed[next++]!, count);
  return result.slice(0, count);

  function keep(at: number, place: number): number {
    if (voxels[at] === 0) return place;
    result[place] = at;
    return place + 1;
  }
}

function unpad(mask: Mask, padded: Mask): Mask {
  const [nx, ny, nz] = mask.dims;
  const data = new Uint8Array(mask.data.length);
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = ((z + 1) * padded.dims[1] + y + 1) * padded.dims[0] + 1;
      for (let x = 0; x < nx; x++, at++) data[at] = padded.data[row + x]! & isForeground;
    }
  }
  return { ...mask, data };
}
