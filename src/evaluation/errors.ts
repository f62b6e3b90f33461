/** @file Errors of comparing a segmentation with a reference. */
import { UserError } from '../base/errors.ts';
import type { Grid } from '../imaging/grid.ts';

export interface NamedGrid extends Grid {
  /** How the person knows it: the file's path, or what it is. */
  readonly name: string;
}

export function evaluationGridMismatch(
  prediction: NamedGrid,
  reference: NamedGrid,
  shiftMm: number,
): UserError {
  const isSameSize = prediction.dims.every((size, axis) => size === reference.dims[axis]);
  const difference = isSameSize
    ? `the same voxel lies up to ${shiftMm.toPrecision(3)} mm apart`
    : `${prediction.dims.join(' × ')} voxels against ${reference.dims.join(' × ')}`;
  return new UserError({
    code: 'EVALUATION_GRID_MISMATCH',
    what: `Prediction (${prediction.name}) and reference (${reference.name}) are not on the same grid: ${difference}.`,
    file: prediction.name,
    field: isSameSize ? 'affine' : 'dims',
    why: 'One of them may have been resampled, cropped or reoriented, or they belong to different images.',
    next: 'Compare files of the same image, or bring one onto the grid of the other first (nearest neighbour for labels).',
  });
}

export function evaluationNotOneVolume(name: string, timePoints: number, components: number): UserError {
  return new UserError({
    code: 'EVALUATION_NOT_ONE_VOLUME',
    what: `A mask or label map is expected, but the file holds ${timePoints} time points of ${components} components.`,
    file: name,
    field: 'dims',
    next: 'Save the time point or component to be compared as a file of its own.',
  });
}

export function evaluationMetricUnknown(name: string, known: readonly string[]): UserError {
  return new UserError({
    code: 'EVALUATION_METRIC_UNKNOWN',
    what: `There is no metric named "${name}".`,
    field: 'metrics',
    next: `Choose from: ${known.join(', ')}.`,
  });
}

export function evaluationProbabilityMissing(name: string): UserError {
  return new UserError({
    code: 'EVALUATION_PROBABILITY_MISSING',
    what: `The metric "${name}" needs a probability map, and only masks were given.`,
    field: 'metrics',
    next: 'Give the probability map of the prediction too, or leave this metric out.',
  });
}

/** `fraction` is a value that was found, where one was not whole; otherwise there were too many values. */
export function evaluationNotLabels(fields: { file: string; fraction: number | undefined }): UserError {
  const found =
    fields.fraction === undefined
      ? 'it holds hundreds of different values'
      : `it holds values between whole numbers, e.g. ${fields.fraction.toPrecision(4)}`;
  return new UserError({
    code: 'EVALUATION_NOT_LABELS',
    what: `A label map is expected, but ${found}.`,
    file: fields.file,
    field: 'values',
    why: 'It looks like an image or a probability map.',
    next: 'Give the label maps; of a prediction that is the file whose name ends in _labels.nii.gz.',
  });
}
