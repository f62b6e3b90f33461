/** @file Turns big-endian voxels into this machine's order, in place. */
import type { VoxelData } from '../volume.ts';

/** Reverses the bytes of every element, in place. */
export function swapBytes(data: VoxelData): void {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: width } = data;
  if (width === 2) swap16(new Uint16Array(buffer, byteOffset, byteLength / 2));
  else if (width === 4) swap32(new Uint32Array(buffer, byteOffset, byteLength / 4));
  else if (width === 8) swap64(new Uint32Array(buffer, byteOffset, byteLength / 4));
}

function swap16(words: Uint16Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    words[i] = (word << 8) | (word >>> 8);
  }
}

function reversed(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function swap32(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = reversed(words[i]!);
}

function swap64(words: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const first = words[i]!;
    words[i] = reversed(words[i + 1]!);
    words[i + 1] = reversed(first);
  }
}
