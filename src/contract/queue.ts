/** @file The job queue: what is waiting, running, paused or over, and how to steer it. One worker process a job, one job at a time. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors, errorReportSchema } from './errors.ts';
import { jobIdSchema, predictionIdSchema, runIdSchema, timestampSchema, volumeIdSchema } from './ids.ts';
import { rateSchema } from './job-events.ts';
import { deviceSchema } from './jobs.ts';

/**
 * waiting → running → done | failed | cancelled; running → pausing → paused → waiting.
 * `interrupted`: the host or the machine went down while it ran; resuming goes on from the last checkpoint.
 */
export const jobStates = [
  'waiting',
  'running',
  'pausing',
  'paused',
  'interrupted',
  'done',
  'failed',
  'cancelled',
] as const;

export const jobSummarySchema = z.object({
  id: jobIdSchema,
  kind: z.enum(['train', 'predict', 'evaluate', 'sample']),
  /** For people: "Train first try", "Segment 3 volumes". */
  title: z.string(),
  state: z.enum(jobStates),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  /** Of the present task. */
  progress: z
    .object({
      task: z.string(),
      done: z.number(),
      total: z.number(),
      /** Of this task; null until it can be told. */
      secondsLeft: z.number().nullable(),
      /** As the worker measured it, e.g. patches per second; absent when the task has none. */
      rate: rateSchema.optional(),
    })
    .nullable(),
  error: errorReportSchema.nullable(),
  /** The newest note of the worker, one line. */
  note: z.string().nullable(),
  device: z.string(),
  run: runIdSchema.nullable(),
  prediction: predictionIdSchema.nullable(),
  /** Of the worker process; null when none runs. */
  memoryBytes: z.number().nullable(),
});

const values = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

export const trainRequestSchema = z.object({
  /** Name of the run; made unique when taken. */
  name: z.string().max(80).optional(),
  plugin: z.string(),
  preset: z.string(),
  /** Only what differs from the preset. */
  settings: values,
  seed: z.int().min(0).max(0xffffffff),
  device: deviceSchema,
  /** Subjects to learn from; all that have labels when absent. */
  subjects: z.array(z.string()).optional(),
});

export const predictRequestSchema = z.object({
  run: runIdSchema,
  images: z.array(volumeIdSchema).min(1),
  device: deviceSchema,
});

export const checkSchema = z.object({
  id: z.string(),
  state: z.enum(['good', 'warning', 'missing']),
  /** "12 subjects with images and labels." */
  text: z.string(),
  /** What to do, when not good. */
  hint: z.string().optional(),
});

const base = oc.errors(contractErrors);
const one = z.object({ id: jobIdSchema });

export const queueContract = {
  list: base.output(z.array(jobSummarySchema)),
  /** The check list beside the form; the button works when none is missing. */
  checkTraining: base.input(trainRequestSchema).output(z.array(checkSchema)),
  train: base.input(trainRequestSchema).output(jobSummarySchema),
  predict: base.input(predictRequestSchema).output(jobSummarySchema),
  /** Writes a checkpoint and frees the machine; resuming ends in the same bits as never pausing. Training only. */
  pause: base.input(one).output(jobSummarySchema),
  /** Of a paused, interrupted, failed or cancelled training. */
  resume: base.input(one).output(jobSummarySchema),
  cancel: base.input(one).output(jobSummarySchema),
  /** Takes a job that is over from the list. Its run or prediction stays. */
  dismiss: base.input(one).output(z.void()),
  /** Notes of the worker, oldest first, with when they came. */
  log: base.input(one).output(z.array(z.object({ at: timestampSchema, text: z.string() }))),
};

export type JobSummary = z.infer<typeof jobSummarySchema>;
export type JobState = (typeof jobStates)[number];
export type TrainRequest = z.infer<typeof trainRequestSchema>;
export type PredictRequest = z.infer<typeof predictRequestSchema>;
export type Check = z.infer<typeof checkSchema>;
