/** @file From a run folder to a predictor: recipe and best checkpoint, nothing else. */
import type { Executor } from '../../engine/executor.ts';
import { checkpointMissing } from '../../run/errors.ts';
import { readBestCheckpoint } from '../../run/node/checkpoints.ts';
import { readRecipe } from '../../run/node/run-folder.ts';
import { compilePredictor, type Predictor, writeVariables } from '../predictor.ts';

export interface OpenPredictor extends Predictor {
  /** Bytes that the executor held at most. */
  readonly peakBytes: number;
  close(): void;
}

/** Throws RUN_MISSING, RECIPE_INVALID, CHECKPOINT_MISSING, CHECKPOINT_DAMAGED, CHECKPOINT_UNFIT. */
export async function openPredictor(runFolder: string, executor: Executor): Promise<OpenPredictor> {
  const recipe = await readRecipe(runFolder);
  const checkpoint = await readBestCheckpoint(runFolder);
  if (checkpoint === undefined) throw checkpointMissing({ folder: runFolder });
  const session = executor.open();
  try {
    const predictor = compilePredictor(session, recipe, 0);
    await writeVariables(session, checkpoint.tensors);
    return {
      ...predictor,
      get peakBytes() {
        return session.peakBytes;
      },
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
