/** @file From settings to the recipe's plain parts: augmentation, optimiser, schedule, inference. */
import {
  type Augmentation,
  choiceSetting,
  type Inference,
  type Normalisation,
  numberSetting,
  type Optimiser,
  type Schedule,
  type Settings,
  type Threshold,
  type Training,
} from '@sagitta/sdk';

export function normalisation(settings: Settings): Normalisation {
  const kind = choiceSetting(settings, 'normalisation', ['percentile', 'zScore', 'minMax', 'patchMax']);
  return kind === 'percentile' ? { kind, low: 0.5, high: 99.5 } : { kind };
}

export function augmentation(settings: Settings): Augmentation[] {
  const strength = choiceSetting(settings, 'augmentation', ['off', 'light', 'full']);
  if (strength === 'off') return [];
  const light: Augmentation[] = [
    { kind: 'flip', axes: [0, 1, 2] },
    { kind: 'gamma', chance: 0.3, min: 0.7, max: 1.5 },
    { kind: 'noise', chance: 0.3, maxDeviation: 0.05 },
  ];
  if (strength === 'light') return light;
  return [
    { kind: 'rotate', chance: 0.3, maxDegrees: 15 },
    { kind: 'scale', chance: 0.3, min: 0.85, max: 1.2 },
    { kind: 'elastic', chance: 0.2, gridVoxels: 16, deviationVoxels: 1.5 },
    ...light,
    { kind: 'biasField', chance: 0.3, strength: 0.3 },
    { kind: 'blur', chance: 0.1, maxSigmaVoxels: 0.8 },
    { kind: 'brightness', chance: 0.2, maxShift: 0.1, maxScale: 0.2 },
  ];
}

export function training(settings: Settings): Training {
  const number = (name: string) => numberSetting(settings, name);
  return {
    epochs: number('epochs'),
    stepsPerEpoch: number('stepsPerEpoch'),
    learningRate: number('learningRate'),
    optimiser: optimiser(settings),
    schedule: schedule(settings),
    warmupSteps: 0,
    clipNorm: number('clipNorm') || null,
    accumulate: 1,
    emaDecay: number('emaDecay') || null,
    validateEvery: number('validateEvery'),
    selectBy: selectBy(settings),
    validationShare: number('validationShare'),
  };
}

function selectBy(settings: Settings): Training['selectBy'] {
  const metric = choiceSetting(settings, 'selectBy', ['dice', 'clDice', 'loss']);
  return { metric, better: metric === 'loss' ? 'lower' : 'higher' };
}

function optimiser(settings: Settings): Optimiser {
  const kind = choiceSetting(settings, 'optimiser', ['adam', 'adamw', 'sgd']);
  if (kind === 'sgd') return { kind, momentum: 0.99, nesterov: true, weightDecay: 3e-5 };
  const weightDecay = kind === 'adamw' ? 0.01 : 0;
  return { kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
}

function schedule(settings: Settings): Schedule {
  const kind = choiceSetting(settings, 'schedule', ['constant', 'polynomial', 'cosine']);
  if (kind === 'polynomial') return { kind, power: 0.9 };
  return kind === 'cosine' ? { kind, finalShare: 0.01 } : { kind };
}

export function inference(settings: Settings, window: readonly number[]): Inference {
  const number = (name: string) => numberSetting(settings, name);
  const overlap = number('overlap');
  return {
    window: [...window],
    batchSize: 1,
    overlap: [number('overlapZ'), overlap, overlap],
    blend: choiceSetting(settings, 'blend', ['gaussian', 'uniform']),
    threshold: threshold(settings),
    removeSmallerThanVoxels: number('removeSmallerThan'),
    keepLargest: number('keepLargest') || null,
  };
}

function threshold(settings: Settings): Threshold {
  const kind = choiceSetting(settings, 'threshold', ['fixed', 'otsu', 'hysteresis']);
  if (kind === 'otsu') return { kind };
  if (kind === 'fixed') return { kind, value: numberSetting(settings, 'thresholdValue') };
  return {
    kind,
    low: numberSetting(settings, 'hysteresisLow'),
    high: numberSetting(settings, 'hysteresisHigh'),
  };
}
