/** @file Whole runs on tiny data: learning, stopping, going on, and what is on disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/base/cancel.ts';
import type { Dataset } from '../../../src/dataset/subject.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { openPredictor } from '../../../src/inference/node/open-predictor.ts';
import { readBestCheckpoint } from '../../../src/run/node/checkpoints.ts';
import { hasRun, readRun, writeRecipe } from '../../../src/run/node/run-folder.ts';
import { readLog } from '../../../src/run/node/run-log.ts';
import type { TrainingEvent } from '../../../src/training/events.ts';
import type { TrainRunOptions } from '../../../src/training/node/options.ts';
import { trainRun } from '../../../src/training/node/train-run.ts';
import { writeTinyDataset } from '../tiny-dataset.ts';
import { type TinyChanges, tinyRecipe } from '../tiny-recipe.ts';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-train-'));
  dataset = await writeTinyDataset(join(folder, 'data'));
});
afterAll(() => rm(folder, { recursive: true }));

let runs = 0;
function options(changes: TinyChanges = {}): TrainRunOptions {
  return {
    runFolder: join(folder, `run${++runs}`),
    dataset,
    recipe: tinyRecipe(changes),
    executor: makeReferenceExecutor(),
    seed: 11,
    threads: 0,
  };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

describe('a run', () => {
  it('learns, logs each step and epoch, and leaves a checkpoint to predict with', async () => {
    const events: TrainingEvent[] = [];
    const training = { epochs: 6, stepsPerEpoch: 10 };
    const metrics = ['dice', 'clDice', 'auc'];
    const report = (event: TrainingEvent) => void events.push(event);
    const run = { ...options({ training, metrics }), report };
    const result = await trainRun(run);
    expect(result.steps).toBe(60);
    expect(result.metrics.dice).toBeGreaterThan(0.8);
    expect(result.metrics.loss).toBeLessThan(0.5);
    expect(result.metrics.clDice).toBeGreaterThan(0.5);
    expect(result.metrics.auc).toBeGreaterThan(0.9);
    const log = await readLog(run.runFolder);
    const epochs = log.filter(({ event }) => event === 'epoch');
    expect(log.filter(({ event }) => event === 'step').map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    expect(epochs.map(({ step, epoch }) => [step, epoch])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => [10 * n, n]),
    );
    const trainLosses = epochs.map(({ values }) => (values as { trainLoss: number }).trainLoss);
    expect(trainLosses.at(-1)).toBeLessThan(trainLosses[0]!);
    const { record } = await readRun(run.runFolder);
    expect(record.split.training.length + record.split.validation.length).toBe(3);
    expect(Object.keys(record.dataSha256)).toEqual(['case0', 'case1', 'case2']);
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['loading', 'started', 'step', 'validating', 'epoch', 'checkpoint']),
    );
    const predictor = await openPredictor(run.runFolder, makeReferenceExecutor());
    expect(predictor.recipe).toEqual(tinyRecipe({ training, metrics }));
    predictor.close();
  });

  it('gives the same weights for the same seed and other ones for another', async () => {
    const first = await trainRun(options());
    expect((await trainRun({ ...options(), threads: 2 })).weightsSha256).toBe(first.weightsSha256);
    expect((await trainRun({ ...options(), seed: 12 })).weightsSha256).not.toBe(first.weightsSha256);
  });

  it('stops at a loss that is not a number, keeping the last good checkpoint', async () => {
    const run = options({
      training: {
        learningRate: 1e38,
        clipNorm: null,
        optimiser: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 1 },
      },
    });
    expect(await codeOf(trainRun(run))).toBe('TRAINING_DIVERGED');
    const best = await readBestCheckpoint(run.runFolder);
    for (const { values } of best?.tensors.values() ?? []) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('is refused in a folder that holds one, and with data that changed', async () => {
    const run = options();
    await trainRun({ ...run, maxSteps: 1 });
    expect(await codeOf(trainRun(run))).toBe('RUN_FOLDER_IN_USE');
    const file = dataset.subjects[0]!.images[0]!;
    const original = await readFile(file);
    await copyFile(dataset.subjects[0]!.labels.reference!, file);
    expect(await codeOf(trainRun({ ...run, resume: true }))).toBe('DATA_CHANGED');
    await writeFile(file, original);
  });
});

describe('a recipe that cannot be judged', () => {
  it.each([
    ['EVALUATION_METRIC_UNKNOWN', { metrics: ['dice', 'beauty'] }],
    ['RECIPE_INVALID', { metrics: ['iou'] }],
  ])('is refused with %s, before a run is made', async (code, changes) => {
    const run = options(changes);
    expect(await codeOf(trainRun(run))).toBe(code);
    expect(await hasRun(run.runFolder)).toBe(false);
  });
});

describe('a data set that does not fit', () => {
  it('is refused for its channels, before a run is made', async () => {
    const run = options();
    const two = { ...run.recipe, channels: 2 };
    expect(await codeOf(trainRun({ ...run, recipe: two }))).toBe('DATASET_CHANNELS');
    expect(await hasRun(run.runFolder)).toBe(false);
  });

  it('is refused when no subject can be used, with the reason', async () => {
    const broken = await writeTinyDataset(join(folder, 'broken'), 1);
    await writeFile(broken.subjects[0]!.images[0]!, 'not a volume');
    expect(await codeOf(trainRun({ ...options(), dataset: broken }))).toBe('DATASET_UNUSABLE');
  });

  it('of one subject trains without validation', async () => {
    const single = await writeTinyDataset(join(folder, 'single'), 1);
    const run = { ...options(), dataset: single };
    expect((await trainRun(run)).metrics).toEqual({});
    expect((await readBestCheckpoint(run.runFolder))?.state.step).toBe(12);
  });
});

describe('cross-validation', () => {
  it('holds each subject back in one fold', async () => {
    const held: string[] = [];
    for (const index of [0, 1, 2]) {
      const run = { ...options(), fold: { index, count: 3 } };
      await trainRun({ ...run, maxSteps: 1 });
      held.push(...(await readRun(run.runFolder)).record.split.validation);
    }
    expect(held.sort()).toEqual(['case0', 'case1', 'case2']);
  });
});

describe('a run on another device', () => {
  it('says that the bits will differ', async () => {
    const run = options();
    await trainRun({ ...run, maxSteps: 1 });
    const notices: string[] = [];
    const report = (event: TrainingEvent) => void (event.type === 'notice' && notices.push(event.text));
    const executor = { ...makeReferenceExecutor(), description: 'another machine' };
    await trainRun({ ...run, maxSteps: 2, resume: true, executor, report });
    expect(notices).toEqual([expect.stringContaining('another machine')]);
  });
});

describe('a run folder', () => {
  it('is trained in by one at a time', async () => {
    const run = options();
    const [first, second] = await Promise.all([codeOf(trainRun(run)), codeOf(trainRun(run))]);
    expect([first, second].sort()).toEqual(['RUN_LOCKED', 'none']);
  });

  it('without a checkpoint, or without a run, cannot predict', async () => {
    const empty = join(folder, 'empty');
    expect(await codeOf(openPredictor(empty, makeReferenceExecutor()))).toBe('RUN_MISSING');
    await writeRecipe(empty, tinyRecipe());
    expect(await codeOf(openPredictor(empty, makeReferenceExecutor()))).toBe('CHECKPOINT_MISSING');
  });
});

/** Settings that keep state of every kind. */
const variants: Readonly<Record<string, TinyChanges>> = {
  'Adam, 3 epochs': {},
  'momentum, accumulation and moving average': {
    training: {
      optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
      accumulate: 2,
      emaDecay: 0.9,
      validateEvery: 2,
    },
  },
};

