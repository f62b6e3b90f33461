/** @file Learning rates over a run. */
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/recipe/recipe.ts';
import { learningRateAt } from '../../src/training/learning-rate.ts';
import { Pace } from '../../src/training/pace.ts';
import { tinyRecipe } from './tiny-recipe.ts';

/** 10 epochs of 10 steps, learning rate 1, no warm-up. */
function rate(step: number, schedule: Schedule, warmupSteps = 0): number {
  const { training } = tinyRecipe();
  const long = { epochs: 10, stepsPerEpoch: 10, learningRate: 1 };
  return learningRateAt(step, { ...training, ...long, schedule, warmupSteps });
}

describe('the learning rate', () => {
  // step, schedule, expected
  it.each<[number, Schedule, number]>([
    [0, { kind: 'constant' }, 1],
    [99, { kind: 'constant' }, 1],
    [0, { kind: 'polynomial', power: 0.9 }, 1],
    [50, { kind: 'polynomial', power: 0.9 }, 0.5 ** 0.9],
    [100, { kind: 'polynomial', power: 0.9 }, 0],
    [0, { kind: 'cosine', finalShare: 0.1 }, 1],
    [50, { kind: 'cosine', finalShare: 0.1 }, 0.55],
    [100, { kind: 'cosine', finalShare: 0.1 }, 0.1],
    [19, { kind: 'step', everyEpochs: 2, factor: 0.5 }, 1],
    [20, { kind: 'step', everyEpochs: 2, factor: 0.5 }, 0.5],
    [99, { kind: 'step', everyEpochs: 2, factor: 0.5 }, 1 / 16],
  ])('at step %i of %j is %f', (step, schedule, expected) => {
    expect(rate(step, schedule)).toBeCloseTo(expected, 12);
  });

  it('rises in equal steps to the full rate', () => {
    const rates = [0, 1, 2, 3, 4].map((step) => rate(step, { kind: 'constant' }, 4));
    expect(rates).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });
});

describe('pace', () => {
  it('is the mean over recent steps', () => {
    const pace = new Pace(2);
    expect([pace.stepsPerS, pace.secondsFor(5)]).toEqual([0, Number.POSITIVE_INFINITY]);
    for (const durationMs of [9000, 500, 1500]) pace.add(durationMs);
    expect([pace.stepsPerS, pace.secondsFor(5)]).toEqual([1, 5]);
  });
});
