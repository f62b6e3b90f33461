/** @file One subject's volumes in, maps and label map on the same grid out: prepare, slide, restore, decide. */
import { type Grid, isSameGrid } from '../imaging/grid.ts';
import { type AppliedPreparation, prepare, restore } from '../imaging/prepare.ts';
import { type Volume, voxelCount } from '../imaging/volume.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { channelGridsDiffer, channelsExpected } from './errors.ts';
import { decideLabels } from './label-map.ts';
import type { Predictor } from './predictor.ts';
import { type BlendedMap, slideWindows } from './sliding-window.ts';
import { decisiveOutput, derivesUncertainty, predictiveEntropy, uncertaintyOutput } from './uncertainty.ts';

export interface PredictOptions {
  readonly predictor: Predictor;
  /** One per image channel, in the order of the training data, on one grid. Of a series the first time point is used. */
  readonly channels: readonly Volume[];
  readonly signal?: AbortSignal | undefined;
  /** Windows done, of all. */
  readonly report?: ((done: number, total: number) => void) | undefined;
}

export interface Prediction {
  /** float32 on the grid of the input, by name of `outputsOf(recipe)`; one component per channel of the graph's output. */
  readonly maps: Readonly<Record<string, Volume>>;
  /** Label values of the recipe's classes on the grid of the input: uint8, or uint16 where values need it. */
  readonly labels: Volume;
  /** What was done to the first channel; kept with the prediction. */
  readonly applied: AppliedPreparation;
}

/**
 * Thresholds are applied on the grid of the file, to the restored probability.
 * Throws INPUT_CHANNELS, INPUT_GRIDS_DIFFER, Cancelled.
 */
export async function predictVolume(options: PredictOptions): Promise<Prediction> {
  const { predictor, channels } = options;
  const { recipe } = predictor;
  checkChannels(channels, recipe);
  const first = channels[0]!;
  const { rasFromIjk, spacingMm } = first;
  // Affines that agree closely enough are made equal, so that rounding cannot give prepared grids of different size.
  const prepared = channels.map((volume) =>
    prepare({ ...volume, rasFromIjk, spacingMm }, recipe.preparation),
  );
  const { applied, dims } = prepared[0]!;
  const values = prepared.map((channel) => channel.values);
  const blended = await slideWindows({ ...options, channels: values, dims });
  const restored = new Map<string, BlendedMap>();
  for (const [name, map] of blended) {
    restored.set(name, restoreMap(map, applied));
    blended.delete(name);
  }
  const decisive = restored.get(decisiveOutput(recipe).name)!;
  const classCount = recipe.classes.length;
  const labels = decideLabels(decisive, first.dims, { inference: recipe.inference, classCount });
  if (derivesUncertainty(recipe))
    restored.set(uncertaintyOutput.name, { channels: 1, values: predictiveEntropy(decisive, classCount) });
  return {
    maps: Object.fromEntries([...restored].map(([name, map]) => [name, mapVolume(map, first)])),
    labels: labelVolume(labels, first, recipe),
    applied,
  };
}

function checkChannels(channels: readonly Volume[], recipe: Recipe): void {
  if (channels.length !== recipe.channels)
    throw channelsExpected({ expected: recipe.channels, found: channels.length });
  const first = channels[0]!;
  const toleranceMm = Math.min(...first.spacingMm) / 20;
  channels.forEach((volume, index) => {
    if (!isSameGrid(first, volume, toleranceMm)) throw channelGridsDiffer({ channel: index + 1 });
  });
}

function restoreMap({ channels, values }: BlendedMap, applied: AppliedPreparation): BlendedMap {
  const before = voxelCount(applied.prepared.dims);
  const after = voxelCount(applied.source.dims);
  const restored = new Float32Array(channels * after);
  for (let c = 0; c < channels; c++)
    restored.set(restore(values.subarray(c * before, (c + 1) * before), applied), c * after);
  return { channels, values: restored };
}

function mapVolume({ channels, values }: BlendedMap, like: Volume): Volume {
  return {
    ...onGrid(like, like.spacingMm),
    data: values,
    dtype: 'float32',
    components: channels,
    ...(channels > 1 && { componentKind: 'vector' as const }),
  };
}

/** A label map with the recipe's values from class indices. */
export function labelVolume(
  labels: Uint8Array,
  like: Grid & Pick<Volume, 'spacingMm'>,
  { classes }: Pick<Recipe, 'classes'>,
): Volume {
  const table = [0, ...classes.map(({ value }) => value)];
  const fitsByte = Math.max(...table) < 256;
  const data = fitsByte ? new Uint8Array(labels.length) : new Uint16Array(labels.length);
  for (let i = 0; i < labels.length; i++) data[i] = table[labels[i]!]!;
  return {
    ...onGrid(like, like.spacingMm),
    data,
    dtype: fitsByte ? 'uint8' : 'uint16',
    components: 1,
  };
}

function onGrid(
  { dims, rasFromIjk }: Grid,
  spacingMm: Volume['spacingMm'],
): Omit<Volume, 'data' | 'dtype' | 'components'> {
  return { dims, rasFromIjk, spacingMm, timePoints: 1, timeStepS: 0, slope: 1, intercept: 0 };
}
