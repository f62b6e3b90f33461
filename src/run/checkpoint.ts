/** @file A checkpoint: the state of a run at one step, as data only. */
import { z } from 'zod';
import type { Shape } from '../engine/graph/graph.ts';

export const checkpointVersion = 1;

export interface NamedTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Where a run stands. What the sampler, the schedule and the log need follows from `step`. */
export const checkpointStateSchema = z.strictObject({
  version: z.literal(checkpointVersion),
  /** Updates done since the start of the run. */
  step: z.int().min(0),
  /** Epochs whose end (validation, selection) is done. */
  closedEpochs: z.int().min(0),
  /** The best validation so far, by the recipe's metric; null before the first. */
  best: z.strictObject({ step: z.int().min(0), value: z.number() }).nullable(),
  /** Metrics of the last validation. */
  metrics: z.record(z.string(), z.number().nullable()),
});

export type CheckpointState = z.infer<typeof checkpointStateSchema>;

export interface Checkpoint {
  readonly state: CheckpointState;
  /** Every variable of the session by name: weights, running statistics, moments of the optimiser. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** True for variables that only training needs; they stay out of the `best` checkpoint and of the weights' hash. */
export function isTrainingState(variable: string): boolean {
  return variable.startsWith('optimiser.');
}
