/** @file What a training run is given and what it gives back. */
import type { Fold } from '../../dataset/splits.ts';
import type { Dataset } from '../../dataset/subject.ts';
import type { Executor } from '../../engine/executor.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { ReportTraining } from '../events.ts';
import type { ValidatedCase } from '../validate.ts';

export interface TrainRunOptions {
  readonly runFolder: string;
  readonly dataset: Dataset;
  /** Of a new run; a resumed run reads its own. */
  readonly recipe: Recipe;
  readonly executor: Executor;
  /** Of a new run; a resumed run keeps its own. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportTraining | undefined;
  /** Sees the first validation subject each time an epoch is validated. The result of training does not depend on it. */
  readonly onValidated?: ((epoch: number, validated: ValidatedCase) => Promise<void>) | undefined;
  /** Stop after this many updates since the run began. The run can be resumed and goes on as if it had not stopped. */
  readonly maxSteps?: number | undefined;
  /** Go on with the run in the folder. Begins anew when it has none yet. */
  readonly resume?: boolean | undefined;
  /** Of a new run: hold back this fold of a cross-validation in place of the recipe's share. */
  readonly fold?: Fold | undefined;
  /** Sampler threads; the result is the same for any number. */
  readonly threads?: number | undefined;
  /** Seconds between checkpoints within an epoch. */
  readonly checkpointEveryS?: number | undefined;
}

export interface TrainRunResult {
  readonly run: string;
  /** Updates done since the run began. */
  readonly steps: number;
  /** Of the last validation; empty when there was none. */
  readonly metrics: Record<string, number | null>;
  /** Over the final weights (not the best): equal for equal training. */
  readonly weightsSha256: string;
}