describe.each(Object.entries(variants))('a resumed run (%s)', (_, changes) => {
  let whole: Awaited<ReturnType<typeof trainRun>>;
  let wholeLog: unknown;
  beforeAll(async () => {
    const run = options(changes);
    whole = await trainRun(run);
    wholeLog = await readLog(run.runFolder);
  });

  it.each([1, 4, 6, 12])('ends with the same bytes after stopping at step %i', async (maxSteps) => {
    const run = options(changes);
    await trainRun({ ...run, maxSteps });
    const result = await trainRun({ ...run, resume: true });
    expect(result).toEqual({ ...whole, run: run.runFolder });
    expect(await readLog(run.runFolder)).toEqual(wholeLog);
  });

  it('ends with the same bytes after being cancelled again and again', async () => {
    const run = options(changes);
    let steps = 0;
    for (;;) {
      const abort = new AbortController();
      const report = (event: TrainingEvent) => {
        // Every second update, and each validation once: both kinds of moment are met.
        if (
          (event.type === 'step' && ++steps % 3 === 0) ||
          (event.type === 'validating' && steps++ % 2 === 0)
        )
          abort.abort();
      };
      try {
        const result = await trainRun({ ...run, resume: true, signal: abort.signal, report });
        expect(result).toEqual({ ...whole, run: run.runFolder });
        expect(await readLog(run.runFolder)).toEqual(wholeLog);
        return;
      } catch (error) {
        expect(error).toBeInstanceOf(Cancelled);
      }
    }
  });

  it('ends with the same bytes when the latest checkpoint was damaged', async () => {
    const run = options(changes);
    await trainRun({ ...run, maxSteps: 4 });
    await trainRun({ ...run, maxSteps: 6, resume: true });
    await writeFile(join(run.runFolder, 'checkpoints/latest.safetensors'), 'damaged');
    const notices: TrainingEvent[] = [];
    const report = (event: TrainingEvent) => void (event.type === 'notice' && notices.push(event));
    expect((await trainRun({ ...run, resume: true, report })).weightsSha256).toBe(whole.weightsSha256);
    expect(notices.length).toBe(1);
  });
});

describe('a killed run', () => {
  it('ends with the same bytes after kill -9 at any moment', async () => {
    const run = options();
    const whole = await trainRun(options());
    // Lines that the child prints before it is killed; it also prints while it loads and saves.
    for (const lines of [1, 3, 6, 9, 14]) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'train-child.ts'), run.runFolder, dataset.folder],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let seen = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString().split('\n').length - 1;
        if (seen >= lines) child.kill('SIGKILL');
      });
      await once(child, 'exit');
    }
    const result = await trainRun({ ...run, resume: true });
    expect(result.weightsSha256).toBe(whole.weightsSha256);
  });
});
