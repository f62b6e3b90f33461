/** @file The door of jpeg-lossless-decoder-js. */
import { Decoder } from 'jpeg-lossless-decoder-js';

/** Samples as the decoder leaves them: 8 or 16 bits, little-endian, interleaved by pixel. Throws an Error with the reason. */
export function decompress(data: Uint8Array): Uint8Array {
  const padded = withPaddedEnd(data);
  const output = new Decoder().decompress(padded.buffer as ArrayBuffer, 0, padded.length) as unknown;
  if (output instanceof ArrayBuffer) return new Uint8Array(output);
  if (ArrayBuffer.isView(output)) return new Uint8Array(output.buffer, output.byteOffset, output.byteLength);
  throw new Error('the decoder gave nothing back');
}

/** The decoder loses the last pixel when the end marker follows its bits at once; a few zero bytes between them mend that. */
function withPaddedEnd(data: Uint8Array): Uint8Array {
  let end = data.length;
  while (end >= 2 && !(data[end - 2] === 0xff && data[end - 1] === 0xd9)) end--;
  const body = end >= 2 ? data.subarray(0, end - 2) : data;
  const padded = new Uint8Array(body.length + 6);
  padded.set(body);
  padded.set([0xff, 0xd9], body.length + 4);
  return padded;
}
