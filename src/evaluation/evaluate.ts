/** @file Prediction and reference in, numbers out. Where training, worker and command line come in. */
import { applyAffine, type Point } from '../imaging/geometry/affine.ts';
import type { Grid } from '../imaging/grid.ts';
import { type Volume, valuesOf } from '../imaging/volume.ts';
import { makeComparison } from './comparison.ts';
import {
  evaluationGridMismatch,
  evaluationMetricUnknown,
  evaluationNotOneVolume,
  evaluationProbabilityMissing,
  type NamedGrid,
} from './errors.ts';
import { labelsOf, type Mask, maskOf } from './mask.ts';
import { isMetricName, type MetricName, maskMetricNames, metricNames, metrics } from './metrics.ts';

/** Value by metric; null where it does not exist (e.g. precision without a prediction). Safe for JSON. */
export type MetricValues = Partial<Record<MetricName, number | null>>;

export interface EvaluateOptions {
  /** Default: all that need masks only, and with a probability map those that need it too. */
  readonly metrics?: readonly MetricName[] | undefined;
  /** Probability of foreground, same order as the masks. */
  readonly probability?: Float32Array | undefined;
}

/**
 * Compares two masks of the same size; spacing is the reference's. Shared intermediate results are computed once.
 *
 * throws  EVALUATION_PROBABILITY_MISSING
 */
export function evaluateMasks(
  prediction: Mask,
  reference: Mask,
  { metrics: names, probability }: EvaluateOptions = {},
): MetricValues {
  const wanted = names ?? (probability === undefined ? maskMetricNames : metricNames);
  const missing = wanted.find((name) => metrics[name].needs === 'probability' && probability === undefined);
  if (missing !== undefined) throw evaluationProbabilityMissing(missing);
  const aligned = { ...prediction, spacingMm: reference.spacingMm };
  const comparison = makeComparison(aligned, reference, probability);
  return Object.fromEntries(wanted.map((name) => [name, metrics[name].compute(comparison)]));
}

/** A volume with the name to use in errors: its path, or what it is. */
export interface NamedVolume {
  readonly name: string;
  readonly volume: Volume;
}

export interface EvaluateVolumesOptions {
  readonly metrics?: readonly MetricName[] | undefined;
  /** A map on the same grid; binary masks only. */
  readonly probability?: NamedVolume | undefined;
}

/**
 * Compares two masks: whatever is not 0 (nor NaN) is foreground.
 *
 * throws  EVALUATION_GRID_MISMATCH, EVALUATION_NOT_ONE_VOLUME, EVALUATION_PROBABILITY_MISSING
 */
export function evaluateVolumes(
  prediction: NamedVolume,
  reference: NamedVolume,
  { metrics: names, probability }: EvaluateVolumesOptions = {},
): MetricValues {
  checkComparable(prediction, reference);
  if (probability !== undefined) checkComparable(probability, reference);
  return evaluateMasks(maskOf(prediction.volume), maskOf(reference.volume), {
    metrics: names,
    probability: probability && valuesOf(probability.volume),
  });
}

export interface LabelEvaluation {
  readonly label: number;
  readonly values: MetricValues;
}

/**
 * Compares two label maps, one label after another, each against the rest.
 *
 * labels   default: the whole numbers above 0 that occur in either, smallest first
 * throws   EVALUATION_GRID_MISMATCH, EVALUATION_NOT_ONE_VOLUME, EVALUATION_PROBABILITY_MISSING
 */
export function evaluateLabelMaps(
  prediction: NamedVolume,
  reference: NamedVolume,
  options: { readonly metrics?: readonly MetricName[] | undefined; readonly labels?: readonly number[] } = {},
): LabelEvaluation[] {
  checkComparable(prediction, reference);
  const labels = options.labels ?? labelsOf(prediction.volume, reference.volume);
  return labels.map((label) => ({
    label,
    values: evaluateMasks(maskOf(prediction.volume, label), maskOf(reference.volume, label), {
      metrics: options.metrics,
    }),
  }));
}

/** How far apart, as a share of a voxel, the places of two grids may lie: files store them rounded. */
const placeTolerance = 0.05;

/** Throws EVALUATION_NOT_ONE_VOLUME or EVALUATION_GRID_MISMATCH unless both are scalar volumes on one grid. */
export function checkComparable(prediction: NamedVolume, reference: NamedVolume): void {
  for (const { name, volume } of [prediction, reference]) {
    if (volume.timePoints * volume.components !== 1)
      throw evaluationNotOneVolume(name, volume.timePoints, volume.components);
  }
  const isSameSize = prediction.volume.dims.every((size, axis) => size === reference.volume.dims[axis]);
  const shiftMm = isSameSize ? largestShiftMm(prediction.volume, reference.volume) : 0;
  if (isSameSize && shiftMm <= placeTolerance * Math.min(...reference.volume.spacingMm)) return;
  throw evaluationGridMismatch(named(prediction), named(reference), shiftMm);
}

/** How far apart the two grids put the same voxel, at most; that is at a corner, as affines are linear. */
function largestShiftMm(a: Grid, b: Grid): number {
  const ends = a.dims.map((size) => [0, size - 1] as const);
  const corners = ends[0]!.flatMap((x) => ends[1]!.flatMap((y) => ends[2]!.map((z): Point => [x, y, z])));
  const shifts = corners.map((corner) => {
    const there = applyAffine(b.rasFromIjk, corner);
    return Math.hypot(...applyAffine(a.rasFromIjk, corner).map((value, axis) => value - there[axis]!));
  });
  return Math.max(...shifts);
}

function named({ name, volume: { dims, rasFromIjk } }: NamedVolume): NamedGrid {
  return { name, dims, rasFromIjk };
}

/**
 * The names as metrics of the table.
 *
 * throws  EVALUATION_METRIC_UNKNOWN
 */
export function parseMetricNames(names: readonly string[]): MetricName[] {
  return names.map((name) => {
    if (isMetricName(name)) return name;
    throw evaluationMetricUnknown(name, metricNames);
  });
}
