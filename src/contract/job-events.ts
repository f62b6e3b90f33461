/** @file What a worker says while a job runs: the same plain data is a log line, an event of the host and news for the window. */
import { z } from 'zod';
import { errorReportSchema } from './errors.ts';

/** Speed in something that people compare, e.g. 18.2 patches a second. */
export const rateSchema = z.object({ perS: z.number(), unit: z.string() });

export const jobEventSchema = z.discriminatedUnion('type', [
  /** How far the present task is; `done` of `total` in its own unit. */
  z.object({
    type: z.literal('progress'),
    task: z.string(),
    done: z.number(),
    total: z.number(),
    rate: rateSchema.optional(),
    /** A short part of a larger task that is under way, such as a validation while training: one bar for both stays with the larger. */
    isPart: z.boolean().optional(),
    /** Resident memory of the worker process. */
    memoryBytes: z.number().optional(),
  }),
  /** Something worth a line, e.g. the metrics of an epoch. */
  z.object({ type: z.literal('note'), text: z.string() }),
  /** Numbers over training steps, for curves. */
  z.object({
    type: z.literal('metrics'),
    /** One update, or a whole epoch with its validation. */
    of: z.enum(['step', 'epoch']),
    step: z.number(),
    epoch: z.number(),
    values: z.record(z.string(), z.number().nullable()),
  }),
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: errorReportSchema }),
  z.object({ type: z.literal('cancelled') }),
]);

export type JobEvent = z.infer<typeof jobEventSchema>;
