/** @file Turns voxel data: permutes and flips axes. Moves values, never mixes them, so turning back gives the same bytes. */

import { spacingOf } from './geometry/affine.ts';
import {
  inverseReorientation,
  isUnturned,
  type Reorientation,
  toClosestRas,
  turnedAffine,
  turnedDims,
} from './geometry/orientation.ts';
import type { Dims, Volume, VoxelData } from './volume.ts';

type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** Same bytes seen as unsigned words, so that four kinds of loop serve all types and NaN bits stay as they are. */
function wordsOf(data: VoxelData): Words {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: width } = data;
  if (width === 1) return new Uint8Array(buffer, byteOffset, length);
  if (width === 2) return new Uint16Array(buffer, byteOffset, length);
  if (width === 4) return new Uint32Array(buffer, byteOffset, length);
  return new BigUint64Array(buffer, byteOffset, length);
}

/** For each axis of the turned grid, how far one step goes in the source; and where voxel 0 0 0 comes from. */
function stridesOf(dims: Dims, { axes, flipped }: Reorientation) {
  const plain = [1, dims[0], dims[0] * dims[1]] as const;
  let first = 0;
  const step = (n: 0 | 1 | 2): number => {
    const stride = plain[axes[n]];
    if (!flipped[n]) return stride;
    first += stride * (dims[axes[n]] - 1);
    return -stride;
  };
  return { strideX: step(0), strideY: step(1), strideZ: step(2), first };
}

/**
 * Voxels on the turned grid, for any number of volumes one after another (time points, components).
 *
 * data     x fastest, `dims` voxels a volume
 * returns  a new array of the same type; x fastest along the new first axis
 */
export function turnVoxels<T extends VoxelData>(data: T, dims: Dims, reorientation: Reorientation): T {
  const turned = data.slice() as T;
  if (isUnturned(reorientation)) return turned;
  const source = wordsOf(data);
  const target = wordsOf(turned);
  const count = dims[0] * dims[1] * dims[2];
  for (let start = 0; start < data.length; start += count)
    turnOne(source, target, start, dims, reorientation);
  return turned;
}

function turnOne(
  source: Words,
  target: Words,
  start: number,
  dims: Dims,
  reorientation: Reorientation,
): void {
  const [nx, ny, nz] = turnedDims(dims, reorientation);
  const { strideX, strideY, strideZ, first } = stridesOf(dims, reorientation);
  let out = start;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let from = start + first + z * strideZ + y * strideY;
      for (let x = 0; x < nx; x++) {
        target[out++] = source[from]!;
        from += strideX;
      }
    }
  }
}

/** Puts turned voxels back; `dims` are those of the grid before the turn. */
export function turnBack<T extends VoxelData>(data: T, dims: Dims, reorientation: Reorientation): T {
  return turnVoxels(data, turnedDims(dims, reorientation), inverseReorientation(reorientation));
}

/** The same volume with axes closest to right, anterior, superior. Returns `volume` itself when they already are. */
export function toRasVolume(volume: Volume): Volume {
  const reorientation = toClosestRas(volume.rasFromIjk);
  if (isUnturned(reorientation)) return volume;
  const rasFromIjk = turnedAffine(volume.rasFromIjk, volume.dims, reorientation);
  return {
    ...volume,
    data: turnVoxels(volume.data, volume.dims, reorientation),
    dims: turnedDims(volume.dims, reorientation),
    spacingMm: spacingOf(rasFromIjk),
    rasFromIjk,
  };
}
