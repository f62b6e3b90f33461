/** @file What the host printed, in a file that a person can send with a report of a fault: this session's and the one before. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface HostLog {
  readonly file: string;
  line(text: string): void;
  close(): Promise<void>;
}

/** Beyond this the session's log is full: a fault that repeats itself must not fill the disk. */
const largestBytes = 8 * 1024 * 1024;

export async function openHostLog(options: { folder: string; now: () => Date }): Promise<HostLog> {
  await mkdir(options.folder, { recursive: true });
  const file = join(options.folder, 'host.log');
  await keepOne(file, join(options.folder, 'host-before.log'));
  const stream = createWriteStream(file, { flags: 'w', mode: 0o600 });
  let sizeBytes = 0;
  // A full disk must not take the shell down with it: the log simply ends there.
  stream.on('error', () => {
    sizeBytes = largestBytes;
  });
  return {
    file,
    line(text) {
      const entry = `${options.now().toISOString()}  ${text}\n`;
      sizeBytes += Buffer.byteLength(entry);
      if (sizeBytes <= largestBytes) stream.write(entry);
    },
    close: () => ended(stream),
  };
}

async function keepOne(file: string, before: string): Promise<void> {
  await rm(before, { force: true });
  await rename(file, before).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => stream.end(() => resolve()));
}
