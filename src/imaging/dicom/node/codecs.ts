/**
 * @file Compressed DICOM pixels to plain samples, one row a transfer syntax. The codecs are WebAssembly builds of CharLS, OpenJPEG, OpenJPH and
 * libjpeg-turbo, so that a hostile image can at worst spoil their own memory.
 */
import { createRequire } from 'node:module';
import type { PixelFormat } from '../image.ts';
import { decodeJpeg } from '../jpeg/decode.ts';
import { decodeRle } from '../rle.ts';
import { decompress } from './jpeg-lossless.ts';

/** Little-endian, rows × columns × samples; 8 or 16 bits a sample. */
export interface DecodedFrame {
  readonly samples: Uint8Array;
  readonly bytesPerSample: 1 | 2;
  /** What the codec left of the colour space: JPEG and JPEG 2000 turn YBR into RGB themselves. */
  readonly photometric: string;
  readonly isPlanar: boolean;
}

export interface Codec {
  readonly name: string;
  /** Throws an Error with the reason in plain words. */
  readonly decode: (data: Uint8Array, format: PixelFormat) => Promise<DecodedFrame>;
}

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

/** What the WebAssembly decoders have in common. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  /** JPEG-LS: 0 leaves the colours in planes. */
  getInterleaveMode?(): number;
  delete(): void;
}
type WasmModule = Record<string, new () => WasmDecoder> & {
  getExceptionMessage?: (pointer: number) => string;
};

/** The libraries would write their progress to standard output. */
const silent = () => undefined;
type Factory = (options: { print: () => void; printErr: () => void }) => Promise<WasmModule>;

const require = createRequire(import.meta.url);
const modules = new Map<string, Promise<WasmModule>>();

function load(name: string): Promise<WasmModule> {
  const loading = modules.get(name) ?? (require(name) as Factory)({ print: silent, printErr: silent });
  modules.set(name, loading);
  return loading;
}

function wasmCodec(
  name: string,
  { module, decoder, photometric }: { module: string; decoder: string; photometric: (own: string) => string },
): Codec {
  return {
    name,
    decode: async (data, format) => {
      const loaded = await load(`@cornerstonejs/codec-${module}`);
      const instance = new loaded[decoder]!();
      try {
        instance.getEncodedBuffer(data.length).set(data);
        instance.decode();
        return checked(instance, format, photometric(format.photometric));
      } catch (error) {
        // The library throws pointers to its own exceptions.
        if (typeof error === 'number')
          throw new Error(loaded.getExceptionMessage?.(error) ?? 'the decoder gave up');
        throw error;
      } finally {
        instance.delete();
      }
    },
  };
}

function checked(instance: WasmDecoder, format: PixelFormat, photometric: string): DecodedFrame {
  const { width, height, bitsPerSample, componentCount } = instance.getFrameInfo();
  if (width !== format.columns || height !== format.rows)
    throw new Error(`it is ${width} × ${height}, the header says ${format.columns} × ${format.rows}`);
  if (componentCount !== format.samplesPerPixel)
    throw new Error(`it has ${componentCount} samples a pixel, the header says ${format.samplesPerPixel}`);
  const bytesPerSample = bitsPerSample > 8 ? 2 : 1;
  const size = width * height * componentCount * bytesPerSample;
  const decoded = instance.getDecodedBuffer();
  if (decoded.length < size) throw new Error('it ends early');
  // A copy: the decoder's memory goes with it. Some hand out clamped arrays.
  const samples = new Uint8Array(decoded.buffer, decoded.byteOffset, size).slice();
  const isPlanar = componentCount > 1 && instance.getInterleaveMode?.() === 0;
  return { samples, bytesPerSample, photometric, isPlanar };
}

