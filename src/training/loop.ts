/** @file The loop: updates, ends of epochs, checkpoints, stopping. No maths, no files, no clock of its own: all are handed in. */
import { Cancelled, throwIfCancelled } from '../base/cancel.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { CheckpointState } from '../run/checkpoint.ts';
import type { LogEntry } from '../run/log.ts';
import { trainingDiverged } from './errors.ts';
import type { ReportTraining, Values } from './events.ts';
import { learningRateAt } from './learning-rate.ts';
import { Pace } from './pace.ts';
import { hasFiniteLoss } from './step.ts';

export interface LoopServices {
  /** The update with this index (from 0): loss and further scalars. */
  update(step: number): Promise<Values>;
  /** Metrics on the validation subjects; empty when there are none. */
  validate(epoch: number): Promise<Values>;
  saveLatest(state: CheckpointState): Promise<void>;
  saveBest(state: CheckpointState): Promise<void>;
  log(entry: LogEntry): Promise<void>;
  readonly report: ReportTraining;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

export interface LoopOptions {
  readonly recipe: Recipe;
  readonly start: CheckpointState;
  /** Losses of the current epoch's updates that were done before `start`. */
  readonly earlierLosses: readonly number[];
  /** Stop after this many updates since the run began, even within an epoch. */
  readonly maxSteps: number | undefined;
  /** A checkpoint is due when this much time has gone since the last one. */
  readonly checkpointEveryMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Trains from `start` to the end and returns the final state. Checkpoints lie at ends of updates only, so whatever is resumed from
 * one repeats exactly what would have come after it. When the signal aborts: finishes the update, saves, throws Cancelled.
 * Throws TRAINING_DIVERGED, with nothing saved since the last good update.
 */
export async function trainLoop(options: LoopOptions, services: LoopServices): Promise<CheckpointState> {
  const loop = new Loop(options, services);
  try {
    return await loop.run();
  } catch (error) {
    if (error instanceof Cancelled) await loop.save();
    throw error;
  }
}

class Loop {
  private state: CheckpointState;
  private saved: CheckpointState | undefined;
  private losses: number[];
  private lastSavedMs: number;
  private readonly pace = new Pace();
  private readonly options: LoopOptions;
  private readonly services: LoopServices;

  constructor(options: LoopOptions, services: LoopServices) {
    this.options = options;
    this.services = services;
    this.state = options.start;
    this.saved = options.start.step > 0 ? options.start : undefined;
    this.losses = [...options.earlierLosses];
    this.lastSavedMs = services.now();
  }

  async run(): Promise<CheckpointState> {
    const { epochs, stepsPerEpoch } = this.options.recipe.training;
    while (this.state.closedEpochs < epochs) {
      const epochEnd = (this.state.closedEpochs + 1) * stepsPerEpoch;
      while (this.state.step < Math.min(epochEnd, this.lastStep)) await this.step();
      if (this.state.step < epochEnd) break;
      await this.closeEpoch();
    }
    await this.save();
    return this.state;
  }

  async save(): Promise<void> {
    if (this.saved === this.state) return;
    await this.services.saveLatest(this.state);
    this.saved = this.state;
    this.lastSavedMs = this.services.now();
    this.services.report({ type: 'checkpoint', step: this.state.step });
  }

  private get lastStep(): number {
    const { epochs, stepsPerEpoch } = this.options.recipe.training;
    return Math.min(epochs * stepsPerEpoch, this.options.maxSteps ?? Number.POSITIVE_INFINITY);
  }

  private async step(): Promise<void> {
    const { services, options } = this;
    throwIfCancelled(options.signal);
    const startedMs = services.now();
    const learningRate = learningRateAt(this.state.step, options.recipe.training);
    const values = await services.update(this.state.step);
    if (!hasFiniteLoss(values))
      throw trainingDiverged({ step: this.state.step + 1, loss: values.loss ?? Number.NaN, learningRate });
    this.state = { ...this.state, step: this.state.step + 1 };
    this.losses.push(values.loss ?? Number.NaN);
    this.pace.add(services.now() - startedMs);
    await this.reportStep(values, learningRate);
    if (services.now() - this.lastSavedMs >= options.checkpointEveryMs) await this.save();
  }

  private async reportStep(values: Values, learningRate: number): Promise<void> {
    const { services, pace, state } = this;
    const { sampling, training } = this.options.recipe;
    const epoch = state.closedEpochs + 1;
    await services.log({ event: 'step', step: state.step, epoch, learningRate, values });
    services.report({
      type: 'step',
      step: state.step,
      totalSteps: this.lastStep,
      epoch,
      learningRate,
      values,
      stepsPerS: pace.stepsPerS,
      patchesPerS: pace.stepsPerS * sampling.batchSize * training.accumulate,
      secondsLeft: pace.secondsFor(this.lastStep - state.step),
    });
  }

  /** Validation when due, choice of the best, log, checkpoint. If it is cut short, the epoch stays open and is closed on resuming. */
  private async closeEpoch(): Promise<void> {
    const { services } = this;
    const { epochs, validateEvery } = this.options.recipe.training;
    const { step } = this.state;
    const epoch = this.state.closedEpochs + 1;
    const isDue = epoch % validateEvery === 0 || epoch === epochs;
    const metrics = isDue ? await services.validate(epoch) : {};
    const isBest = this.isBetter(metrics);
    const best = isBest ? { step, value: this.selected(metrics)! } : this.state.best;
    const latestMetrics = isDue ? { ...metrics } : this.state.metrics;
    this.state = { ...this.state, closedEpochs: epoch, best, metrics: latestMetrics };
    const trainLoss = this.losses.reduce((sum, loss) => sum + loss, 0) / this.losses.length;
    this.losses = [];
    const values = { trainLoss, ...metrics };
    await services.log({ event: 'epoch', step, epoch, values, isBest });
    services.report({ type: 'epoch', step, epoch, epochs, values, isBest });
    if (isBest) await services.saveBest(this.state);
    await this.save();
  }

  private selected(metrics: Values): number | undefined {
    const value = metrics[this.options.recipe.training.selectBy.metric];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  private isBetter(metrics: Values): boolean {
    const value = this.selected(metrics);
    if (value === undefined) return false;
    const { best } = this.state;
    if (best === null) return true;
    return this.options.recipe.training.selectBy.better === 'higher'
      ? value > best.value
      : value < best.value;
  }
}
