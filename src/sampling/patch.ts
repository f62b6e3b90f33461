/** @file One patch: place it, cut it (through a spatial transform when one is drawn), flip it, change its intensities. */

import type { PreparedSubject } from '../dataset/prepared-subject.ts';
import { divideByMaximum } from '../imaging/divide-by-maximum.ts';
import { tensorShapeOf } from '../imaging/tiles.ts';
import type { Sampling } from '../recipe/recipe.ts';
import { applyIntensity } from './augment/apply-intensity.ts';
import {
  positionsOf,
  resampleLinear,
  resampleNearest,
  type SourceOf,
  sourceThrough,
} from './augment/resample-patch.ts';
import { drawSpatialTransform } from './augment/spatial.ts';
import { type Box, cropInto, flipAxes } from './crop.ts';
import { projectLabel } from './label-projection.ts';
import { product, type Triple, tripleOf } from './patch-shape.ts';
import { placePatch } from './placement.ts';
import { sampleRandom } from './sample-random.ts';

export interface PatchSource {
  readonly subjects: readonly PreparedSubject[];
  readonly sampling: Sampling;
  /** Divide each patch (each channel) by its own maximum when it is cut: normalisation `patchMax`. */
  readonly divideByMaximum: boolean;
  readonly seed: number;
}

/** Where a patch is written: views into the arrays of a batch. */
export interface PatchTarget {
  /** [C, D, H, W] */
  readonly image: Float32Array;
  /** [1, D, H, W] */
  readonly label: Float32Array;
  /** One per `labelProjection` input, with size 1 along its axis. */
  readonly projections: readonly { readonly axis: number; readonly values: Float32Array }[];
}

/** Makes the patch with this index, counted over the whole run: a pure function of (source, index). */
export function makePatch(source: PatchSource, sampleIndex: number, target: PatchTarget): void {
  const { sampling, seed } = source;
  const randomFor = (purpose: string) => sampleRandom(seed, purpose, sampleIndex);
  const size = tripleOf(sampling.patchSize);
  const { foregroundShare } = sampling;
  const place = placePatch(source.subjects, randomFor('place'), { patch: size, foregroundShare });
  const subject = source.subjects[place.subject]!;
  const box: Box = { start: place.start, size };
  const transform = drawSpatialTransform({
    augmentations: sampling.augmentation,
    patch: size,
    spacingMm: tensorShapeOf(subject.spacingMm),
    randomFor,
  });
  const through = transform === null ? null : sourceThrough(box, transform);
  const volume = { subject, labelMap: subject.labels[place.label]! };
  cut(volume, { box, source: through }, target);
  flipAll(target, size, drawFlips(sampling, randomFor('flip')));
  const channels = channelViews(target.image, product(size));
  if (source.divideByMaximum) channels.forEach(divideByMaximum);
  for (const augmentation of sampling.augmentation) {
    const random = randomFor(augmentation.kind);
    for (const values of channels) applyIntensity(values, augmentation, { size, random });
  }
}

function cut(
  { subject, labelMap }: { subject: PreparedSubject; labelMap: Uint8Array },
  { box, source }: { box: Box; source: SourceOf | null },
  target: PatchTarget,
): void {
  const shape = tensorShapeOf(subject.dims);
  const channels = channelViews(target.image, product(box.size));
  if (source === null) {
    subject.channels.forEach((values, c) => {
      cropInto(values, shape, box, channels[c]!);
    });
    cropInto(labelMap, shape, box, target.label);
  } else {
    const from = positionsOf(box.size, source);
    subject.channels.forEach((values, c) => {
      resampleLinear(values, shape, from, channels[c]!);
    });
    resampleNearest(labelMap, shape, from, target.label);
  }
  for (const { axis, values } of target.projections)
    projectLabel(labelMap, { shape, box, source, axis }, values);
}

function flipAll(target: PatchTarget, size: Triple, flips: readonly number[]): void {
  for (const values of [...channelViews(target.image, product(size)), target.label])
    flipAxes(values, size, flips);
  for (const { axis, values } of target.projections) {
    const flat: [number, number, number] = [...size];
    flat[axis] = 1;
    flipAxes(values, flat, flips);
  }
}

function channelViews(image: Float32Array, voxels: number): Float32Array[] {
  return Array.from({ length: image.length / voxels }, (_, c) =>
    image.subarray(c * voxels, (c + 1) * voxels),
  );
}

/** Axes to flip, as axes of the three-axis patch. */
function drawFlips({ augmentation, patchSize }: Sampling, random: ReturnType<typeof sampleRandom>): number[] {
  const missing = 3 - patchSize.length;
  return augmentation.flatMap((entry) =>
    entry.kind === 'flip' ? entry.axes.filter(() => random.chance(0.5)).map((axis) => axis + missing) : [],
  );
}
