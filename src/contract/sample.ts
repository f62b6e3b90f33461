/** @file The sample study: what is in it, and the training that its person is offered first. */
import type { TrainRequest } from './queue.ts';

/** Made-up angiograms with exact truth; each is written in well under a second. */
export const samplePhantoms = { count: 6, size: 64, seed: 11 } as const;

/** Small enough to end in about a minute on a machine with two cores, long enough that vessels are found. */
export const sampleTraining: TrainRequest = {
  name: 'First try',
  plugin: 'vessel-mip',
  preset: 'quick',
  settings: {
    baseChannels: 8,
    levels: 3,
    patchSize: 32,
    batchSize: 2,
    windowSize: 64,
    overlap: 0,
    epochs: 15,
    stepsPerEpoch: 40,
    validateEvery: 1,
  },
  seed: 1,
  device: 'auto',
};
