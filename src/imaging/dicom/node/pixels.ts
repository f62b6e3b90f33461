/** @file The stored values of one frame, whatever its compression: unpacked, in native byte order, colours as RGB. */
import dicomParser from 'dicom-parser';
import { UserError } from '../../../base/errors.ts';
import { paletteToRgb, planarToInterleaved, ybr422ToFull, ybrToRgb } from '../colour.ts';
import type { DicomFile } from '../data-set.ts';
import { dicomPixelsBroken, dicomSyntaxUnsupported } from '../errors.ts';
import type { DicomImage, PixelFormat } from '../image.ts';
import { codecs, plainSyntaxes, syntaxName } from './codecs.ts';

export type StoredValues =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Samples as they came out of the file or codec. */
interface RawFrame {
  readonly bytes: Uint8Array;
  readonly bitsAllocated: number;
  readonly photometric: string;
  /** Codecs interleave; plain pixels say. */
  readonly isPlanar: boolean;
}

/**
 * Values of frame `index`: rows × columns for grey ones, × 3 bytes (RGB) for colours and palettes.
 *
 * throws  DICOM_SYNTAX_UNSUPPORTED, DICOM_PIXELS
 */
export async function frameValues(file: DicomFile, image: DicomImage, index: number): Promise<StoredValues> {
  const raw = await rawFrame(file, image, index);
  try {
    return toValues(file, image.format, raw);
  } catch (error) {
    throw broken(image, index, error);
  }
}

function broken(image: DicomImage, frame: number, error: unknown): unknown {
  if (error instanceof UserError) return error;
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return dicomPixelsBroken({ file: image.path, frame, reason, cause: error });
}

async function rawFrame(file: DicomFile, image: DicomImage, index: number): Promise<RawFrame> {
  if (plainSyntaxes.has(file.transferSyntax)) return plainFrame(file, image, index);
  const codec = codecs[file.transferSyntax];
  if (codec === undefined)
    throw dicomSyntaxUnsupported({ file: file.file, syntax: syntaxName(file.transferSyntax) });
  try {
    const { samples, bytesPerSample, photometric, isPlanar } = await codec.decode(
      fragmentOf(file, image, index),
      image.format,
    );
    return { bytes: samples, bitsAllocated: 8 * bytesPerSample, photometric, isPlanar };
  } catch (error) {
    throw broken(image, index, error);
  }
}

function frameBits({ rows, columns, samplesPerPixel, bitsAllocated, photometric }: PixelFormat): number {
  // YBR_FULL_422 shares its colour samples between two pixels: two samples a pixel.
  const samples = photometric === 'YBR_FULL_422' ? 2 : samplesPerPixel;
  return rows * columns * samples * bitsAllocated;
}

const pixelTags = { integer: 'x7fe00010', float: 'x7fe00008', double: 'x7fe00009' } as const;

function plainFrame(file: DicomFile, { format, frames }: DicomImage, index: number): RawFrame {
  const element = file.element(pixelTags[format.kind])!;
  const bits = frameBits(format);
  const wholeBytes = Math.ceil((bits * frames.length) / 8);
  const available = Math.min(element.length, file.content.length - element.dataOffset);
  if (available < wholeBytes)
    throw dicomPixelsBroken({
      file: file.file,
      frame: index,
      reason: `the header promises ${wholeBytes.toLocaleString('en-GB')} bytes of pixels, ${Math.max(0, available).toLocaleString('en-GB')} are there`,
    });
  const shared = { photometric: format.photometric, isPlanar: format.planarConfiguration === 1 };
  if (format.bitsAllocated === 1) {
    // Frames of single bits follow each other without padding.
    const bytes = unpackBits(file.content.subarray(element.dataOffset), index * bits, bits);
    return { ...shared, bytes, bitsAllocated: 8 };
  }
  const size = bits / 8;
  const start = element.dataOffset + index * size;
  const bytes = file.content.slice(start, start + size);
  const isWordSwapped = file.isBigEndian && (format.bitsAllocated > 8 || element.vr === 'OW');
  if (isWordSwapped) swapBytes(bytes, Math.max(2, format.bitsAllocated / 8));
  return { ...shared, bytes, bitsAllocated: format.bitsAllocated };
}

function unpackBits(packed: Uint8Array, first: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (packed[(first + i) >> 3]! >> ((first + i) & 7)) & 1);
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

