/** @file RLE lossless, DICOM PS3.5 Annex G: byte planes, most significant first, each run-length coded (PackBits). */
import { invariant } from '../../base/errors.ts';

export interface RleShape {
  readonly pixelCount: number;
  readonly samplesPerPixel: number;
  readonly bytesPerSample: number;
}

/**
 * Samples of one frame, little-endian, interleaved by pixel.
 * A run that goes past its plane, or a segment that lies outside the fragment, throws an Error with the reason.
 */
export function decodeRle(
  fragment: Uint8Array,
  { pixelCount, samplesPerPixel, bytesPerSample }: RleShape,
): Uint8Array {
  const planeCount = samplesPerPixel * bytesPerSample;
  if (fragment.length < 64) throw new Error('its RLE header is cut off');
  const header = new DataView(fragment.buffer, fragment.byteOffset, 64);
  if (header.getUint32(0, true) !== planeCount)
    throw new Error(`it has ${header.getUint32(0, true)} RLE segments, expected ${planeCount}`);
  const result = new Uint8Array(pixelCount * planeCount);
  for (let plane = 0; plane < planeCount; plane++) {
    const start = header.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < planeCount ? header.getUint32(8 + 4 * plane, true) : fragment.length;
    if (start < 64 || end < start || end > fragment.length)
      throw new Error('an RLE segment lies outside the data');
    const sample = Math.floor(plane / bytesPerSample);
    const byte = bytesPerSample - 1 - (plane % bytesPerSample);
    unpackPlane(fragment.subarray(start, end), result, {
      first: sample * bytesPerSample + byte,
      stride: planeCount,
      count: pixelCount,
    });
  }
  return result;
}

function unpackPlane(
  packed: Uint8Array,
  result: Uint8Array,
  { first, stride, count }: { first: number; stride: number; count: number },
): void {
  let written = 0;
  let at = 0;
  const put = (value: number) => {
    result[first + stride * written++] = value;
  };
  while (written < count) {
    const control = packed[at++];
    if (control === undefined) throw new Error('the RLE data end early');
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    // The last run of an image may be padded past its end.
    const taken = Math.min(length, count - written);
    if (control < 128) {
      if (at + taken > packed.length) throw new Error('the RLE data end early');
      for (let i = 0; i < taken; i++) put(packed[at + i]!);
      at += length;
    } else {
      const value = packed[at++];
      if (value === undefined) throw new Error('the RLE data end early');
      for (let i = 0; i < taken; i++) put(value);
    }
  }
  invariant(written === count, 'an RLE plane is filled exactly');
}
