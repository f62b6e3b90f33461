/** @file Saves volumes to disk: whole or not at all. */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { writeFileAtomic } from '../../base/node/atomic-write.ts';
import type { Volume } from '../volume.ts';
import { encodeVolume } from '../write.ts';

const pieceBytes = 1 << 20;

function* cut(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
}

async function gzip(pieces: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const compressed: Uint8Array[] = [];
  const stream = Readable.from(cut(pieces), { objectMode: false }).pipe(
    createGzip({ chunkSize: pieceBytes }),
  );
  for await (const chunk of stream) compressed.push(chunk as Uint8Array);
  return compressed;
}

/**
 * Writes `volume` in the format that the name asks for (`.nii`, `.nii.gz`); makes the folder. The same volume gives the
 * same bytes. After a crash the path holds the old file or the new one.
 *
 * throws  VOLUME_FORMAT_NOT_WRITTEN, NIFTI_NOT_ENCODABLE
 */
export async function writeVolume(path: string, volume: Volume): Promise<void> {
  const pieces = encodeVolume(volume, path);
  await writeFileAtomic(path, path.toLowerCase().endsWith('.gz') ? await gzip(pieces) : pieces);
}
