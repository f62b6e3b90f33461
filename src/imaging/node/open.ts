/** @file Opens volumes from disk: the way in for everything that reads a file. */
import type { ByteSource } from '../byte-source.ts';
import { niftiPairIncomplete } from '../nifti/errors.ts';
import { readHeaderFrom, readStartFrom, readVolumeFrom } from '../read.ts';
import type { Volume, VolumeHeader, VolumeStart } from '../volume.ts';
import { type OpenSource, openSource } from './source.ts';

export interface OpenOptions {
  /** Refuse volumes that need more; by default half of the memory of this machine. */
  readonly memoryLimitBytes?: number;
}

/**
 * Reads the volume in this file. The content decides what it is (gzip or not, which format), not the name.
 * Of a .hdr/.img pair either may be given.
 * Memory: the voxels once, plus buffers of constant size; checked before anything is allocated.
 *
 * throws  UserError with file and field: FILE_*, GZIP_*, VOLUME_*, and the codes of the format
 */
export async function readVolume(path: string, options: OpenOptions = {}): Promise<Volume> {
  return withSource(path, options, readVolumeFrom);
}

/** Reads what the file says about its volume, from its first quarter of a megabyte at most. Throws as {@link readVolume}, for the header. */
export async function readHeader(path: string, options: OpenOptions = {}): Promise<VolumeHeader> {
  return withSource(path, options, readHeaderFrom);
}

/** Reads the header and the first `mostBytes` of the stored voxels, for a quick look. Throws as {@link readHeader}. */
export async function readStart(path: string, mostBytes: number): Promise<VolumeStart> {
  return withSource(path, {}, (source) => readStartFrom(source, mostBytes));
}

async function withSource<T>(
  path: string,
  options: OpenOptions,
  read: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const opened = await openHeaderHalf(path, options.memoryLimitBytes);
  try {
    return await read(opened.source);
  } finally {
    await opened.close();
  }
}

/** Given the .img of a pair, its .hdr is opened instead: only that says what the voxels are. */
async function openHeaderHalf(path: string, memoryLimitBytes: number | undefined): Promise<OpenSource> {
  const opened = await openSource(path, memoryLimitBytes);
  if (!/\.img(\.gz)?$/i.test(path)) return opened;
  const header = await opened.source.sibling('.img', '.hdr').catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  if (header !== undefined) return { source: header, close: opened.close };
  await opened.close();
  throw niftiPairIncomplete(path, 'the .hdr file with the description');
}
