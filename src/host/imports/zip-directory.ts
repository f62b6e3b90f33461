/** @file The list of files of a zip archive, from its central directory. Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3. */
import type { FileHandle } from 'node:fs/promises';
import { zipDamaged } from './errors.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly isLink: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const entrySignature = 0x02014b50;
/** End record with the longest comment. */
const tailBytes = 22 + 0xffff + 20;
const mostDirectoryBytes = 64 << 20;
const wide = 0xffffffff;

/** Throws ZIP_DAMAGED. `path` is for errors. */
export async function readZipDirectory(file: FileHandle, path: string): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const refuse = (problem: string) => zipDamaged({ path, problem });
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) throw refuse('its list of files at the end is missing');
  const { offset, bytes } = (await wideDirectory(file, { tail, at, size })) ?? {
    offset: tail.readUInt32LE(at + 16),
    bytes: tail.readUInt32LE(at + 12),
  };
  if (offset + bytes > size || bytes > mostDirectoryBytes) throw refuse('its list of files lies elsewhere');
  const directory = await readAt(file, offset, bytes);
  const entries: ZipEntry[] = [];
  for (let place = 0; place + 46 <= directory.length; ) {
    if (directory.readUInt32LE(place) !== entrySignature) throw refuse('its list of files is garbled');
    const lengths = [28, 30, 32].map((field) => directory.readUInt16LE(place + field));
    const end = place + 46 + lengths.reduce((sum, length) => sum + length, 0);
    if (end > directory.length) throw refuse('its list of files is cut');
    entries.push(parseEntry(directory.subarray(place, end), lengths[0]!, lengths[1]!));
    place = end;
  }
  return entries;
}

/** Archives above 4 GB or 65,535 files say where their list lies in another record. */
async function wideDirectory(
  file: FileHandle,
  { tail, at, size }: { tail: Buffer; at: number; size: number },
): Promise<{ offset: number; bytes: number } | undefined> {
  if (at < 20 || tail.readUInt32LE(at - 20) !== locator64Signature) return undefined;
  const place = Number(tail.readBigUInt64LE(at - 12));
  if (place + 56 > size) return undefined;
  const record = await readAt(file, place, 56);
  if (record.readUInt32LE(0) !== end64Signature) return undefined;
  return { offset: Number(record.readBigUInt64LE(48)), bytes: Number(record.readBigUInt64LE(40)) };
}

function parseEntry(bytes: Buffer, nameLength: number, extraLength: number): ZipEntry {
  const flags = bytes.readUInt16LE(8);
  const isUnix = bytes.readUInt8(5) === 3;
  const sizes = wideSizes(bytes, 46 + nameLength, extraLength);
  return {
    name: decodeName(bytes.subarray(46, 46 + nameLength)),
    method: bytes.readUInt16LE(10),
    isEncrypted: (flags & 1) !== 0,
    isLink: isUnix && bytes.readUInt32LE(38) >>> 28 === 0xa,
    crc32: bytes.readUInt32LE(16),
    ...sizes,
  };
}

/** Sizes and place; those that do not fit 32 bits stand in extra field 1, in this order. */
function wideSizes(
  bytes: Buffer,
  extraAt: number,
  extraLength: number,
): Pick<ZipEntry, 'packedBytes' | 'unpackedBytes' | 'offset'> {
  let extra = Buffer.alloc(0) as Buffer;
  for (let at = extraAt; at + 4 <= extraAt + extraLength; at += 4 + bytes.readUInt16LE(at + 2))
    if (bytes.readUInt16LE(at) === 1) extra = bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2));
  let next = 0;
  const field = (at: number): number => {
    const narrow = bytes.readUInt32LE(at);
    if (narrow !== wide || next + 8 > extra.length) return narrow;
    next += 8;
    return Number(extra.readBigUInt64LE(next - 8));
  };
  const unpackedBytes = field(24);
  const packedBytes = field(20);
  return { unpackedBytes, packedBytes, offset: field(42) };
}

/** UTF-8, whatever the flag says, when it is that; else one character a byte. */
function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** Throws nothing of its own: what lies beyond the end is missing from the result. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
