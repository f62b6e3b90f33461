/** @file Pictures of one segmented case: MIPs of image, truth and prediction, and where the two differ; one by one or side by side. */
import { maximumProjection } from '../imaging/mip.ts';
import { percentile } from '../imaging/normalise.ts';
import { encodeGreyPng, encodeRgbPng } from '../imaging/png.ts';
import { toRasVolume } from '../imaging/reorient.ts';
import { type Dims, type Volume, valuesOf } from '../imaging/volume.ts';
import { errorOverlay } from './report/error-overlay.ts';
import type { ReportPicture } from './report.ts';

/** Values in RAS order, x fastest; of masks whatever is above 0 is foreground. */
export interface CaseValues {
  readonly dims: Dims;
  readonly image: Float32Array;
  readonly reference: ArrayLike<number>;
  readonly prediction: ArrayLike<number>;
}

interface CaseProjection {
  readonly width: number;
  readonly height: number;
  /** 0-255, windowed from the 1st to the 99.7th percentile. */
  readonly image: Uint8Array;
  /** 0 or 1. */
  readonly truth: Uint8Array;
  readonly found: Uint8Array;
  /** RGB. */
  readonly differences: Uint8Array;
}

/** Volumes on one grid; they are turned to RAS order and seen along the body's long axis (z). */
export function pictureCase(image: Volume, reference: Volume, prediction: Volume): ReportPicture[] {
  const turned = [image, reference, prediction].map((volume) => toRasVolume(volume));
  const [imageValues, referenceValues, predictionValues] = turned.map((volume) => valuesOf(volume));
  const projection = projectCase({
    dims: turned[0]!.dims,
    image: imageValues!,
    reference: referenceValues!,
    prediction: predictionValues!,
  });
  const { width, height, truth, found, differences } = projection;
  const grey = (values: Uint8Array, high: number) =>
    encodeGreyPng({ width, height, values }, { low: 0, high });
  return [
    { caption: 'Image (MIP)', png: grey(projection.image, 255) },
    { caption: 'Truth', png: grey(truth, 1) },
    { caption: 'Prediction', png: grey(found, 1) },
    { caption: 'Differences', png: encodeRgbPng({ width, height, rgb: differences }) },
  ];
}

const gap = 4;

/** One PNG, from left to right: image, truth, prediction, differences. */
export function pictureCaseInOne(values: CaseValues): Uint8Array {
  const { width, height, image, truth, found, differences } = projectCase(values);
  const inGrey = (pixels: Uint8Array, factor: number) => (pixel: number) => pixels[pixel]! * factor;
  const panels = [
    inGrey(image, 1),
    inGrey(truth, 255),
    inGrey(found, 255),
    (pixel: number, channel: number) => differences[3 * pixel + channel]!,
  ];
  const total = panels.length * width + (panels.length - 1) * gap;
  const rgb = new Uint8Array(3 * total * height);
  panels.forEach((colourOf, index) => {
    const left = index * (width + gap);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < 3; channel++)
          rgb[3 * (y * total + left + x) + channel] = colourOf(y * width + x, channel);
  });
  return encodeRgbPng({ width: total, height, rgb });
}

function projectCase({ dims, image, reference, prediction }: CaseValues): CaseProjection {
  const [imageMip, referenceMip, predictionMip] = [image, reference, prediction].map((values) =>
    maximumProjection(values, dims, 'z'),
  );
  const { width, height } = imageMip!;
  // The percentile reorders what it is given.
  const sorted = imageMip!.values.slice();
  const window = { low: percentile(sorted, 1), high: percentile(sorted, 99.7) };
  const span = window.high - window.low || 1;
  const background = Uint8Array.from(imageMip!.values, (value) =>
    Math.min(255, Math.max(0, ((value - window.low) / span) * 255)),
  );
  const isForeground = (values: Float32Array) => Uint8Array.from(values, (value) => (value > 0 ? 1 : 0));
  const truth = isForeground(referenceMip!.values);
  const found = isForeground(predictionMip!.values);
  const differences = errorOverlay({ width, height, background, reference: truth, prediction: found });
  return { width, height, image: background, truth, found, differences };
}
