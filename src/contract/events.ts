/**
 * @file News from the host, as one stream. Each event has an id; a window that lost its connection asks for those after the last it saw.
 * When they are gone (the host restarted, or too many), the first event is `reset`: fetch everything anew.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { jobIdSchema, runIdSchema } from './ids.ts';
import { projectSchema } from './projects.ts';
import { jobSummarySchema } from './queue.ts';

export const hostEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reset') }),
  z.object({ type: z.literal('project'), project: projectSchema.nullable() }),
  z.object({ type: z.literal('library'), revision: z.int() }),
  z.object({ type: z.literal('job'), job: jobSummarySchema }),
  z.object({ type: z.literal('jobDismissed'), id: jobIdSchema }),
  /** Numbers of one update or one epoch of a run that is being trained. */
  z.object({
    type: z.literal('metrics'),
    run: runIdSchema,
    of: z.enum(['step', 'epoch']),
    step: z.number(),
    epoch: z.number(),
    values: z.record(z.string(), z.number().nullable()),
  }),
  z.object({ type: z.literal('runs') }),
  z.object({ type: z.literal('predictions') }),
]);

export const eventsContract = {
  /** Never ends by itself. */
  stream: oc.errors(contractErrors).output(eventIterator(hostEventSchema)),
};

export type HostEvent = z.infer<typeof hostEventSchema>;
