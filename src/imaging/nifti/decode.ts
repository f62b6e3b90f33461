/** @file NIfTI bytes to Volume: header, extensions, voxels, byte order, components. */
import { type ByteSource, readUpTo, skip } from '../byte-source.ts';
import { volumeTooLarge } from '../errors.ts';
import type { Volume, VolumeHeader, VolumeStart, VoxelData } from '../volume.ts';
import { makeVoxels, voxelTypes } from '../voxel-type.ts';
import { swapBytes } from './byte-order.ts';
import { deinterleave } from './components.ts';
import {
  niftiBadExtension,
  niftiBadVoxOffset,
  niftiGzipEndMissing,
  niftiPairIncomplete,
  niftiTruncated,
} from './errors.ts';
import { type NiftiHeader, parseNiftiHeader } from './header.ts';
import { headerBytes, niftiVersion } from './raw-header.ts';

/** What may follow the voxels in a compressed file (padding) and is read so that the checksum at its end is checked. */
const tailAllowanceBytes = 1 << 20;

/** Reads and checks the header alone. `prefix` are the first 348 bytes, already taken from the source; fewer only when there are no more. */
async function readNiftiHeader(source: ByteSource, prefix: Uint8Array): Promise<NiftiHeader> {
  // NIfTI-1 headers end before the prefix does, NIfTI-2 headers may not.
  const wanted = headerBytes[niftiVersion(prefix) ?? 1];
  if (prefix.length >= wanted) return parseNiftiHeader(prefix, source.file);
  const rest = await readUpTo(source, wanted - prefix.length);
  return parseNiftiHeader(new Uint8Array([...prefix, ...rest]), source.file);
}

export async function decodeNiftiHeader(source: ByteSource, prefix: Uint8Array): Promise<VolumeHeader> {
  return (await readNiftiHeader(source, prefix)).volume;
}

/**
 * Reads a whole volume, 3-D to 5-D.
 * Memory: the voxels once, twice while colours or complex numbers are put apart.
 *
 * throws  every NIFTI_ code; VOLUME_TOO_LARGE
 */
export async function decodeNifti(source: ByteSource, prefix: Uint8Array): Promise<Volume> {
  const header = await readNiftiHeader(source, prefix);
  return { ...header.volume, data: await readVoxels(source, header) };
}

/**
 * Reads the header and the first voxels, `mostBytes` of them at most, as they lie in the file: components side by side.
 * What the file lacks at its end is not noticed.
 */
export async function decodeNiftiStart(
  source: ByteSource,
  prefix: Uint8Array,
  mostBytes: number,
): Promise<VolumeStart> {
  const header = await readNiftiHeader(source, prefix);
  const voxels = await atVoxels(source, header);
  const { bytes } = voxelTypes[header.datatype.dtype];
  const data = makeVoxels(header.datatype.dtype, Math.floor(Math.min(header.voxelBytes, mostBytes) / bytes));
  const found = await voxels.readInto(new Uint8Array(data.buffer as ArrayBuffer));
  if (!header.littleEndian) swapBytes(data);
  return { header: header.volume, data: data.subarray(0, Math.floor(found / bytes)) };
}

/** The source that holds the voxels, at their beginning. */
async function atVoxels(source: ByteSource, header: NiftiHeader): Promise<ByteSource> {
  const voxels = header.isPair ? await otherHalf(source) : source;
  refuseWhatCannotFit(voxels, header);
  if (header.isPair) await skip(voxels, header.voxOffset);
  else await passExtensions(voxels, header);
  return voxels;
}

async function readVoxels(source: ByteSource, header: NiftiHeader): Promise<VoxelData> {
  const voxels = await atVoxels(source, header);
  const { dtype, interleaved } = header.datatype;
  const data = makeVoxels(dtype, header.voxelBytes / voxelTypes[dtype].bytes);
  const found = await voxels.readInto(new Uint8Array(data.buffer as ArrayBuffer));
  if (found < header.voxelBytes) throw truncated(voxels, header, found);
  if (!voxels.isPlain && (await voxels.finish(tailAllowanceBytes)) === 'cut')
    throw niftiGzipEndMissing(voxels.file);
  if (!header.littleEndian) swapBytes(data);
  return interleaved === 1 ? data : deinterleave(data, interleaved);
}

async function otherHalf(source: ByteSource): Promise<ByteSource> {
  const image = await source.sibling('.hdr', '.img');
  if (image === undefined) throw niftiPairIncomplete(source.file, 'the .img file with the voxels');
  return image;
}

function truncated(source: ByteSource, header: NiftiHeader, foundBytes: number, isUpperBound = false) {
  const { file } = source;
  return niftiTruncated({
    file,
    field: 'voxels',
    expectedBytes: header.voxelBytes,
    foundBytes,
    isUpperBound,
  });
}

/** Compares what the header promises with the size of the file and the memory, before anything is allocated. */
function refuseWhatCannotFit(source: ByteSource, header: NiftiHeader): void {
  const { file, mostBytes, isPlain } = source;
  const { voxOffset, voxelBytes } = header;
  if (voxOffset > mostBytes)
    throw niftiBadVoxOffset({
      file,
      found: voxOffset,
      lowest: header.isPair ? 0 : headerBytes[header.version],
      fileBytes: isPlain ? mostBytes : undefined,
    });
  if (voxOffset + voxelBytes > mostBytes) throw truncated(source, header, mostBytes - voxOffset, !isPlain);
  if (voxelBytes > source.memoryLimitBytes) throw volumeTooLarge(file, voxelBytes, source.memoryLimitBytes);
}

/** Walks the chain of header extensions up to the voxels, checking each size. Their content is not used. */
async function passExtensions(source: ByteSource, header: NiftiHeader): Promise<void> {
  const start = headerBytes[header.version];
  const flag = await readUpTo(source, Math.min(4, header.voxOffset - start));
  let position = start + flag.length;
  const hasExtensions = flag.length === 4 && flag[0] !== 0;
  while (hasExtensions && header.voxOffset - position >= 8) {
    const bytes = await readUpTo(source, 8);
    if (bytes.length < 8) break;
    const size = new DataView(bytes.buffer).getInt32(0, header.littleEndian);
    if (size < 8 || size > header.voxOffset - position)
      throw niftiBadExtension({ file: source.file, at: position, size });
    position += 8 + (await skip(source, size - 8));
  }
  await skip(source, header.voxOffset - position);
}
