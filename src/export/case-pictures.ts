/** @file Pictures of one segmented case for a report: MIPs of image, truth and prediction, and where the two differ. */
import { maximumProjection } from '../imaging/mip.ts';
import { percentile } from '../imaging/normalise.ts';
import { encodeGreyPng, encodeRgbPng } from '../imaging/png.ts';
import { toRasVolume } from '../imaging/reorient.ts';
import { type Volume, valuesOf } from '../imaging/volume.ts';
import { errorOverlay } from './report/error-overlay.ts';
import type { ReportPicture } from './report.ts';

/** Volumes on one grid; they are turned to RAS order and seen along the body's long axis (z). */
export function pictureCase(image: Volume, reference: Volume, prediction: Volume): ReportPicture[] {
  const [imageMip, referenceMip, predictionMip] = [image, reference, prediction].map((volume) => {
    const turned = toRasVolume(volume);
    return maximumProjection(valuesOf(turned), turned.dims, 'z', turned.spacingMm);
  });
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
  const mask = (values: Uint8Array) => encodeGreyPng({ width, height, values }, { low: 0, high: 1 });
  const rgb = errorOverlay({ width, height, background, reference: truth, prediction: found });
  return [
    { caption: 'Image (MIP)', png: encodeGreyPng(imageMip!, window) },
    { caption: 'Truth', png: mask(truth) },
    { caption: 'Prediction', png: mask(found) },
    { caption: 'Differences', png: encodeRgbPng({ width, height, rgb }) },
  ];
}
