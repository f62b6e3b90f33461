/** @file Writes what a browser or an archive sends to a file, never more than allowed. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { importDiskFull, importPath } from './errors.ts';

interface BodyOptions {
  readonly path: string;
  readonly body: Readable;
  readonly count: (chunk: Uint8Array) => void;
  readonly finish?: () => void;
}

/**
 * Writes `body` to `file`, which must not be there; makes the folder. A file that did not arrive whole is removed.
 *
 * path   of the file, for errors
 * count  is told the bytes of each chunk, and throws to refuse it
 * finish is called before the file is closed, and throws to refuse all of it
 * throws IMPORT_PATH when the name is taken, IMPORT_DISK_FULL, and what `body` and `count` throw
 */
export async function writeBody(file: string, { path, body, count, finish }: BodyOptions): Promise<void> {
  const guard = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      attempt(() => count(chunk), done, chunk);
    },
    flush(done) {
      attempt(() => finish?.(), done);
    },
  });
  // The pipeline below throws what goes wrong; a fault met before it stands must not end the process.
  body.on('error', () => undefined);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(body, guard, createWriteStream(file, { flags: 'wx' }));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR')
      throw importPath({ path, problem: 'a file of this name came already' });
    await rm(file, { force: true });
    throw isDiskFull(error) ? importDiskFull({ path }, error) : error;
  }
}

function attempt(check: () => void, done: TransformCallback, chunk?: Uint8Array): void {
  try {
    check();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done(null, chunk);
}

export function isDiskFull(error: unknown): boolean {
  const code = error instanceof UserError ? undefined : systemErrorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
