/**
 * @file The recipe: all that a plugin says about how to train and run its method, as plain, versioned, validated data.
 * Made once when a run is submitted and kept as recipe.json; training, resuming and predicting read it and nothing else.
 */
import { z } from 'zod';
import { pluginLimits, validateGraph } from '../engine/graph/validate.ts';
import { recipeInvalid } from './errors.ts';
import { graphContractIssues } from './graph-contract.ts';
import { graphSchema } from './graph-schema.ts';
import { preparationSchema } from './preparation.ts';

export const recipeVersion = 1;

const share = z.number().min(0).max(1);
const sizes = z.array(z.int().min(1)).min(1).max(3);

/** One random change of a patch; `chance` is per patch. Image and label move together; intensity changes touch the image only. */
export const augmentationSchema = z.discriminatedUnion('kind', [
  /** Each listed tensor axis (0 = slowest) is flipped with probability one half. */
  z.strictObject({ kind: z.literal('flip'), axes: z.array(z.int().min(0).max(2)) }),
  z.strictObject({ kind: z.literal('rotate'), chance: share, maxDegrees: z.number().min(0).max(180) }),
  z.strictObject({
    kind: z.literal('scale'),
    chance: share,
    min: z.number().positive(),
    max: z.number().positive(),
  }),
  /** Smooth displacement: cubic B-spline on a grid with this spacing in voxels, normal displacements in voxels. */
  z.strictObject({
    kind: z.literal('elastic'),
    chance: share,
    gridVoxels: z.number().min(2),
    deviationVoxels: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('gamma'),
    chance: share,
    min: z.number().positive(),
    max: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('noise'), chance: share, maxDeviation: z.number().min(0) }),
  z.strictObject({ kind: z.literal('biasField'), chance: share, strength: share }),
  z.strictObject({ kind: z.literal('blur'), chance: share, maxSigmaVoxels: z.number().min(0) }),
  z.strictObject({
    kind: z.literal('brightness'),
    chance: share,
    maxShift: z.number().min(0),
    maxScale: z.number().min(0),
  }),
]);

/** A further input of the training graph that the sampler makes for each batch. */
export const samplerInputSchema = z.discriminatedUnion('kind', [
  /**
   * Sampling grid [N, D, H, W, 3] for the op `gridSample` (alignCorners true): identity plus one random cubic B-spline displacement per batch.
   * Control points per axis and the largest displacement (normalised −1…1) are each drawn from their list.
   */
  z.strictObject({
    kind: z.literal('bsplineGrid'),
    input: z.string(),
    controlPoints: z.array(z.int().min(4)).min(1),
    maxDisplacement: z.array(z.number().min(0)).min(1),
    lockedBorders: z.int().min(0).max(3),
  }),
  /** Maximum projection of the whole label volume along a tensor axis, cropped to the patch: [N, 1, …] with size 1 along the axis. */
  z.strictObject({ kind: z.literal('labelProjection'), input: z.string(), axis: z.int().min(0).max(2) }),
]);

export const samplingSchema = z.strictObject({
  /** [D, H, W]: slowest axis first. */
  patchSize: sizes,
  batchSize: z.int().min(1).max(1024),
  /** Share of patches centred on a foreground voxel; the others are uniform. */
  foregroundShare: share,
  /** 'largest' keeps volumes smaller than a patch by reflecting their borders. */
  augmentation: z.array(augmentationSchema),
  extraInputs: z.array(samplerInputSchema),
});

export const optimiserSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: share,
    nesterov: z.boolean(),
    weightDecay: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0),
  }),
]);

/** Factor on the learning rate over training progress 0-1. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** (1 − progress)^power, as nnU-Net. */
  z.strictObject({ kind: z.literal('polynomial'), power: z.number().positive() }),
  z.strictObject({ kind: z.literal('cosine'), finalShare: share }),
  z.strictObject({ kind: z.literal('step'), everyEpochs: z.int().min(1), factor: z.number().positive() }),
]);

export const trainingSchema = z.strictObject({
  epochs: z.int().min(1),
  stepsPerEpoch: z.int().min(1),
  learningRate: z.number().positive(),
  optimiser: optimiserSchema,
  schedule: scheduleSchema,
  /** Steps over which the learning rate rises from 0. */
  warmupSteps: z.int().min(0),
  /** Largest global gradient norm; null for no clipping. */
  clipNorm: z.number().positive().nullable(),
  /** Batches whose gradients are averaged before one update. */
  accumulate: z.int().min(1),
  /** Decay of the moving average of the weights that validation and prediction use; null for none. */
  emaDecay: share.nullable(),
  /** Validate (whole volumes) every so many epochs. */
  validateEvery: z.int().min(1),
  /** Keep the checkpoint that is best by this validation metric. */
  selectBy: z.strictObject({ metric: z.string(), better: z.enum(['higher', 'lower']) }),
  /** Share of subjects held back for validation, by subject; at least one when there are two or more. */
  validationShare: share,
});

