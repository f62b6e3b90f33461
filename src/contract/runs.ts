/**
 * @file Runs: what training left behind, for tables, curves and comparison.
 * `GET /runs/picture?run=…&epoch=…` answers with the PNG of that epoch's validation.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { jobIdSchema, nameSchema, runIdSchema, timestampSchema } from './ids.ts';

const settings = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));
const values = z.record(z.string(), z.number().nullable());

export const runSummarySchema = z.object({
  id: runIdSchema,
  name: z.string(),
  plugin: z.object({ id: z.string(), name: z.string(), version: z.string() }),
  createdAt: timestampSchema,
  /** The job that trains it now or trained it last; null when it came from elsewhere (the command line, another machine). */
  job: jobIdSchema.nullable(),
  preset: z.string().nullable(),
  settings,
  seed: z.int(),
  step: z.int(),
  totalSteps: z.int(),
  epochs: z.int(),
  closedEpochs: z.int(),
  /** Of the newest validation. */
  metrics: values,
  /** Of the weights that predict. */
  bestMetrics: values,
  /** Whether there are weights to predict with. */
  canPredict: z.boolean(),
  trainingSubjects: z.array(z.string()),
  validationSubjects: z.array(z.string()),
});

/** Columns of equal length: `x[i]` is the step (or epoch) of `series[name][i]`. */
const curveSchema = z.object({
  x: z.array(z.number()),
  series: z.record(z.string(), z.array(z.number().nullable())),
});

export const runCurvesSchema = z.object({
  /** Per update; thinned to about a thousand points by averaging neighbours. */
  steps: curveSchema,
  epochs: curveSchema,
  /** Epochs that have a picture. */
  pictureEpochs: z.array(z.int()),
});

const base = oc.errors(contractErrors);
const one = z.object({ id: runIdSchema });

export const runsContract = {
  list: base.output(z.array(runSummarySchema)),
  curves: base.input(one).output(runCurvesSchema),
  rename: base.input(one.extend({ name: nameSchema })).output(runSummarySchema),
  /** To the project's trash. Errors: RUN_BUSY. */
  remove: base.input(one).output(z.void()),
};

export type RunSummary = z.infer<typeof runSummarySchema>;
export type RunCurves = z.infer<typeof runCurvesSchema>;
