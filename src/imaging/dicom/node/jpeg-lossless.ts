/** @file The door of jpeg-lossless-decoder-js. */
import { Decoder } from 'jpeg-lossless-decoder-js';

/** Samples as the decoder leaves them: 8 or 16 bits, little-endian, interleaved by pixel. Throws an Error with the reason. */
export function decompress(data: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = data;
  const output = new Decoder().decompress(buffer as ArrayBuffer, byteOffset, length) as unknown;
  if (output instanceof ArrayBuffer) return new Uint8Array(output);
  if (ArrayBuffer.isView(output)) return new Uint8Array(output.buffer, output.byteOffset, output.byteLength);
  throw new Error('the decoder gave nothing back');
}
