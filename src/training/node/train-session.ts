/** @file Brings engine, sampler, validation, checkpoints and log to the loop, and the loop to its end. */
import { availableParallelism } from 'node:os';
import type { PreparedSubject } from '../../dataset/prepared-subject.ts';
import type { Session } from '../../engine/executor.ts';
import { compilePredictor, withPredictionWeights, writeVariables } from '../../inference/predictor.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import {
  type Checkpoint,
  type CheckpointState,
  checkpointVersion,
  isTrainingState,
} from '../../run/checkpoint.ts';
import { weightsSha256 } from '../../run/node/checkpoint-file.ts';
import {
  readLatestCheckpoint,
  writeBestCheckpoint,
  writeLatestCheckpoint,
} from '../../run/node/checkpoints.ts';
import type { Run } from '../../run/node/run-folder.ts';
import { appendLog, readLog, truncateLog } from '../../run/node/run-log.ts';
import { type BatchQueue, openBatchQueue } from '../../sampling/node/batch-queue.ts';
import type { PatchSource } from '../../sampling/patch.ts';
import { trainingDiverged } from '../errors.ts';
import type { ReportTraining, Values } from '../events.ts';
import { learningRateAt } from '../learning-rate.ts';
import { type LoopServices, trainLoop } from '../loop.ts';
import { metricsOf } from '../measure.ts';
import { compileStep, runUpdate } from '../step.ts';
import { validate } from '../validate.ts';
import { readVariables } from '../variables.ts';
import type { LoadedData } from './load-data.ts';
import type { TrainRunOptions, TrainRunResult } from './options.ts';

/** A run and its data, ready to be trained. */
export interface Setting {
  readonly options: TrainRunOptions;
  readonly run: Run;
  readonly data: LoadedData;
}

/**
 * Trains in a session from the latest checkpoint. The session is the caller’s to close. Throws Cancelled, TRAINING_DIVERGED, CHECKPOINT_….
 */
export async function trainInSession(session: Session, setting: Setting): Promise<TrainRunResult> {
  const { options, run } = setting;
  const { recipe, record } = run;
  const report = options.report ?? (() => undefined);
  const programs = compileStep(session, recipe, record.seed);
  const validateAt = prepareValidation(session, setting, report);
  const start = await restoreState(session, options.runFolder, report);
  const earlierLosses = await lossesOfEpoch(options.runFolder, start, recipe);
  report({
    type: 'started',
    step: start.step,
    totalSteps: recipe.training.epochs * recipe.training.stepsPerEpoch,
    trainingSubjects: record.split.training.length,
    validationSubjects: record.split.validation.length,
  });
  const queue = openQueue(setting, start.step);
  const services: LoopServices = {
    update: (step) => runUpdate(step, { programs, recipe, seed: record.seed, nextBatch: () => queue.next() }),
    validate: (epoch) => validateAt(epoch, options.onValidated),
    ...checkpointServices(session, options.runFolder, recipe),
    log: (entry) => appendLog(options.runFolder, entry),
    report,
    now: () => performance.now(),
  };
  try {
    const checkpointEveryMs = 1000 * (options.checkpointEveryS ?? 300);
    const { maxSteps, signal } = options;
    const end = await trainLoop(
      { recipe, start, earlierLosses, maxSteps, checkpointEveryMs, signal },
      services,
    );
    // Stopped early, there may be no validation yet. What this one shows is not kept: resuming must not depend on it.
    const isJudged = Object.keys(end.metrics).length > 0;
    const metrics = isJudged ? end.metrics : await validateAt(end.closedEpochs + 1);
    const weights = [...(await readVariables(session))].filter(([name]) => !isTrainingState(name));
    const sha256 = weightsSha256(new Map(weights));
    return { run: options.runFolder, steps: end.step, metrics, weightsSha256: sha256 };
  } finally {
    await queue.close();
  }
}

function subjectsOf(data: LoadedData, ids: readonly string[]): PreparedSubject[] {
  return ids.map((id) => data.subjects.get(id)!);
}

function openQueue({ options, run, data }: Setting, firstStep: number): BatchQueue {
  const { recipe, record } = run;
  const source: PatchSource = {
    subjects: subjectsOf(data, record.split.training),
    sampling: recipe.sampling,
    divideByMaximum: recipe.preparation.normalisation.kind === 'patchMax',
    seed: record.seed,
  };
  const threads = options.threads ?? Math.max(1, Math.min(4, Math.floor(availableParallelism() / 4)));
  const firstBatch = firstStep * recipe.training.accumulate;
  return openBatchQueue(source, { firstBatch, threads, ahead: 2 * Math.max(1, threads) });
}

function prepareValidation(
  session: Session,
  { options, run, data }: Setting,
  report: ReportTraining,
): (epoch: number, onValidated?: TrainRunOptions['onValidated']) => Promise<Values> {
  const { recipe, record } = run;
  const { seed } = record;
  const predictor = compilePredictor(session, recipe, seed);
  const lossGraph = recipe.graphs.validate;
  const lossProgram = lossGraph ? session.compile(withPredictionWeights(lossGraph, recipe), { seed }) : null;
  const metrics = metricsOf(recipe);
  const subjects = subjectsOf(data, record.split.validation);
  return (epoch, onValidated) =>
    validate({
      predictor,
      lossProgram,
      metrics,
      subjects,
      seed,
      signal: options.signal,
      report: (done, total) => report({ type: 'validating', epoch, done, total }),
      onFirstCase: onValidated && ((validated) => onValidated(epoch, validated)),
    });
}

/** Weights that are no longer finite are never written: the last good checkpoint stays. */
function checkpointServices(
  session: Session,
  runFolder: string,
  { training }: Recipe,
): Pick<LoopServices, 'saveLatest' | 'saveBest'> {
  const snapshot = async (state: CheckpointState): Promise<Checkpoint> => {
    const tensors = await readVariables(session);
    const areFinite = [...tensors.values()].every(({ values }) => values.every(Number.isFinite));
    const learningRate = learningRateAt(Math.max(0, state.step - 1), training);
    if (!areFinite) throw trainingDiverged({ step: state.step, loss: Number.NaN, learningRate });
    return { state, tensors };
  };
  return {
    saveLatest: async (state) => writeLatestCheckpoint(runFolder, await snapshot(state)),
    saveBest: async (state) => writeBestCheckpoint(runFolder, await snapshot(state)),
  };
}

const freshState: CheckpointState = {
  version: checkpointVersion,
  step: 0,
  closedEpochs: 0,
  best: null,
  metrics: {},
};

/** Brings variables and log back to the latest checkpoint; a run without one starts from the beginning. */
async function restoreState(
  session: Session,
  runFolder: string,
  report: ReportTraining,
): Promise<CheckpointState> {
  const found = await readLatestCheckpoint(runFolder);
  if (found !== undefined) await writeVariables(session, found.tensors);
  if (found?.damaged)
    report({
      type: 'notice',
      text: `${found.damaged.what} Going on from the one before, step ${found.state.step}.`,
    });
  const state = found?.state ?? freshState;
  await truncateLog(runFolder, state.step);
  return state;
}

/** Losses of the open epoch's updates before the checkpoint, so that its mean is that of the whole epoch. */
async function lossesOfEpoch(runFolder: string, state: CheckpointState, recipe: Recipe): Promise<number[]> {
  const firstStep = state.closedEpochs * recipe.training.stepsPerEpoch;
  const entries = await readLog(runFolder);
  return entries
    .filter(({ event, step }) => event === 'step' && step > firstStep)
    .map(({ values }) => (values as Values).loss ?? Number.NaN);
}
