/** @file The learning rate of each update: warm-up, then the recipe's schedule. */
import { unreachable } from '../base/errors.ts';
import type { Schedule, Training } from '../recipe/recipe.ts';

/**
 * Learning rate of the update with index `step` (from 0). It rises linearly over the first `warmupSteps` updates, the last of which has
 * the full rate, and is multiplied by the schedule's factor throughout.
 */
export function learningRateAt(step: number, training: Training): number {
  const { learningRate, warmupSteps, schedule, epochs, stepsPerEpoch } = training;
  const warmup = step < warmupSteps ? (step + 1) / warmupSteps : 1;
  const progress = step / (epochs * stepsPerEpoch);
  return learningRate * warmup * scheduleFactor(schedule, progress, Math.floor(step / stepsPerEpoch));
}

function scheduleFactor(schedule: Schedule, progress: number, epoch: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'polynomial':
      return Math.max(0, 1 - progress) ** schedule.power;
    case 'cosine': {
      const wave = (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
      return schedule.finalShare + (1 - schedule.finalShare) * wave;
    }
    case 'step':
      return schedule.factor ** Math.floor(epoch / schedule.everyEpochs);
    default:
      return unreachable(schedule);
  }
}
