/** @file The fields of a NIfTI-1 or NIfTI-2 header as numbers, not yet believed. The only door to nifti-reader-js. */
import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { analyzeUnsupported, niftiBadMagic, niftiTruncated } from './errors.ts';

export interface RawHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Voxels lie in another file. */
  readonly isPair: boolean;
  readonly dim: readonly number[];
  readonly pixdim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly voxOffset: number;
  readonly sclSlope: number;
  readonly sclInter: number;
  readonly units: number;
  readonly intentCode: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d of the unit quaternion. */
  readonly quaternion: readonly [number, number, number];
  readonly qoffset: readonly [number, number, number];
  /** Twelve numbers: srow_x, srow_y, srow_z. */
  readonly srow: readonly number[];
}

export const headerBytes = { 1: 348, 2: 540 } as const;

const magicAt = { 1: 344, 2: 4 } as const;
const text = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

/** The version that the magic names, or undefined. Looks at content only. */
export function niftiVersion(bytes: Uint8Array): 1 | 2 | undefined {
  if (/^n[+i]1\0$/.test(text(bytes, magicAt[1], 4))) return 1;
  if (/^n[+i]2\0$/.test(text(bytes, magicAt[2], 4))) return 2;
  return undefined;
}

/** What sizeof_hdr says at the start of the bytes, in either byte order. */
function declaredSize(bytes: Uint8Array): { size: number; littleEndian: boolean } | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === 348 || size === 540) return { size, littleEndian };
  }
  return undefined;
}

/** Whether bytes begin like NIfTI or ANALYZE, intact or not. */
export function looksLikeNifti(bytes: Uint8Array): boolean {
  return niftiVersion(bytes) !== undefined || declaredSize(bytes) !== undefined;
}

/**
 * Byte order by sizeof_hdr; when that field is damaged but the magic is there, by dim[0], which is 1 to 7 in one order only.
 */
function byteOrder(bytes: Uint8Array, version: 1 | 2): boolean {
  const declared = declaredSize(bytes);
  if (declared?.size === headerBytes[version]) return declared.littleEndian;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (version === 2) {
    const rank = view.getBigInt64(16, true);
    return rank >= 1n && rank <= 7n;
  }
  const rank = view.getInt16(40, true);
  return rank >= 1 && rank <= 7;
}

/**
 * Parses the header at the start of `bytes`.
 *
 * throws  NIFTI_TRUNCATED, NIFTI_BAD_MAGIC, ANALYZE_UNSUPPORTED
 */
export function parseRawHeader(bytes: Uint8Array, file: string): RawHeader {
  const version = niftiVersion(bytes) ?? refuseWithoutMagic(bytes, file);
  const size = headerBytes[version];
  if (bytes.length < size)
    throw niftiTruncated({ file, field: 'header', expectedBytes: size, foundBytes: bytes.length });
  // NIfTI-2 repeats line ends in its magic so that a text-mode transfer shows.
  if (version === 2 && text(bytes, 8, 4) !== '\r\n\x1a\n')
    throw niftiBadMagic(file, 'followed by altered line ends');
  const littleEndian = byteOrder(bytes, version);
  const copy = new Uint8Array(bytes.subarray(0, size));
  const view = new DataView(copy.buffer);
  view.setInt32(0, size, littleEndian);
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  header.readHeader(copy.buffer);
  return {
    version,
    littleEndian,
    isPair: copy[magicAt[version] + 1] === 0x69,
    dim: version === 1 ? header.dims : dimsOf64(view, littleEndian),
    pixdim: header.pixDims,
    datatype: header.datatypeCode,
    bitpix: header.numBitsPerVoxel,
    voxOffset: version === 1 ? header.vox_offset : Number(view.getBigInt64(168, littleEndian)),
    sclSlope: header.scl_slope,
    sclInter: header.scl_inter,
    units: header.xyzt_units,
    intentCode: header.intent_code,
    qformCode: header.qform_code,
    sformCode: header.sform_code,
    quaternion: [header.quatern_b, header.quatern_c, header.quatern_d],
    qoffset: [header.qoffset_x, header.qoffset_y, header.qoffset_z],
    srow: srowOf(view, version, littleEndian),
  };
}

function refuseWithoutMagic(bytes: Uint8Array, file: string): never {
  const size = declaredSize(bytes)?.size ?? 348;
  if (bytes.length < size)
    throw niftiTruncated({ file, field: 'header', expectedBytes: size, foundBytes: bytes.length });
  const magic = bytes.subarray(size === 348 ? 344 : 4, size === 348 ? 348 : 8);
  if (size === 348 && magic.every((byte) => byte === 0)) throw analyzeUnsupported(file);
  throw niftiBadMagic(file, [...magic].map((byte) => byte.toString(16).padStart(2, '0')).join(' '));
}

// The library mixes up the halves of big-endian 64-bit numbers (0.8.0), so these are read here.
function dimsOf64(view: DataView, littleEndian: boolean): number[] {
  return Array.from({ length: 8 }, (_, n) => Number(view.getBigInt64(16 + 8 * n, littleEndian)));
}

// The library overwrites the sform by the qform when its code is the higher; nibabel's rule needs both.
function srowOf(view: DataView, version: 1 | 2, littleEndian: boolean): number[] {
  return Array.from({ length: 12 }, (_, n) =>
    version === 1 ? view.getFloat32(280 + 4 * n, littleEndian) : view.getFloat64(400 + 8 * n, littleEndian),
  );
}
