/** @file The 26 neighbours of a voxel as the bits of one number, and what their pattern says about the voxel. */

/** A step to a neighbour, in voxels along x, y, z. */
export interface Step {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Bit n of a pattern stands for neighbour n: x fastest, then y, then z, the voxel itself left out. */
export const neighbours: readonly Step[] = [-1, 0, 1].flatMap((z) =>
  [-1, 0, 1].flatMap((y) => [-1, 0, 1].flatMap((x) => (x === 0 && y === 0 && z === 0 ? [] : [{ x, y, z }]))),
);

/** Distances between neighbours in a flat array of these row and slice lengths. */
export function flatOffsets(rowLength: number, sliceLength: number): Int32Array {
  return Int32Array.from(neighbours, ({ x, y, z }) => x + y * rowLength + z * sliceLength);
}

/** 1 for neighbours by face, 2 by edge, 3 by corner. */
const degree = neighbours.map(({ x, y, z }) => Math.abs(x) + Math.abs(y) + Math.abs(z));

function patternOf(isIn: (index: number) => boolean): number {
  return neighbours.reduce((pattern, _, index) => (isIn(index) ? pattern | (1 << index) : pattern), 0);
}

const byFace = patternOf((index) => degree[index] === 1);
const byFaceOrEdge = patternOf((index) => degree[index]! <= 2);

function adjacency(isAdjacent: (dx: number, dy: number, dz: number) => boolean): Int32Array {
  return Int32Array.from(neighbours, (a, i) =>
    patternOf((j) => {
      const b = neighbours[j]!;
      return i !== j && isAdjacent(Math.abs(a.x - b.x), Math.abs(a.y - b.y), Math.abs(a.z - b.z));
    }),
  );
}

const adjacent26 = adjacency((dx, dy, dz) => Math.max(dx, dy, dz) === 1);
const adjacent6 = adjacency((dx, dy, dz) => dx + dy + dz === 1);

/** All of `allowed` that hangs together with one of its members, the one of the highest bit of `start`. */
function flood(start: number, allowed: number, adjacent: Int32Array): number {
  let frontier = 1 << (31 - Math.clz32(start));
  let reached = frontier;
  while (frontier !== 0) {
    const bit = 31 - Math.clz32(frontier);
    const fresh = adjacent[bit]! & allowed & ~reached;
    reached |= fresh;
    frontier = (frontier ^ (1 << bit)) | fresh;
  }
  return reached;
}

/** Which of the 26 neighbours of the voxel at `at` are foreground. The volume must be padded; see {@link flatOffsets}. */
export function patternAt(foreground: Uint8Array, at: number, offsets: Int32Array): number {
  let pattern = 0;
  for (let n = 0; n < 26; n++) pattern |= (foreground[at + offsets[n]!]! & 1) << n;
  return pattern;
}

/** Whether exactly one neighbour is foreground: the tip of a line. */
export function isTip(pattern: number): boolean {
  return pattern !== 0 && (pattern & (pattern - 1)) === 0;
}

/**
 * Whether the voxel can be removed without change of topology (26-connected foreground, 6-connected background):
 * its foreground neighbours are one part, and so is the background that touches it by a face.
 *
 * source  Bertrand and Malandain 1994, "A new characterization of three-dimensional simple points"; it is equivalent to
 *         Lee's pair of conditions, unchanged Euler number and one part of foreground
 */
export function isSimple(pattern: number): boolean {
  if (pattern === 0 || flood(pattern, pattern, adjacent26) !== pattern) return false;
  const touching = ~pattern & byFace;
  if (touching === 0) return false;
  return (touching & ~flood(touching, ~pattern & byFaceOrEdge, adjacent6)) === 0;
}
