/** @file Where a decoder gets its bytes from: in order, as much as it asks for, already decompressed. Made by node/source.ts for files. */

/**
 * A stream of bytes that is pulled, never pushed, so that no more is read or inflated than a decoder asks for.
 * Not responsible for knowing formats, nor for closing: whoever made it does.
 */
export interface ByteSource {
  /** Path or name, for errors. */
  readonly file: string;
  /** No more than this many bytes can come out in all: the size of a plain file; for gzip, what its size could hold at best. */
  readonly mostBytes: number;
  /** Whether `mostBytes` is exact. */
  readonly isPlain: boolean;
  /** The most that one volume may occupy in memory. */
  readonly memoryLimitBytes: number;
  /** Fills `target` from the current place; resolves to the number of bytes written, less than asked only at the end. */
  readInto(target: Uint8Array): Promise<number>;
  /** Reads on to the end, at most `allowance` bytes, so that a checksum at the end of a compressed stream is checked. */
  finish(allowance: number): Promise<'complete' | 'more' | 'cut'>;
  /** The other half of a two-file format: same name with another ending; undefined when there is none. */
  sibling(fromExtension: string, toExtension: string): Promise<ByteSource | undefined>;
}

/** Reads exactly `count` bytes, or as many as are left. */
export async function readUpTo(source: ByteSource, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(count);
  return bytes.subarray(0, await source.readInto(bytes));
}

/** Passes over `count` bytes; resolves to how many there were. */
export async function skip(source: ByteSource, count: number): Promise<number> {
  const scratch = new Uint8Array(Math.min(count, 65_536));
  let passed = 0;
  while (passed < count) {
    const got = await source.readInto(scratch.subarray(0, Math.min(scratch.length, count - passed)));
    if (got === 0) break;
    passed += got;
  }
  return passed;
}

/** A source over bytes in memory, not compressed. */
export function sourceOfBytes(bytes: Uint8Array, file: string, memoryLimitBytes = 2 ** 34): ByteSource {
  let at = 0;
  return {
    file,
    mostBytes: bytes.length,
    isPlain: true,
    memoryLimitBytes,
    readInto(target) {
      const part = bytes.subarray(at, at + target.length);
      target.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
    finish: (allowance) => Promise.resolve(bytes.length - at > allowance ? 'more' : 'complete'),
    sibling: () => Promise.resolve(undefined),
  };
}
