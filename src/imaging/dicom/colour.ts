/** @file Colour of DICOM pixels to RGB bytes: planes, YBR (PS3.3 C.7.6.3.1.2) and palettes. */
import type { DataSet } from './data-set.ts';

export function planarToInterleaved<T extends Uint8Array | Uint16Array>(planes: T, pixelCount: number): T {
  const result = planes.slice() as T;
  for (let i = 0; i < pixelCount; i++)
    for (let c = 0; c < 3; c++) result[3 * i + c] = planes[c * pixelCount + i]!;
  return result;
}

/** Y1 Y2 Cb Cr for each two neighbours of a row → Y Cb Cr for each pixel. */
export function ybr422ToFull(
  bytes: Uint8Array,
  { rows, columns }: { rows: number; columns: number },
): Uint8Array {
  if (columns % 2 !== 0) throw new Error('YBR_FULL_422 with an odd number of columns');
  const result = new Uint8Array(rows * columns * 3);
  for (let pair = 0; pair < (rows * columns) / 2; pair++) {
    const [y1, y2, cb, cr] = bytes.subarray(4 * pair, 4 * pair + 4);
    result.set([y1!, cb!, cr!, y2!, cb!, cr!], 6 * pair);
  }
  return result;
}

/** In place: R = Y + 1.402 (Cr − 128), G = Y − 0.344136 (Cb − 128) − 0.714136 (Cr − 128), B = Y + 1.772 (Cb − 128). */
export function ybrToRgb(bytes: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const y = bytes[i]!;
    const cb = bytes[i + 1]! - 128;
    const cr = bytes[i + 2]! - 128;
    rgb[i] = y + 1.402 * cr;
    rgb[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
    rgb[i + 2] = y + 1.772 * cb;
  }
  return bytes;
}

interface Palette {
  readonly first: number;
  readonly entries: Uint8Array;
}

function palette(set: DataSet, colour: 1 | 2 | 3): Palette {
  const descriptor = set.bytes(`x0028110${colour}`);
  const data = set.bytes(`x0028120${colour}`);
  if (descriptor === undefined || data === undefined || descriptor.length < 6)
    throw new Error('a palette is missing');
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, 6);
  // 0 stands for 65,536.
  const count = view.getUint16(0, true) || 65_536;
  const bits = view.getUint16(4, true);
  // Eight-bit entries come either packed or one a word; sixteen-bit ones keep their upper byte.
  const isPacked = bits <= 8 && data.length < 2 * count;
  if (data.length < (isPacked ? count : 2 * count)) throw new Error('a palette ends early');
  const upper = bits > 8 ? 1 : 0;
  const entries = Uint8Array.from({ length: count }, (_, i) => (isPacked ? data[i]! : data[2 * i + upper]!));
  return { first: view.getUint16(2, true), entries };
}

/** Each index becomes its colour; those outside the palette become its nearest end. */
export function paletteToRgb(indices: ArrayLike<number>, set: DataSet): Uint8Array {
  const channels = ([1, 2, 3] as const).map((colour) => palette(set, colour));
  const result = new Uint8Array(indices.length * 3);
  channels.forEach(({ first, entries }, c) => {
    for (let i = 0; i < indices.length; i++) {
      const at = Math.min(entries.length - 1, Math.max(0, indices[i]! - first));
      result[3 * i + c] = entries[at]!;
    }
  });
  return result;
}
