/** @file Bytes to Volume by what the bytes are, whatever the file is called. Files come in through node/open.ts. */
import { type ByteSource, readUpTo } from './byte-source.ts';
import { fileEmpty, gzipInsideGzip, volumeFormatUnknown } from './errors.ts';
import { guessOtherFormat, prefixBytes, type VolumeFormat, volumeFormats } from './formats.ts';
import type { Volume, VolumeHeader, VolumeStart } from './volume.ts';

async function recognise(source: ByteSource): Promise<{ format: VolumeFormat; prefix: Uint8Array }> {
  const prefix = await readUpTo(source, prefixBytes);
  if (prefix.length === 0) throw fileEmpty(source.file);
  const format = volumeFormats.find(({ sniff }) => sniff(prefix));
  if (format !== undefined) return { format, prefix };
  // The source has already undone one gzip.
  if (!source.isPlain && prefix[0] === 0x1f && prefix[1] === 0x8b) throw gzipInsideGzip(source.file);
  throw volumeFormatUnknown(source.file, guessOtherFormat(prefix));
}

/**
 * Reads a whole volume from the start of `source`.
 *
 * throws  FILE_EMPTY, VOLUME_FORMAT_UNKNOWN, GZIP_TWICE, and the codes of the format
 */
export async function readVolumeFrom(source: ByteSource): Promise<Volume> {
  const { format, prefix } = await recognise(source);
  return format.decode(source, prefix);
}

/** Reads what the file says about its volume; the voxels are neither read nor checked. */
export async function readHeaderFrom(source: ByteSource): Promise<VolumeHeader> {
  const { format, prefix } = await recognise(source);
  return format.decodeHeader(source, prefix);
}

/** Reads the header and the first `mostBytes` of the voxels. */
export async function readStartFrom(source: ByteSource, mostBytes: number): Promise<VolumeStart> {
  const { format, prefix } = await recognise(source);
  return format.decodeStart(source, prefix, mostBytes);
}