const rle: Codec = {
  name: 'RLE lossless',
  decode: (data, format) => {
    const bytesPerSample = format.bitsAllocated > 8 ? 2 : 1;
    const pixelCount = format.rows * format.columns;
    const { samplesPerPixel, photometric } = format;
    const samples = decodeRle(data, { pixelCount, samplesPerPixel, bytesPerSample });
    return Promise.resolve({ samples, bytesPerSample, photometric, isPlanar: false });
  },
};

const jpegLossless: Codec = {
  name: 'JPEG lossless',
  decode: (data, format) => {
    const bytesPerSample = format.bitsAllocated > 8 ? 2 : 1;
    const samples = decompress(data);
    const size = format.rows * format.columns * format.samplesPerPixel * bytesPerSample;
    if (samples.length !== size) throw new Error(`it holds ${samples.length} bytes, expected ${size}`);
    const { photometric } = format;
    return Promise.resolve({ samples, bytesPerSample, photometric, isPlanar: false });
  },
};

const jpegExtended: Codec = {
  name: 'JPEG extended',
  decode: (data, format) => {
    const { width, height, precision, values } = decodeJpeg(data);
    if (width !== format.columns || height !== format.rows)
      throw new Error(`it is ${width} × ${height}, the header says ${format.columns} × ${format.rows}`);
    const isWide = format.bitsAllocated > 8 || precision > 8;
    const samples = isWide ? new Uint8Array(values.buffer) : Uint8Array.from(values);
    const { photometric } = format;
    return Promise.resolve({ samples, bytesPerSample: isWide ? 2 : 1, photometric, isPlanar: false });
  },
};

const own = (photometric: string) => photometric;
const becomesRgb = (photometric: string) => (photometric.startsWith('YBR') ? 'RGB' : photometric);

const jpeg = wasmCodec('JPEG baseline', {
  module: 'libjpeg-turbo-8bit/decodewasmjs',
  decoder: 'JPEGDecoder',
  photometric: becomesRgb,
});
const jpegLs = wasmCodec('JPEG-LS', {
  module: 'charls/decodewasmjs',
  decoder: 'JpegLSDecoder',
  photometric: own,
});
const jpeg2000 = wasmCodec('JPEG 2000', {
  module: 'openjpeg/decodewasmjs',
  decoder: 'J2KDecoder',
  photometric: becomesRgb,
});
const htj2k = wasmCodec('HTJ2K', {
  module: 'openjph/wasmjs',
  decoder: 'HTJ2KDecoder',
  photometric: becomesRgb,
});

/** By transfer syntax UID. */
export const codecs: Readonly<Record<string, Codec>> = {
  '1.2.840.10008.1.2.5': rle,
  '1.2.840.10008.1.2.4.50': jpeg,
  '1.2.840.10008.1.2.4.51': jpegExtended,
  '1.2.840.10008.1.2.4.53': { ...jpegExtended, name: 'JPEG spectral selection (retired)' },
  '1.2.840.10008.1.2.4.55': { ...jpegExtended, name: 'JPEG full progression (retired)' },
  '1.2.840.10008.1.2.4.57': jpegLossless,
  '1.2.840.10008.1.2.4.70': jpegLossless,
  '1.2.840.10008.1.2.4.80': jpegLs,
  '1.2.840.10008.1.2.4.81': jpegLs,
  '1.2.840.10008.1.2.4.90': jpeg2000,
  '1.2.840.10008.1.2.4.91': jpeg2000,
  '1.2.840.10008.1.2.4.201': htj2k,
  '1.2.840.10008.1.2.4.202': htj2k,
  '1.2.840.10008.1.2.4.203': htj2k,
};

/** Syntaxes whose pixels are not compressed. */
export const plainSyntaxes: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
]);

const otherNames: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.100': 'MPEG-2 video',
  '1.2.840.10008.1.2.4.102': 'MPEG-4 video',
  '1.2.840.10008.1.2.4.107': 'HEVC video',
};

/** For people: the syntax's name, or its UID. */
export function syntaxName(uid: string): string {
  return codecs[uid]?.name ?? otherNames[uid] ?? `transfer syntax ${uid}`;
}
