/** @file Predictions: what a run said about images, map by map, and how each map wants to be shown. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { predictionIdSchema, runIdSchema, timestampSchema, volumeIdSchema } from './ids.ts';

export const classSchema = z.object({ value: z.int(), name: z.string(), colour: z.string() });

export const predictedMapSchema = z.object({
  id: volumeIdSchema,
  name: z.string(),
  /** For people, e.g. "Vessel probability". */
  label: z.string(),
  kind: z.enum(['labels', 'probability', 'uncertainty', 'image']),
  unit: z.string(),
  range: z.tuple([z.number(), z.number()]),
  colourMap: z.string(),
});

/** A connected region where the model is unsure, largest total uncertainty first. */
export const uncertainRegionSchema = z.object({
  /** Voxel of highest uncertainty. */
  ijk: z.tuple([z.int(), z.int(), z.int()]),
  ras: z.tuple([z.number(), z.number(), z.number()]),
  volumeMl: z.number(),
  peak: z.number(),
});

export const predictionCaseSchema = z.object({
  image: volumeIdSchema,
  subject: z.string(),
  maps: z.array(predictedMapSchema),
  /** Against the image's reference label map where it has one. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** Foreground, by class name. */
  volumesMl: z.record(z.string(), z.number()),
  uncertainRegions: z.array(uncertainRegionSchema),
});

export const predictionSchema = z.object({
  id: predictionIdSchema,
  run: runIdSchema,
  runName: z.string(),
  createdAt: timestampSchema,
  classes: z.array(classSchema),
  cases: z.array(predictionCaseSchema),
});

const base = oc.errors(contractErrors);
const one = z.object({ id: predictionIdSchema });

export const predictionsContract = {
  list: base.output(z.array(predictionSchema)),
  remove: base.input(one).output(z.void()),
};

export type PredictedMap = z.infer<typeof predictedMapSchema>;
export type UncertainRegion = z.infer<typeof uncertainRegionSchema>;
export type PredictionCase = z.infer<typeof predictionCaseSchema>;
export type Prediction = z.infer<typeof predictionSchema>;
