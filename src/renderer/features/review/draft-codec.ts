/**
 * @file Label maps as runs of equal values, for drafts: pairs of length and value, since a label map is mostly background.
 * Neighbours along x are equal almost always, so a map of 16 million voxels is a few hundred kilobytes.
 */

/** `[length, value, length, value, …]`. Empty for no voxels. */
export function encodeRuns(voxels: Uint8Array): Uint32Array<ArrayBuffer> {
  let runCount = voxels.length === 0 ? 0 : 1;
  for (let index = 1; index < voxels.length; index++) if (voxels[index] !== voxels[index - 1]) runCount++;
  const runs = new Uint32Array(2 * runCount);
  let start = 0;
  let at = 0;
  for (let index = 1; index <= voxels.length; index++) {
    if (index < voxels.length && voxels[index] === voxels[start]) continue;
    runs[at++] = index - start;
    runs[at++] = voxels[start]!;
    start = index;
  }
  return runs;
}

/** Null when the runs do not make up `voxelCount` voxels, as after a change of the image. */
export function decodeRuns(runs: Uint32Array, voxelCount: number): Uint8Array<ArrayBuffer> | null {
  const voxels = new Uint8Array(voxelCount);
  let at = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    const end = at + runs[index]!;
    if (end > voxelCount) return null;
    voxels.fill(runs[index + 1]!, at, end);
    at = end;
  }
  return at === voxelCount ? voxels : null;
}
