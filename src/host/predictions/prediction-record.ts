/** @file The two files that describe a prediction: prediction.json by the host (what was asked for), outputs.json by the worker (what came of it). */
import { z } from 'zod';
import { jobIdSchema, runIdSchema, timestampSchema, volumeIdSchema } from '../../contract/ids.ts';
import { classSchema, uncertainRegionSchema } from '../../contract/predictions.ts';
import { outputSchema } from '../../recipe/recipe.ts';

export const recordFile = 'prediction.json';
export const outputsFile = 'outputs.json';

export const predictionRecordSchema = z.object({
  version: z.literal(1),
  run: runIdSchema,
  /** As it was called then; shown when the run is gone. */
  runName: z.string(),
  job: jobIdSchema,
  createdAt: timestampSchema,
  /** What each case of outputs.json is of. */
  cases: z.array(z.object({ stem: z.string(), subject: z.string(), image: volumeIdSchema })),
});

/** The parts of outputs.json that are shown. */
export const predictionOutputsSchema = z.object({
  version: z.literal(1),
  outputs: z.array(outputSchema),
  classes: z.array(classSchema),
  cases: z.array(
    z.object({
      stem: z.string(),
      files: z.record(z.string(), z.string()),
      volumesMl: z.record(z.string(), z.number()),
      uncertainRegions: z.array(uncertainRegionSchema),
      metrics: z.record(z.string(), z.number().nullable()),
    }),
  ),
});

export type PredictionRecord = z.infer<typeof predictionRecordSchema>;
export type PredictionOutputs = z.infer<typeof predictionOutputsSchema>;
