/** @file The volume formats, one row each. To add one: its room in this folder and a row here. */
import type { ByteSource } from './byte-source.ts';
import { decodeNifti, decodeNiftiHeader, decodeNiftiStart } from './nifti/decode.ts';
import { encodeNifti } from './nifti/encode.ts';
import { looksLikeNifti } from './nifti/raw-header.ts';
import type { Volume, VolumeHeader, VolumeStart } from './volume.ts';

/** How many bytes `sniff` gets to see, and the decoders get handed as `prefix`. */
export const prefixBytes = 348;

export interface VolumeFormat {
  readonly name: string;
  /** Endings that are written, without `.gz`; empty when the format is only read. */
  readonly extensions: readonly string[];
  /** Whether content that begins like this is of this format, intact or not. Names are not looked at. */
  readonly sniff: (prefix: Uint8Array) => boolean;
  readonly decodeHeader: (source: ByteSource, prefix: Uint8Array) => Promise<VolumeHeader>;
  readonly decode: (source: ByteSource, prefix: Uint8Array) => Promise<Volume>;
  readonly decodeStart: (source: ByteSource, prefix: Uint8Array, mostBytes: number) => Promise<VolumeStart>;
  /** The pieces of the file, one after another. `name` is for errors. */
  readonly encode?: (volume: Volume, name: string) => readonly Uint8Array[];
}

export const volumeFormats: readonly VolumeFormat[] = [
  {
    name: 'NIfTI',
    extensions: ['.nii'],
    sniff: looksLikeNifti,
    decodeHeader: decodeNiftiHeader,
    decode: decodeNifti,
    decodeStart: decodeNiftiStart,
    encode: encodeNifti,
  },
];

interface OtherFormat {
  readonly name: string;
  readonly at: number;
  readonly bytes: string;
}

/** Formats that are recognised only to say what a file is. */
const otherFormats: readonly OtherFormat[] = [
  { name: 'a PNG image', at: 0, bytes: '\x89PNG' },
  { name: 'a JPEG image', at: 0, bytes: '\xff\xd8\xff' },
  { name: 'a TIFF image', at: 0, bytes: 'II*\0' },
  { name: 'a TIFF image', at: 0, bytes: 'MM\0*' },
  { name: 'DICOM', at: 128, bytes: 'DICM' },
  { name: 'NRRD', at: 0, bytes: 'NRRD' },
  { name: 'HDF5 (MINC 2)', at: 0, bytes: '\x89HDF' },
  { name: 'MGH (FreeSurfer .mgz)', at: 0, bytes: '\0\0\0\x01\0\0' },
  { name: 'a zip archive', at: 0, bytes: 'PK\x03\x04' },
  { name: 'XML (GIFTI?)', at: 0, bytes: '<?xml' },
  { name: 'NumPy', at: 0, bytes: '\x93NUMPY' },
];

/** In words what unreadable content seems to be, if that is known. */
export function guessOtherFormat(prefix: Uint8Array): string | undefined {
  const matches = ({ at, bytes }: OtherFormat) =>
    [...bytes].every((character, n) => prefix[at + n] === character.charCodeAt(0));
  return otherFormats.find(matches)?.name;
}
