/** @file From probabilities to classes: threshold or most probable class, then removal of small parts. */
import { unreachable } from '../base/errors.ts';
import { keepLargestComponents, removeSmallComponents } from '../imaging/components.ts';
import { hysteresisThreshold } from '../imaging/hysteresis.ts';
import { otsuThreshold } from '../imaging/otsu.ts';
import type { Dims } from '../imaging/volume.ts';
import type { Inference } from '../recipe/recipe.ts';
import type { BlendedMap } from './sliding-window.ts';

/** Vessels and lesions hang together by corners, too. */
const connectivity = 26;

/**
 * Class index (0 background, then classes in the recipe's order) per voxel.
 *
 * probability  one channel per class, or one more than classes with the background first
 */
export function decideLabels(
  probability: BlendedMap,
  dims: Dims,
  { inference, classCount }: { inference: Inference; classCount: number },
): Uint8Array {
  const labels =
    probability.channels === 1
      ? binaryLabels(probability.values, dims, inference)
      : mostProbable(probability, classCount);
  for (let index = 1; index <= classCount; index++) cleanClass(labels, dims, { inference, index });
  return labels;
}

function binaryLabels(values: Float32Array, dims: Dims, { threshold }: Inference): Uint8Array {
  switch (threshold.kind) {
    case 'fixed':
      return above(values, threshold.value);
    case 'argMax':
      return above(values, 0.5);
    case 'otsu':
      // A constant map has no two groups to part.
      return above(values, values.every((value) => value === values[0]) ? 0.5 : otsuThreshold(values));
    case 'hysteresis':
      return hysteresisThreshold(values, dims, { ...threshold, connectivity });
    default:
      return unreachable(threshold);
  }
}

function above(values: Float32Array, threshold: number): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = values[i]! > threshold ? 1 : 0;
  return mask;
}

/** The first of equals wins. Without a channel for the background, a class must be more probable than not. */
function mostProbable({ channels, values }: BlendedMap, classCount: number): Uint8Array {
  const voxels = values.length / channels;
  const hasBackground = channels > classCount;
  const labels = new Uint8Array(voxels);
  for (let i = 0; i < voxels; i++) {
    let best = hasBackground ? values[i]! : 0.5;
    for (let c = hasBackground ? 1 : 0; c < channels; c++) {
      const value = values[c * voxels + i]!;
      if (value <= best) continue;
      best = value;
      labels[i] = hasBackground ? c : c + 1;
    }
  }
  return labels;
}

function cleanClass(
  labels: Uint8Array,
  dims: Dims,
  { inference, index }: { inference: Inference; index: number },
): void {
  const { removeSmallerThanVoxels, keepLargest } = inference;
  if (removeSmallerThanVoxels <= 1 && keepLargest === null) return;
  let mask = new Uint8Array(labels.length) as Uint8Array;
  for (let i = 0; i < labels.length; i++) mask[i] = labels[i] === index ? 1 : 0;
  if (removeSmallerThanVoxels > 1)
    mask = removeSmallComponents(mask, dims, { connectivity, leastVoxels: removeSmallerThanVoxels });
  if (keepLargest !== null) mask = keepLargestComponents(mask, dims, { connectivity, count: keepLargest });
  for (let i = 0; i < labels.length; i++) if (labels[i] === index && mask[i] === 0) labels[i] = 0;
}
