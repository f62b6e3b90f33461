/** @file A file as a ByteSource: opened once, gunzipped on the fly when its content is gzip, never read further than asked. */
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { createGunzip, type Gunzip } from 'node:zlib';
import { UserError } from '../../base/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { fileMissing, fileNotRegular, fileUnreadable, gzipCorrupt } from '../errors.ts';

/** A deflate stream cannot hold more than this many times its own size. Source: zlib technical details, "maximum compression factor". */
const mostDeflateRatio = 1032;
const chunkBytes = 1 << 18;

/** Half of the memory that this process may use. */
function defaultMemoryLimit(): number {
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained > 0 ? constrained : Number.POSITIVE_INFINITY) / 2;
}

export interface OpenSource {
  readonly source: ByteSource;
  close(): Promise<void>;
}

/**
 * Opens `path` for reading from its start.
 *
 * throws  FILE_MISSING, FILE_UNREADABLE, FILE_NOT_REGULAR
 */
export async function openSource(
  path: string,
  memoryLimitBytes: number = defaultMemoryLimit(),
): Promise<OpenSource> {
  const handle = await openRegular(path);
  const opened: OpenSource[] = [];
  try {
    const { size } = await handle.stat();
    const signature = new Uint8Array(2);
    await handle.read(signature, 0, 2, 0);
    const isGzip = signature[0] === 0x1f && signature[1] === 0x8b;
    const sibling = async (from: string, to: string): Promise<ByteSource | undefined> => {
      const found = await openSibling(path, from, to, memoryLimitBytes);
      if (found !== undefined) opened.push(found);
      return found?.source;
    };
    const shared = { file: path, memoryLimitBytes, sibling };
    const inner = isGzip ? gunzipped(handle, size, shared) : plain(handle, size, shared);
    const close = async (): Promise<void> => {
      inner.stop();
      await handle.close();
      for (const other of opened) await other.close();
    };
    return { source: inner.source, close };
  } catch (error) {
    await handle.close();
    throw readError(path, error);
  }
}

type Shared = Pick<ByteSource, 'file' | 'memoryLimitBytes' | 'sibling'>;
interface Inner {
  readonly source: ByteSource;
  stop(): void;
}

async function openRegular(path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw readError(path, error);
  }
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  throw fileNotRegular(path, stats.isDirectory() ? 'folder' : 'pipe, socket or device');
}

function readError(path: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return fileMissing(path, error);
  if (code === 'EACCES' || code === 'EPERM') return fileUnreadable(path, 'permission denied', error);
  return code === undefined ? error : fileUnreadable(path, code, error);
}

/** `image.hdr.gz` → `image.img.gz`, or `image.img`; the first that exists. */
async function openSibling(
  path: string,
  from: string,
  to: string,
  memoryLimitBytes: number,
): Promise<OpenSource | undefined> {
  const bare = path.replace(/\.gz$/i, '');
  if (!bare.toLowerCase().endsWith(from)) return undefined;
  const ending = bare.slice(-from.length);
  const stem = bare.slice(0, -from.length) + (ending === from.toUpperCase() ? to.toUpperCase() : to);
  for (const candidate of bare === path ? [stem, `${stem}.gz`] : [`${stem}.gz`, stem]) {
    try {
      return await openSource(candidate, memoryLimitBytes);
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'FILE_MISSING')) throw error;
    }
  }
  return undefined;
}

function plain(handle: FileHandle, size: number, shared: Shared): Inner {
  let position = 0;
  const readInto = async (target: Uint8Array): Promise<number> => {
    let filled = 0;
    while (filled < target.length) {
      // One read call takes at most 2 GiB.
      const length = Math.min(target.length - filled, 1 << 30);
      const { bytesRead } = await handle.read(target, filled, length, position).catch((error: unknown) => {
        throw readError(shared.file, error);
      });
      if (bytesRead === 0) break;
      filled += bytesRead;
      position += bytesRead;
    }
    return filled;
  };
  const finish = (allowance: number) =>
    Promise.resolve(size - position > allowance ? ('more' as const) : ('complete' as const));
  return {
    source: { ...shared, mostBytes: size, isPlain: true, readInto, finish },
    stop: () => undefined,
  };
}

/** Pulls inflated chunks one at a time; several gzip members in a row count as one stream, as in gzip itself. */
function gunzipped(handle: FileHandle, size: number, shared: Shared): Inner {
  const file = createReadStream('', { fd: handle, start: 0, autoClose: false, highWaterMark: chunkBytes });
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  file.on('error', (error) => gunzip.destroy(error));
  // The iterator below throws what goes wrong; a fault met before it is asked, or after, must not end the process.
  gunzip.on('error', () => undefined);
  file.pipe(gunzip);
  const chunks = gunzip[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let rest: Uint8Array = new Uint8Array();
  let inflated = 0;
  let isCut = false;
  const nextChunk = async (): Promise<boolean> => {
    try {
      const { value, done } = await chunks.next();
      if (done) return false;
      rest = value;
      inflated += value.length;
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR')
        throw gunzipError(shared.file, inflated, error);
      isCut = true;
      return false;
    }
  };
  const readInto = async (target: Uint8Array): Promise<number> => {
    let filled = 0;
    while (filled < target.length) {
      if (rest.length === 0 && !(await nextChunk())) break;
      const part = rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
    return filled;
  };
  const finish = async (allowance: number): Promise<'complete' | 'more' | 'cut'> => {
    let passed = rest.length;
    while (passed <= allowance) {
      if (!(await nextChunk())) return isCut ? 'cut' : 'complete';
      passed += rest.length;
    }
    return 'more';
  };
  const mostBytes = size * mostDeflateRatio;
  return {
    source: { ...shared, mostBytes, isPlain: false, readInto, finish },
    stop: () => stop(file, gunzip),
  };
}

function stop(file: NodeJS.ReadableStream & { destroy(): unknown }, gunzip: Gunzip): void {
  file.unpipe(gunzip);
  file.destroy();
  gunzip.destroy();
}

function gunzipError(file: string, inflated: number, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code.startsWith('Z_') ? gzipCorrupt(file, inflated, error) : readError(file, error);
}
