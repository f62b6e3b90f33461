/** @file Volume to bytes, in the format that the file name asks for. Files go out through node/save.ts. */
import { volumeFormatNotWritten } from './errors.ts';
import { volumeFormats } from './formats.ts';
import type { Volume } from './volume.ts';

/**
 * The uncompressed content of a file of this name, in pieces; the last may be a view of the voxels. `.gz` is looked past.
 *
 * throws  VOLUME_FORMAT_NOT_WRITTEN, and the codes of the format
 */
export function encodeVolume(volume: Volume, name: string): readonly Uint8Array[] {
  const bare = name.toLowerCase().replace(/\.gz$/, '');
  const format = volumeFormats.find(({ extensions }) => extensions.some((ending) => bare.endsWith(ending)));
  if (format?.encode) return format.encode(volume, name);
  const written = volumeFormats.filter(({ encode }) => encode).flatMap(({ extensions }) => extensions);
  throw volumeFormatNotWritten(
    name,
    written.flatMap((ending) => [ending, `${ending}.gz`]),
  );
}
