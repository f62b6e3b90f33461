/** @file Follows a run's log as it grows: each look reads only what is new. A log that was cut back is read anew. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { makeSerial } from '../../base/serial.ts';
import { parseLog } from '../../run/log.ts';
import { RunProgress } from './run-curves.ts';

export class RunLogFollower {
  private readonly file: string;
  private readonly serial = makeSerial();
  private progress = new RunProgress();
  private inode = 0n;
  private offset = 0;

  constructor(runFolder: string) {
    this.file = join(runFolder, 'log.ndjson');
  }

  /** As of now; empty when nothing was logged yet. Do not write to it: it grows with later looks. */
  look(): Promise<RunProgress> {
    return this.serial(async () => {
      try {
        await this.readOn();
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw error;
        this.progress = new RunProgress();
        this.offset = 0;
      }
      return this.progress;
    });
  }

  private async readOn(): Promise<void> {
    const file = await open(this.file, 'r');
    try {
      const { ino, size } = await file.stat({ bigint: true });
      // Cutting back replaces the file.
      if (ino !== this.inode || Number(size) < this.offset) {
        this.inode = ino;
        this.offset = 0;
        this.progress = new RunProgress();
      }
      const bytes = Buffer.alloc(Number(size) - this.offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.offset);
      // The last line may still be being written.
      const end = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
      this.offset += end;
      for (const entry of parseLog(bytes.toString('utf8', 0, end))) this.progress.add(entry);
    } finally {
      await file.close();
    }
  }
}
