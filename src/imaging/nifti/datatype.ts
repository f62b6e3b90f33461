/** @file The datatype codes of NIfTI and the voxels they stand for. Source: nifti1.h, DT_ codes. */
import type { VoxelType } from '../volume.ts';

export interface NiftiDatatype {
  readonly code: number;
  readonly name: string;
  /** Type of one stored number. */
  readonly dtype: VoxelType;
  /** Numbers a voxel, lying side by side in the file: 3 or 4 for colours, 2 for complex. */
  readonly interleaved: 1 | 2 | 3 | 4;
  readonly bits: number;
}

const row = (
  code: number,
  name: string,
  dtype: VoxelType,
  bits: number,
  interleaved: 1 | 2 | 3 | 4 = 1,
): NiftiDatatype => ({ code, name, dtype, interleaved, bits });

export const niftiDatatypes: readonly NiftiDatatype[] = [
  row(2, 'uint8', 'uint8', 8),
  row(4, 'int16', 'int16', 16),
  row(8, 'int32', 'int32', 32),
  row(16, 'float32', 'float32', 32),
  row(32, 'complex64', 'float32', 64, 2),
  row(64, 'float64', 'float64', 64),
  row(128, 'RGB24', 'uint8', 24, 3),
  row(256, 'int8', 'int8', 8),
  row(512, 'uint16', 'uint16', 16),
  row(768, 'uint32', 'uint32', 32),
  row(1024, 'int64', 'int64', 64),
  row(1280, 'uint64', 'uint64', 64),
  row(1792, 'complex128', 'float64', 128, 2),
  row(2304, 'RGBA32', 'uint8', 32, 4),
];

/** Codes that NIfTI defines but that no array of ours can hold. */
export const unsupportedDatatypes: ReadonlyMap<number, string> = new Map([
  [1, 'bit'],
  [1536, 'float128'],
  [2048, 'complex256'],
]);
