/** @file Where the voxels of a NIfTI file lie: sform, else qform, else centred, as nibabel's `get_best_affine`. */
import {
  type Affine,
  affineFromColumns,
  isInvertible,
  multiplyAffines,
  type Point,
} from '../geometry/affine.ts';
import type { Dims } from '../volume.ts';
import { niftiBadAffine, niftiBadPixdim } from './errors.ts';
import { affineOfQform } from './quaternion.ts';
import type { RawHeader } from './raw-header.ts';

const mmPerUnit: ReadonlyMap<number, number> = new Map([
  [1, 1000],
  [2, 1],
  [3, 0.001],
]);

const secondsPerUnit: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [8, 1],
  [16, 0.001],
  [24, 0.000001],
]);

/** Voxel sizes from pixdim, in the units of the file. Zero counts as 1 and a sign is dropped, as in nibabel. */
function voxelSizes(raw: RawHeader, file: string): Point {
  const size = (index: 1 | 2 | 3): number => {
    // Axes beyond dim[0] often carry 0.
    const found = index > raw.dim[0]! ? raw.pixdim[index]! || 1 : raw.pixdim[index]!;
    if (!Number.isFinite(found)) throw niftiBadPixdim(file, index, found);
    return Math.abs(found) || 1;
  };
  return [size(1), size(2), size(3)];
}

/**
 * The affine of the volume in mm, RAS+.
 *
 * throws  NIFTI_BAD_AFFINE (NaN, flat, or no rotation), NIFTI_BAD_PIXDIM
 */
export function placementOf(raw: RawHeader, dims: Dims, file: string): Affine {
  const sizes = voxelSizes(raw, file);
  const affine = affineInFileUnits(raw, dims, sizes, file);
  const mm = mmPerUnit.get(raw.units & 7) ?? 1;
  if (mm === 1) return affine;
  return multiplyAffines(affineFromColumns([mm, 0, 0], [0, mm, 0], [0, 0, mm], [0, 0, 0]), affine);
}

function affineInFileUnits(raw: RawHeader, dims: Dims, sizes: Point, file: string): Affine {
  if (raw.sformCode !== 0) return sformOf(raw, file);
  if (raw.qformCode !== 0) return qformOf(raw, sizes, file);
  const [x, y, z] = sizes;
  // nibabel's default: x runs to the left, the origin is the middle of the volume.
  return affineFromColumns(
    [-x, 0, 0],
    [0, y, 0],
    [0, 0, z],
    [(x * (dims[0] - 1)) / 2, (-y * (dims[1] - 1)) / 2, (-z * (dims[2] - 1)) / 2],
  );
}

function sformOf({ srow }: RawHeader, file: string): Affine {
  const row = (r: 0 | 1 | 2) => [srow[4 * r]!, srow[4 * r + 1]!, srow[4 * r + 2]!, srow[4 * r + 3]!] as const;
  const affine: Affine = [row(0), row(1), row(2), [0, 0, 0, 1]];
  if (!srow.every(Number.isFinite))
    throw niftiBadAffine({ file, field: 'sform', problem: 'it contains values that are not numbers' });
  if (!isInvertible(affine))
    throw niftiBadAffine({ file, field: 'sform', problem: 'its axes do not span a volume' });
  return affine;
}

function qformOf(raw: RawHeader, spacing: Point, file: string): Affine {
  if (![...raw.quaternion, ...raw.qoffset].every(Number.isFinite))
    throw niftiBadAffine({ file, field: 'qform', problem: 'it contains values that are not numbers' });
  const qfac = raw.pixdim[0]! < 0 ? -1 : 1;
  const affine = affineOfQform({ quaternion: raw.quaternion, qfac, spacing, offset: raw.qoffset });
  if (affine === undefined)
    throw niftiBadAffine({ file, field: 'qform', problem: 'its quaternion is longer than 1' });
  return affine;
}

/** Seconds between time points; 0 when unknown, or when the fourth axis is not time (hertz, ppm, radians). */
export function timeStepOf(raw: RawHeader): number {
  const step = raw.pixdim[4]! * (secondsPerUnit.get(raw.units & 0x38) ?? 0);
  return Number.isFinite(step) && step > 0 ? step : 0;
}