export const thresholdSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), value: share }),
  z.strictObject({ kind: z.literal('otsu') }),
  /** Keeps voxels above `low` that are connected to one above `high`. */
  z.strictObject({ kind: z.literal('hysteresis'), low: share, high: share }),
  /** More than one class: the most probable. */
  z.strictObject({ kind: z.literal('argMax') }),
]);

export const inferenceSchema = z.strictObject({
  /** [D, H, W]; the predict graph's input is [batchSize, channels, …window]. */
  window: sizes,
  batchSize: z.int().min(1),
  /** Overlap of neighbouring windows, as a share of the window, per axis. */
  overlap: z.array(z.number().min(0).max(0.95)).min(1).max(3),
  blend: z.enum(['gaussian', 'uniform']),
  threshold: thresholdSchema,
  /** Components smaller than this are removed; 0 keeps all. */
  removeSmallerThanVoxels: z.int().min(0),
  /** Keep this many largest components; null keeps all. */
  keepLargest: z.int().min(1).nullable(),
});

/** A map that prediction writes, and how it is shown. `graphOutput` names an output of the predict graph. */
export const outputSchema = z.strictObject({
  name: z.string(),
  graphOutput: z.string(),
  kind: z.enum(['probability', 'labels', 'image', 'uncertainty']),
  label: z.string(),
  unit: z.string(),
  range: z.tuple([z.number(), z.number()]),
  colourMap: z.string(),
});

const classSchema = z.strictObject({
  /** Written by prediction. */
  value: z.int().min(1),
  /** Further label values that count as this class when learning and evaluating. */
  mergedValues: z.array(z.int().min(1)).optional(),
  name: z.string(),
  colour: z.string(),
});

export const recipeSchema = z.strictObject({
  version: z.literal(recipeVersion),
  plugin: z.strictObject({ id: z.string(), version: z.string(), apiVersion: z.int() }),
  task: z.enum(['segmentation']),
  /** Resolved settings, for the record. */
  settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  /** Image channels per subject, in order. */
  channels: z.int().min(1),
  /** What label values mean; value 0 is background. With one class the label is "this value or not". */
  classes: z.array(classSchema).min(1),
  preparation: preparationSchema,
  sampling: samplingSchema,
  /**
   * train     inputs `image` [N, C, D, H, W], `label` [N, 1, D, H, W] (class index as f32), optionally `key` i32 [2] (seed, step) and the
   *           extra inputs; outputs `loss` [] and any further scalars, which are logged
   * validate  the same inputs, without dropout and augmentation; output `loss`. Optional
   * predict   input `image` [n, C, …window]; the outputs that `outputs` names, [n, classes, …window]
   */
  graphs: z.strictObject({ train: graphSchema, validate: graphSchema.optional(), predict: graphSchema }),
  training: trainingSchema,
  /** Names from the evaluation table, computed on whole validation volumes. */
  metrics: z.array(z.string()),
  inference: inferenceSchema,
  outputs: z.array(outputSchema).min(1),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type Sampling = z.infer<typeof samplingSchema>;
export type Augmentation = z.infer<typeof augmentationSchema>;
export type SamplerInput = z.infer<typeof samplerInputSchema>;
export type Optimiser = z.infer<typeof optimiserSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
export type Training = z.infer<typeof trainingSchema>;
export type Inference = z.infer<typeof inferenceSchema>;
export type Threshold = z.infer<typeof thresholdSchema>;
export type OutputMap = z.infer<typeof outputSchema>;

/** Parses and checks a recipe from anywhere: fields by the schema, graphs by the graph validator. Throws RECIPE_INVALID or GRAPH_…. */
export function parseRecipe(value: unknown, file?: string): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'recipe'}: ${issue.message}`);
    throw recipeInvalid({ issues, ...(file !== undefined && { file }) });
  }
  for (const graph of Object.values(parsed.data.graphs))
    if (graph !== undefined) validateGraph(graph, pluginLimits);
  const issues = graphContractIssues(parsed.data);
  if (issues.length > 0)
    throw recipeInvalid({ issues: issues.slice(0, 5), ...(file !== undefined && { file }) });
  return parsed.data;
}
