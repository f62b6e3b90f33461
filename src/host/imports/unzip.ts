/** @file Unpacks a zip archive into a folder: file by file, streamed, checked, and never more than allowed. */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { errorReport, UserError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import type { ImportProposal } from '../../contract/imports.ts';
import { importTooLarge, zipBomb, zipDamaged, zipUnsupported } from './errors.ts';
import { isJunk, safePath } from './incoming-path.ts';
import type { ImportFile, ImportLimits } from './limits.ts';
import { writeBody } from './receive.ts';
import { readAt, readZipDirectory, type ZipEntry } from './zip-directory.ts';

export interface Unpacked {
  readonly files: readonly ImportFile[];
  readonly refused: ImportProposal['refused'];
}

/**
 * Unpacks `archive` below the folder `into`; paths of the result begin with the archive's own path, without `.zip`. Entries
 * that cannot be unpacked or lead elsewhere are in `refused`; archives within are left packed.
 * Throws ZIP_DAMAGED, ZIP_TOO_LARGE, IMPORT_TOO_LARGE or IMPORT_DISK_FULL for the archive as a whole.
 */
export async function unzip(
  archive: ImportFile,
  { into, limits }: { into: string; limits: ImportLimits },
): Promise<Unpacked> {
  const file = await open(archive.file, 'r');
  try {
    const entries = (await readZipDirectory(file, archive.path)).filter(({ name }) => !/[/\\]$/.test(name));
    refuseBombs(entries, { archive, limits, archiveBytes: (await file.stat()).size });
    const root = archive.path.replace(/\.zip$/i, '');
    const files: ImportFile[] = [];
    const refused: Unpacked['refused'] = [];
    for (const entry of entries) {
      try {
        const path = safePath(entry.name);
        if (isJunk(path)) continue;
        const to = join(into, path);
        const shown = `${root}/${path}`;
        await unpackEntry(file, entry, { to, path: shown, limits });
        files.push({ path: shown, file: to });
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'IMPORT_DISK_FULL') throw error;
        const shown = error.code === 'IMPORT_PATH' ? `${root}/${error.file}` : error.file;
        refused.push({ path: shown ?? root, error: errorReport(error) });
      }
    }
    return { files, refused };
  } finally {
    await file.close();
  }
}

/** By what the archive promises; that it promises the truth is checked while it is unpacked. */
function refuseBombs(
  entries: readonly ZipEntry[],
  { archive, limits, archiveBytes }: { archive: ImportFile; limits: ImportLimits; archiveBytes: number },
): void {
  const { path } = archive;
  if (entries.length > limits.fileCount)
    throw zipDamaged({ path, problem: `it holds ${entries.length} files, ${limits.fileCount} are allowed` });
  const unpackedBytes = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  const limitBytes = Math.min(
    limits.importBytes,
    Math.max(limits.zipFreeBytes, archiveBytes * limits.zipRatio),
  );
  if (unpackedBytes > limitBytes) throw zipBomb({ path, unpackedBytes, limitBytes });
}

async function unpackEntry(
  file: FileHandle,
  entry: ZipEntry,
  { to, path, limits }: { to: string; path: string; limits: ImportLimits },
): Promise<void> {
  if (entry.isEncrypted) throw zipUnsupported({ path, problem: 'it is encrypted' });
  if (entry.isLink) throw zipUnsupported({ path, problem: 'it is a link to another file' });
  if (entry.method !== 0 && entry.method !== 8)
    throw zipUnsupported({ path, problem: `it is packed by method ${entry.method}` });
  if (entry.unpackedBytes > limits.fileBytes)
    throw importTooLarge({ path, limitBytes: limits.fileBytes, of: 'file' });
  const damaged = (problem: string) => zipDamaged({ path, problem });
  const local = await readAt(file, entry.offset, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50)
    throw damaged('the file is not where it should be');
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  let bytes = 0;
  let sum = 0;
  const count = (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > entry.unpackedBytes) throw damaged('a file is longer than the archive says');
    sum = crc32(chunk, sum);
  };
  const finish = () => {
    if (bytes !== entry.unpackedBytes) throw damaged('a file is shorter than the archive says');
    if (sum !== entry.crc32) throw damaged('the checksum of a file is wrong');
  };
  try {
    await writeBody(to, { path, body: entryStream(file, { start, entry }), count, finish });
  } catch (error) {
    throw systemErrorCode(error)?.startsWith('Z_') ? damaged('the content of a file is damaged') : error;
  }
}

function entryStream(file: FileHandle, { start, entry }: { start: number; entry: ZipEntry }): Readable {
  if (entry.packedBytes === 0) return Readable.from([]);
  const end = start + entry.packedBytes - 1;
  const packed = file.createReadStream({ start, end, autoClose: false });
  if (entry.method === 0) return packed;
  // What goes wrong while reading reaches the reader through the inflater, which is destroyed with it.
  return pipeline(packed, createInflateRaw(), () => undefined);
}
