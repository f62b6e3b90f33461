/** @file The voxel types: how wide each is and how to make its array. Everything that allocates voxels looks here. */
import type { VoxelData, VoxelType } from './volume.ts';

interface VoxelTypeInfo {
  readonly bytes: 1 | 2 | 4 | 8;
  /** Over `buffer` from `byteOffset`, which must be a multiple of `bytes`. */
  readonly view: (buffer: ArrayBuffer, byteOffset: number, length: number) => VoxelData;
}

export const voxelTypes = {
  int8: { bytes: 1, view: (b, o, n) => new Int8Array(b, o, n) },
  uint8: { bytes: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  int16: { bytes: 2, view: (b, o, n) => new Int16Array(b, o, n) },
  uint16: { bytes: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
  int32: { bytes: 4, view: (b, o, n) => new Int32Array(b, o, n) },
  uint32: { bytes: 4, view: (b, o, n) => new Uint32Array(b, o, n) },
  int64: { bytes: 8, view: (b, o, n) => new BigInt64Array(b, o, n) },
  uint64: { bytes: 8, view: (b, o, n) => new BigUint64Array(b, o, n) },
  float32: { bytes: 4, view: (b, o, n) => new Float32Array(b, o, n) },
  float64: { bytes: 8, view: (b, o, n) => new Float64Array(b, o, n) },
} as const satisfies Record<VoxelType, VoxelTypeInfo>;

/** `length` zeros of this type. */
export function makeVoxels(dtype: VoxelType, length: number): VoxelData {
  return voxelTypes[dtype].view(new ArrayBuffer(length * voxelTypes[dtype].bytes), 0, length);
}

/** The bytes of voxels as they lie in memory; a view. */
export function bytesOf(data: VoxelData): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
