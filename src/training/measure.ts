/** @file One validation case through the evaluation table: each class of the recipe against the rest. */
import type { PreparedSubject } from '../dataset/prepared-subject.ts';
import { evaluateMasks, parseMetricNames } from '../evaluation/evaluate.ts';
import type { Mask } from '../evaluation/mask.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import type { BlendedMap } from '../inference/sliding-window.ts';
import { recipeInvalid } from '../recipe/errors.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Values } from './events.ts';

export interface MeasuredCase {
  /** Class indices on the prepared grid, x fastest. */
  readonly prediction: Uint8Array;
  readonly probability: BlendedMap;
  /** Its first label map is the reference. */
  readonly subject: PreparedSubject;
  readonly classCount: number;
}

/** Values by metric for each class, in class order. */
export function measureCase(
  { prediction, probability, subject, classCount }: MeasuredCase,
  names: readonly MetricName[],
): Values[] {
  const { dims, spacingMm } = subject;
  const reference = subject.labels[0]!;
  const maskOf = (labels: Uint8Array, index: number): Mask => {
    const data = new Uint8Array(labels.length);
    for (let i = 0; i < labels.length; i++) data[i] = labels[i] === index ? 1 : 0;
    return { data, dims, spacingMm };
  };
  // Channels are the classes, or the background and then the classes.
  const firstChannel = probability.channels - classCount;
  return Array.from({ length: classCount }, (_, at) => {
    const start = (firstChannel + at) * prediction.length;
    return evaluateMasks(maskOf(prediction, at + 1), maskOf(reference, at + 1), {
      metrics: names,
      probability: probability.values.subarray(start, start + prediction.length),
    });
  });
}

/** Checked before the first step, not after the first epoch. Throws EVALUATION_METRIC_UNKNOWN or RECIPE_INVALID. */
export function metricsOf(recipe: Recipe): MetricName[] {
  const { metric } = recipe.training.selectBy;
  const offered = [...recipe.metrics, ...(recipe.graphs.validate === undefined ? [] : ['loss'])];
  if (!offered.includes(metric)) {
    const issue = `training.selectBy.metric: "${metric}" is not computed; one of ${offered.join(', ')} is expected`;
    throw recipeInvalid({ issues: [issue] });
  }
  return parseMetricNames(recipe.metrics);
}
