/** @file One time point of a series, as the viewer gets it. */
import { invariant } from '../base/errors.ts';
import { type Volume, type VoxelData, voxelCount } from './volume.ts';

/**
 * Stored voxels of one time point, all components one after another: views of the volume's data, do not write to them.
 * 64-bit whole numbers come as new Float64Arrays, exact up to 2^53.
 */
export function timePointPieces(volume: Volume, timePoint: number): VoxelData[] {
  invariant(timePoint >= 0 && timePoint < volume.timePoints, `time point ${timePoint} out of range`);
  const { data, components, timePoints } = volume;
  const count = voxelCount(volume.dims);
  return Array.from({ length: components }, (_, component) => {
    const start = (component * timePoints + timePoint) * count;
    const piece = data.subarray(start, start + count);
    return piece instanceof BigInt64Array || piece instanceof BigUint64Array
      ? Float64Array.from(piece, Number)
      : piece;
  });
}
