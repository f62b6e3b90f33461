/** @file Numbers about a predicted case: volumes of its classes, where the model is unsure, and how it compares with a reference. */
import { UserError } from '../base/errors.ts';
import { classMap, classValuesOf } from '../dataset/prepared-subject.ts';
import { checkComparable, evaluateMasks, type MetricValues } from '../evaluation/evaluate.ts';
import type { Mask } from '../evaluation/mask.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { readVolume } from '../imaging/node/open.ts';
import { type Volume, valuesOf } from '../imaging/volume.ts';
import type { Prediction } from '../inference/predict-volume.ts';
import { uncertainRegions, voxelVolumeMl } from '../inference/uncertain-regions.ts';
import { uncertaintyOutput } from '../inference/uncertainty.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Judgement } from './prediction-outputs.ts';

interface JudgeOptions {
  readonly classes: Recipe['classes'];
  /** File of the reference label map. */
  readonly reference: string | undefined;
  readonly note: (text: string) => void;
}

/** A reference that cannot be read or lies on another grid is noted and left out. */
export async function judgePrediction(prediction: Prediction, options: JudgeOptions): Promise<Judgement> {
  const { labels, maps } = prediction;
  const entropy = maps[uncertaintyOutput.name];
  return {
    volumesMl: volumesMl(labels, options.classes),
    uncertainRegions: entropy?.components === 1 ? uncertainRegions(valuesOf(entropy), entropy) : [],
    metrics: await compare(labels, options),
  };
}

function volumesMl(labels: Volume, classes: Recipe['classes']): Record<string, number> {
  const counts = new Map<number, number>();
  for (const value of valuesOf(labels)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const voxelMl = voxelVolumeMl(labels);
  return Object.fromEntries(classes.map(({ name, value }) => [name, (counts.get(value) ?? 0) * voxelMl]));
}

/** What a reviewer asks first: overlap, connectedness, false and missed, distance. */
const metricNames: readonly MetricName[] = [
  'dice',
  'clDice',
  'precision',
  'sensitivity',
  'hausdorff95',
  'assd',
  'betti0Error',
];

/** With several classes the means over those that have the value, and the Dice of each as `dice <class>`. */
async function compare(labels: Volume, { classes, reference, note }: JudgeOptions): Promise<MetricValues> {
  if (reference === undefined) return {};
  try {
    const volume = await readVolume(reference);
    checkComparable({ name: 'the segmentation', volume: labels }, { name: reference, volume });
    const truth = classMap(valuesOf(volume), classValuesOf({ classes }));
    const found = classMap(valuesOf(labels), classValuesOf({ classes }));
    const rows = classes.map(({ name }, index) => ({
      name,
      values: evaluateMasks(maskOfClass(found, index + 1, volume), maskOfClass(truth, index + 1, volume), {
        metrics: metricNames,
      }),
    }));
    return rows.length === 1 ? rows[0]!.values : meansOf(rows);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    note(`not compared with its label map: ${error.code} ${error.what}`);
    return {};
  }
}

function maskOfClass(map: Uint8Array, index: number, { dims, spacingMm }: Volume): Mask {
  return { data: map.map((value) => (value === index ? 1 : 0)), dims, spacingMm };
}

function meansOf(rows: readonly { name: string; values: MetricValues }[]): Record<string, number | null> {
  const means = metricNames.map((metric) => {
    const values = rows.map(({ values }) => values[metric]).filter((value) => typeof value === 'number');
    const sum = values.reduce((total, value) => total + value, 0);
    return [metric, values.length === 0 ? null : sum / values.length] as const;
  });
  const dices = rows.map(({ name, values }) => [`dice ${name}`, values.dice ?? null] as const);
  return Object.fromEntries([...means, ...dices]);
}
