/** @file A table of broken NIfTI files: each starts from a valid one and breaks one thing. */
import { gzipSync } from 'node:zlib';
import type { Affine } from '../../../src/imaging/geometry/affine.ts';
import { encodeNifti } from '../../../src/imaging/nifti/encode.ts';
import type { Volume } from '../../../src/imaging/volume.ts';

export interface HostileCase {
  readonly what: string;
  /** The file to open. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Length to grow the file to without writing (a sparse file). */
  readonly sparseBytes?: number;
  readonly code: string;
  readonly field: string;
}

const rasFromIjk: Affine = [
  [-1.5, 0, 0, 10],
  [0, 1.5, 0, -20],
  [0, 0, 2, 30],
  [0, 0, 0, 1],
];

const volume: Volume = {
  data: Int16Array.from({ length: 8 * 6 * 5 }, (_, n) => n * 7 - 300),
  dtype: 'int16',
  dims: [8, 6, 5],
  timePoints: 1,
  components: 1,
  spacingMm: [1.5, 1.5, 2],
  timeStepS: 0,
  rasFromIjk,
  slope: 1,
  intercept: 0,
};

/** The valid file: NIfTI-1, little endian, 832 bytes. */
export function validFile(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(encodeNifti(volume)));
}

/** A valid NIfTI-2 file of the same volume. */
function validFile2(): Uint8Array<ArrayBuffer> {
  const long: Volume = { ...volume, dims: [40_000, 1, 1], data: new Int16Array(40_000) };
  return new Uint8Array(Buffer.concat(encodeNifti(long)));
}

function edited(edit: (view: DataView, bytes: Uint8Array) => void, bytes = validFile()): Uint8Array {
  edit(new DataView(bytes.buffer), bytes);
  return bytes;
}

const int16 = (at: number, ...values: number[]) =>
  edited((view) => {
    for (const [n, value] of values.entries()) view.setInt16(at + 2 * n, value, true);
  });
const float32 = (at: number, ...values: number[]) =>
  edited((view) => {
    for (const [n, value] of values.entries()) view.setFloat32(at + 4 * n, value, true);
  });

/** Only the qform counts: sform code 0, qform code 1. */
function qformOnly(edit: (view: DataView) => void): Uint8Array {
  return edited((view) => {
    view.setInt16(252, 1, true);
    view.setInt16(254, 0, true);
    edit(view);
  });
}

/** With an extension of 32 bytes between header and voxels, which claims `size`. */
function withExtension(size: number): Uint8Array {
  const bytes = validFile();
  const extended = new Uint8Array([...bytes.subarray(0, 352), ...new Uint8Array(32), ...bytes.subarray(352)]);
  const view = new DataView(extended.buffer);
  view.setFloat32(108, 384, true);
  view.setUint8(348, 1);
  view.setInt32(352, size, true);
  return extended;
}

const compressed = gzipSync(validFile());
const flipped = new Uint8Array(compressed);
flipped[compressed.length >> 1] = flipped[compressed.length >> 1]! ^ 0xff;
const wrongChecksum = new Uint8Array(compressed);
wrongChecksum[compressed.length - 8] = wrongChecksum[compressed.length - 8]! ^ 1;
const twoToThe40 = (bytes = validFile()) =>
  edited((view) => {
    for (const [n, size] of [4, 16_384, 8_192, 8_192, 1].entries()) view.setInt16(40 + 2 * n, size, true);
  }, bytes);

const cut = (share: number) => compressed.subarray(0, Math.floor(compressed.length * share));

/** `[what, content, code, field, name]` */
type Row = readonly [string, Uint8Array, string, string, string?];

