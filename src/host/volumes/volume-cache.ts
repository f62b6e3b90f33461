/** @file The volumes that were opened last, so that time points and repeated requests do not read a file again. */
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { readVolume } from '../../imaging/node/open.ts';
import type { Volume } from '../../imaging/volume.ts';

/** A gibibyte, or a quarter of the memory where that is less. */
export function defaultCacheBytes(): number {
  const constrained = process.constrainedMemory();
  return Math.min(2 ** 30, (constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()) / 4);
}

interface Entry {
  /** Size and time of change: a file that was written anew is read anew. */
  readonly stamp: string;
  readonly volume: Promise<Volume>;
  bytes: number;
}

/** Least recently used volumes go first. The newest stays even if it alone is above the bound, for its other time points. */
export class VolumeCache {
  private readonly entries = new Map<string, Entry>();
  private readonly mostBytes: number;

  constructor(mostBytes: number = defaultCacheBytes()) {
    this.mostBytes = mostBytes;
  }

  /** Concurrent calls for one file read it once. Throws as `readVolume`. */
  async read(file: string): Promise<{ volume: Volume; sizeBytes: number; stamp: string }> {
    const { size, mtimeMs } = await stat(file);
    const stamp = `${size} ${mtimeMs}`;
    const known = this.entries.get(file);
    const entry = known?.stamp === stamp ? known : this.start(file, stamp);
    // Moved to the end: the order of a Map is that of insertion.
    this.entries.delete(file);
    this.entries.set(file, entry);
    const volume = await entry.volume;
    this.shrink();
    return { volume, sizeBytes: size, stamp };
  }

  clear(): void {
    this.entries.clear();
  }

  private start(file: string, stamp: string): Entry {
    const entry: Entry = { stamp, volume: readVolume(file), bytes: 0 };
    entry.volume.then(
      ({ data }) => {
        entry.bytes = data.byteLength;
      },
      () => {
        if (this.entries.get(file) === entry) this.entries.delete(file);
      },
    );
    return entry;
  }

  private shrink(): void {
    let total = [...this.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [file, { bytes }] of this.entries) {
      if (total <= this.mostBytes || this.entries.size === 1) return;
      this.entries.delete(file);
      total -= bytes;
    }
  }
}
