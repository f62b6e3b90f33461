/** @file A volume's voxels as Cornerstone holds them: seen in place, not copied, so that what is written into the array can be drawn again. */
import { cache, volumeLoader } from '@cornerstonejs/core';
import { uniqueName } from './cornerstone.ts';
import { type Grid, gridOf } from './grid.ts';
import type { ViewerVolume, Voxels } from './types.ts';

/** Types that Cornerstone draws. */
export type DrawnVoxels = Uint8Array | Int16Array | Uint16Array | Float32Array;

export interface DrawnVolume {
  /** Cornerstone's name for it. */
  readonly id: string;
  readonly grid: Grid;
  /** Stored values of the time point that is shown, x fastest; value = stored · slope + intercept. */
  readonly voxels: DrawnVoxels;
  readonly slope: number;
  readonly intercept: number;
  /** Says that voxels changed: of these slices, or of all. */
  changed(slices?: Iterable<number>): void;
  /** Gives the memory back. */
  remove(): void;
}

/** The voxels themselves where their type can be drawn; others are converted. Colours become grey (ITU-R BT.601). */
export function drawable(voxels: Voxels, components: number): DrawnVoxels {
  if (components >= 3) return luminance(voxels, components);
  if (voxels instanceof Int8Array) return Int16Array.from(voxels);
  const isDrawn =
    voxels instanceof Uint8Array ||
    voxels instanceof Int16Array ||
    voxels instanceof Uint16Array ||
    voxels instanceof Float32Array;
  return isDrawn ? voxels : Float32Array.from(voxels);
}

function luminance(voxels: Voxels, components: number): Uint8Array {
  const count = Math.floor(voxels.length / components);
  const grey = new Uint8Array(count);
  for (let at = 0; at < count; at++)
    grey[at] = 0.299 * voxels[at]! + 0.587 * voxels[count + at]! + 0.114 * voxels[2 * count + at]!;
  return grey;
}

export function makeDrawnVolume(
  source: Pick<ViewerVolume, 'dims' | 'rasFromIjk' | 'slope' | 'intercept'>,
  voxels: DrawnVoxels,
): DrawnVolume {
  const grid = gridOf(source);
  const id = uniqueName('volume');
  const bits = voxels.BYTES_PER_ELEMENT * 8;
  const volume = volumeLoader.createLocalVolume(id, {
    scalarData: voxels,
    dimensions: [...grid.dims],
    spacing: grid.spacing,
    origin: grid.origin,
    direction: grid.direction,
    metadata: {
      BitsAllocated: bits,
      BitsStored: bits,
      SamplesPerPixel: 1,
      HighBit: bits - 1,
      PhotometricInterpretation: 'MONOCHROME2',
      PixelRepresentation: voxels instanceof Int16Array ? 1 : 0,
      Modality: 'OT',
      SeriesInstanceUID: id,
      ImageOrientationPatient: grid.direction.slice(0, 6),
      PixelSpacing: [grid.spacing[1], grid.spacing[0]],
      FrameOfReferenceUID: 'world',
      Columns: grid.dims[0],
      Rows: grid.dims[1],
      voiLut: [],
      VOILUTFunction: 'LINEAR',
    },
  });
  return {
    id,
    grid,
    voxels,
    slope: source.slope,
    intercept: source.intercept,
    changed(slices) {
      const texture = volume.vtkOpenGLTexture;
      for (const slice of slices ?? Array.from({ length: grid.dims[2] }, (_, k) => k))
        texture.setUpdatedFrame(slice);
      volume.imageData?.modified();
    },
    remove() {
      // The volume first: its slices are locked as long as it is kept.
      if (cache.getVolume(id)) cache.removeVolumeLoadObject(id);
      for (const imageId of volume.imageIds)
        if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId);
    },
  };
}