const rows: readonly Row[] = [
  ['an empty file', new Uint8Array(), 'FILE_EMPTY', 'file'],
  ['one byte', new Uint8Array([0x5c]), 'VOLUME_FORMAT_UNKNOWN', 'first bytes'],
  ['a header cut short', validFile().subarray(0, 200), 'NIFTI_TRUNCATED', 'header'],
  ['a header without voxels', validFile().subarray(0, 352), 'NIFTI_TRUNCATED', 'voxels'],
  ['the last byte missing', validFile().subarray(0, 831), 'NIFTI_TRUNCATED', 'voxels'],
  ['a gzip cut in its header', cut(0.2), 'NIFTI_TRUNCATED', 'header', 'a.nii.gz'],
  ['a gzip cut in the middle', cut(0.6), 'NIFTI_TRUNCATED', 'voxels', 'a.nii.gz'],
  ['a gzip cut near its end', cut(0.95), 'NIFTI_TRUNCATED', 'voxels', 'a.nii.gz'],
  ['a gzip without its last byte', compressed.subarray(0, -1), 'NIFTI_TRUNCATED', 'gzip trailer', 'a.nii.gz'],
  ['a gzip with a flipped byte', flipped, 'GZIP_CORRUPT', 'gzip stream', 'a.nii.gz'],
  ['a gzip with a wrong checksum', wrongChecksum, 'GZIP_CORRUPT', 'gzip stream', 'a.nii.gz'],
  ['a gzip of a gzip', gzipSync(compressed), 'GZIP_TWICE', 'first bytes', 'a.nii.gz'],
  ['an empty gzip', gzipSync(new Uint8Array()), 'FILE_EMPTY', 'file', 'a.nii.gz'],
  ['a PNG', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'VOLUME_FORMAT_UNKNOWN', 'first bytes'],
  ['text', new TextEncoder().encode('not a volume\n'.repeat(99)), 'VOLUME_FORMAT_UNKNOWN', 'first bytes'],
  ['the magic of no format', edited((_, b) => b.set([0x6e, 0x2b, 0x39, 0], 344)), 'NIFTI_BAD_MAGIC', 'magic'],
  ['no magic (ANALYZE 7.5)', edited((_, b) => b.fill(0, 344, 348)), 'ANALYZE_UNSUPPORTED', 'magic'],
  [
    'NIfTI-2 sent as text',
    edited((_, b) => b.set([10, 10, 26, 10], 8), validFile2()),
    'NIFTI_BAD_MAGIC',
    'magic',
  ],
  ['the magic of a pair in one file', edited((_, b) => b.set([0x69], 345)), 'NIFTI_PAIR_INCOMPLETE', 'magic'],
  [
    'a .hdr without its .img',
    edited((_, b) => b.set([0x69], 345)),
    'NIFTI_PAIR_INCOMPLETE',
    'magic',
    'a.hdr',
  ],
  ['an .img without its .hdr', validFile().subarray(352), 'NIFTI_PAIR_INCOMPLETE', 'magic', 'a.img'],
  ['no dimensions', int16(40, 0), 'NIFTI_BAD_DIM', 'dim[0]'],
  ['eight dimensions', int16(40, 8), 'NIFTI_BAD_DIM', 'dim[0]'],
  ['dimensions of another byte order', int16(40, 0x0300), 'NIFTI_BAD_DIM', 'dim[0]'],
  ['a negative dimension', int16(42, 8, -6), 'NIFTI_BAD_DIM', 'dim[2]'],
  ['a dimension of zero', int16(46, 0), 'NIFTI_BAD_DIM', 'dim[3]'],
  ['more voxels than numbers', int16(40, 7, ...new Array(7).fill(32_767)), 'NIFTI_BAD_DIM', 'dim[4]'],
  ['a seventh axis', int16(40, 7, 2, 2, 2, 1, 1, 1, 2), 'NIFTI_BAD_DIM', 'dim[7]'],
  ['2⁴⁰ voxels', twoToThe40(), 'NIFTI_TRUNCATED', 'voxels'],
  ['2⁴⁰ voxels in a small gzip', gzipSync(twoToThe40()), 'NIFTI_TRUNCATED', 'voxels', 'a.nii.gz'],
  [
    'a NIfTI-2 length of 2⁶²',
    edited((view) => view.setBigInt64(24, 2n ** 62n, true), validFile2()),
    'NIFTI_BAD_DIM',
    'dim[1]',
  ],
  ['an unknown datatype', int16(70, 9999), 'NIFTI_BAD_DATATYPE', 'datatype'],
  ['datatype zero', int16(70, 0), 'NIFTI_BAD_DATATYPE', 'datatype'],
  ['float128 voxels', int16(70, 1536, 128), 'NIFTI_DATATYPE_UNSUPPORTED', 'datatype'],
  ['a bitpix that is not the datatype’s', int16(72, 8), 'NIFTI_BITPIX_MISMATCH', 'bitpix'],
  ['voxels inside the header', float32(108, 0), 'NIFTI_BAD_VOX_OFFSET', 'vox_offset'],
  ['voxels past the end', float32(108, 1e6), 'NIFTI_BAD_VOX_OFFSET', 'vox_offset'],
  ['voxels at half a byte', float32(108, 352.5), 'NIFTI_BAD_VOX_OFFSET', 'vox_offset'],
  ['voxels nowhere', float32(108, Number.NaN), 'NIFTI_BAD_VOX_OFFSET', 'vox_offset'],
  ['an intercept that is no number', float32(112, 2, Number.NaN), 'NIFTI_BAD_SCALING', 'scl_inter'],
  ['an sform with NaN', float32(284, Number.NaN), 'NIFTI_BAD_AFFINE', 'sform'],
  ['an sform with infinity', float32(292, Number.POSITIVE_INFINITY), 'NIFTI_BAD_AFFINE', 'sform'],
  ['a flat sform', float32(312, 0, 0, 0), 'NIFTI_BAD_AFFINE', 'sform'],
  ['a quaternion longer than 1', qformOnly((v) => v.setFloat32(256, 1.5, true)), 'NIFTI_BAD_AFFINE', 'qform'],
  [
    'a quaternion with NaN',
    qformOnly((v) => v.setFloat32(260, Number.NaN, true)),
    'NIFTI_BAD_AFFINE',
    'qform',
  ],
  [
    'a voxel size of NaN',
    qformOnly((v) => v.setFloat32(80, Number.NaN, true)),
    'NIFTI_BAD_PIXDIM',
    'pixdim[1]',
  ],
  ['an extension of no size', withExtension(0), 'NIFTI_BAD_EXTENSION', 'esize'],
  ['an extension of negative size', withExtension(-32), 'NIFTI_BAD_EXTENSION', 'esize'],
  ['an extension past the voxels', withExtension(4096), 'NIFTI_BAD_EXTENSION', 'esize'],
  ['a CIFTI file', int16(68, 3001), 'NIFTI_IS_CIFTI', 'intent_code'],
];

export const hostileCases: readonly HostileCase[] = [
  ...rows.map(([what, content, code, field, name = 'a.nii']) => ({ what, name, content, code, field })),
  {
    what: '2⁴⁰ voxels in a sparse file that is as long as it says',
    name: 'a.nii',
    content: twoToThe40(),
    sparseBytes: 352 + 2 ** 41,
    code: 'VOLUME_TOO_LARGE',
    field: 'dim',
  },
];