function fragmentOf(file: DicomFile, { frames }: DicomImage, index: number): Uint8Array {
  const element = file.parsed.elements.x7fe00010!;
  const fragments = element.fragments ?? [];
  if (fragments.length === 0) throw new Error('there are no compressed data');
  if (frames.length === 1) return join(file, fragments);
  const hasTable = (element.basicOffsetTable?.length ?? 0) >= frames.length;
  if (hasTable) return dicomParser.readEncapsulatedImageFrame(file.parsed, element, index) as Uint8Array;
  if (fragments.length === frames.length)
    return dicomParser.readEncapsulatedPixelDataFromFragments(file.parsed, element, index) as Uint8Array;
  // Frames in several fragments without a table: each begins with a JPEG start-of-image.
  const starts = frameStarts(file, fragments);
  if (starts.length !== frames.length)
    throw new Error(
      `${frames.length} frames, but ${starts.length} beginnings of an image among the fragments`,
    );
  const last = starts[index + 1] ?? fragments.length;
  return join(file, fragments.slice(starts[index]!, last));
}

type Fragments = NonNullable<dicomParser.Element['fragments']>;

function join(file: DicomFile, fragments: Fragments): Uint8Array {
  const parts = fragments.map(({ position, length }) => file.content.subarray(position, position + length));
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Fragments that begin with SOI (JPEG, JPEG-LS) or SOC (JPEG 2000). */
function frameStarts(file: DicomFile, fragments: Fragments): number[] {
  return fragments.flatMap(({ position }, i) => {
    const isStart = file.content[position] === 0xff && [0xd8, 0x4f].includes(file.content[position + 1]!);
    return isStart ? [i] : [];
  });
}

function toValues(file: DicomFile, format: PixelFormat, raw: RawFrame): StoredValues {
  const pixelCount = format.rows * format.columns;
  if (format.samplesPerPixel === 3) return toRgb(raw, format);
  if (raw.photometric === 'PALETTE COLOR') return paletteToRgb(integers(raw, format, pixelCount), file);
  if (format.kind === 'float') return new Float32Array(raw.bytes.buffer, raw.bytes.byteOffset, pixelCount);
  if (format.kind === 'double') return new Float64Array(raw.bytes.buffer, raw.bytes.byteOffset, pixelCount);
  return integers(raw, format, pixelCount);
}

function toRgb(raw: RawFrame, format: PixelFormat): StoredValues {
  const pixelCount = format.rows * format.columns;
  if (raw.bitsAllocated > 8) {
    const words = new Uint16Array(raw.bytes.buffer, raw.bytes.byteOffset, pixelCount * 3);
    return raw.isPlanar ? planarToInterleaved(words, pixelCount) : words;
  }
  if (raw.photometric === 'YBR_FULL_422' && raw.bytes.length === pixelCount * 2)
    return ybrToRgb(ybr422ToFull(raw.bytes, format));
  const bytes = raw.isPlanar ? planarToInterleaved(raw.bytes, pixelCount) : raw.bytes;
  return raw.photometric.startsWith('YBR_FULL') ? ybrToRgb(bytes) : bytes;
}

/** Grey values, with bits above the highest stored one cleared (or filled with the sign), as overlays may lie there. */
function integers(
  raw: RawFrame,
  { isSigned, bitsStored, highBit }: PixelFormat,
  count: number,
): StoredValues {
  const { buffer, byteOffset } = raw.bytes;
  const views: Readonly<
    Record<number, () => Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array>
  > = {
    8: () =>
      isSigned ? new Int8Array(buffer, byteOffset, count) : new Uint8Array(buffer, byteOffset, count),
    16: () =>
      isSigned ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count),
    32: () =>
      isSigned ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count),
  };
  const values = views[raw.bitsAllocated]?.();
  if (values === undefined) throw new Error(`whole numbers of ${raw.bitsAllocated} bits`);
  const below = Math.max(0, highBit + 1 - bitsStored);
  const above = raw.bitsAllocated - bitsStored - below;
  if (bitsStored < raw.bitsAllocated && above >= 0 && raw.bitsAllocated <= 32) {
    const shift = 32 - bitsStored;
    for (let i = 0; i < count; i++) {
      const moved = (values[i]! >>> below) << shift;
      values[i] = isSigned ? moved >> shift : moved >>> shift;
    }
  }
  return values;
}
