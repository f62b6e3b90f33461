/** @file The loop alone, with services that only write down what they were asked. */
import { describe, expect, it } from 'vitest';
import type { CheckpointState } from '../../src/run/checkpoint.ts';
import type { Values } from '../../src/training/events.ts';
import { type LoopServices, trainLoop } from '../../src/training/loop.ts';
import { type TinyChanges, tinyRecipe } from './tiny-recipe.ts';

const fresh: CheckpointState = { version: 1, step: 0, closedEpochs: 0, best: null, metrics: {} };

interface Trial {
  readonly changes?: TinyChanges;
  readonly start?: CheckpointState;
  readonly maxSteps?: number;
  readonly lossAt?: (step: number) => number;
  /** Metrics of each validation in turn. */
  readonly metrics?: readonly Values[];
  readonly checkpointEveryMs?: number;
}

/** Runs the loop with a clock of one second per update; returns what was asked, in order. */
async function tryLoop(trial: Trial): Promise<{ asked: string[]; end: CheckpointState | string }> {
  const asked: string[] = [];
  let nowMs = 0;
  let validations = 0;
  const services: LoopServices = {
    update: async (step) => {
      asked.push(`update ${step}`);
      nowMs += 1000;
      return { loss: trial.lossAt?.(step) ?? 1, gradientNorm: 1 };
    },
    validate: async (epoch) => {
      asked.push(`validate ${epoch}`);
      return trial.metrics?.[validations++] ?? {};
    },
    saveLatest: async ({ step, closedEpochs }) => void asked.push(`latest ${step} ${closedEpochs}`),
    saveBest: async ({ best }) => void asked.push(`best ${best?.step}`),
    log: async () => undefined,
    report: () => undefined,
    now: () => nowMs,
  };
  const options = {
    recipe: tinyRecipe(trial.changes),
    start: trial.start ?? fresh,
    earlierLosses: [],
    maxSteps: trial.maxSteps,
    checkpointEveryMs: trial.checkpointEveryMs ?? 1e9,
    signal: undefined,
  };
  const end = await trainLoop(options, services).catch((error: { code: string }) => error.code);
  return { asked, end };
}

const short = (rest: Partial<NonNullable<TinyChanges['training']>> = {}): TinyChanges => ({
  training: { epochs: 3, stepsPerEpoch: 2, ...rest },
});

describe('the loop', () => {
  it('updates, validates when due and at the end, and saves after each epoch', async () => {
    const { asked } = await tryLoop({ changes: short({ validateEvery: 2 }) });
    expect(asked).toEqual([
      ...['update 0', 'update 1', 'latest 2 1'],
      ...['update 2', 'update 3', 'validate 2', 'latest 4 2'],
      ...['update 4', 'update 5', 'validate 3', 'latest 6 3'],
    ]);
  });

  it('keeps the best by the recipe’s metric; one without a value is never best', async () => {
    const metrics = [{ dice: 0.5 }, { dice: null }, { dice: 0.4 }];
    const higher = await tryLoop({ changes: short(), metrics });
    expect(higher.asked.filter((line) => line.startsWith('best'))).toEqual(['best 2']);
    const selectBy = { metric: 'dice', better: 'lower' } as const;
    const lower = await tryLoop({ changes: short({ selectBy }), metrics });
    expect(lower.asked.filter((line) => line.startsWith('best'))).toEqual(['best 2', 'best 6']);
    expect(lower.end).toMatchObject({ best: { step: 6, value: 0.4 }, metrics: { dice: 0.4 } });
  });

  it('first closes an epoch that was cut short before its validation', async () => {
    const { asked } = await tryLoop({ changes: short(), start: { ...fresh, step: 2 } });
    expect(asked.slice(0, 3)).toEqual(['validate 1', 'latest 2 1', 'update 2']);
  });

  it('saves within an epoch when the time has come', async () => {
    const { asked } = await tryLoop({
      changes: short({ epochs: 1, stepsPerEpoch: 5 }),
      checkpointEveryMs: 2000,
    });
    expect(asked.filter((line) => line.startsWith('latest'))).toEqual([
      'latest 2 0',
      'latest 4 0',
      'latest 5 1',
    ]);
  });

  it('stops at a largest step within an epoch, and saves', async () => {
    const { asked, end } = await tryLoop({ changes: short(), maxSteps: 3 });
    expect(asked.slice(-2)).toEqual(['update 2', 'latest 3 1']);
    expect(end).toMatchObject({ step: 3, closedEpochs: 1 });
  });

  it('does nothing for a run that is done', async () => {
    const { asked } = await tryLoop({ changes: short(), start: { ...fresh, step: 6, closedEpochs: 3 } });
    expect(asked).toEqual([]);
  });

  it('stops without saving when the loss is no number', async () => {
    const { asked, end } = await tryLoop({
      changes: short(),
      lossAt: (step) => (step === 3 ? Number.NaN : 1),
    });
    expect(end).toBe('TRAINING_DIVERGED');
    expect(asked.at(-1)).toBe('update 3');
  });
});
