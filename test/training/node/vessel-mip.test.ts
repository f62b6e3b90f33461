/** @file The built-in plugin, the sampler, the training step and prediction together, in small. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintDataset } from '../../../src/dataset/node/fingerprint-dataset.ts';
import type { Dataset } from '../../../src/dataset/subject.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { openPredictor } from '../../../src/inference/node/open-predictor.ts';
import { predictVolume } from '../../../src/inference/predict-volume.ts';
import type { Settings } from '../../../src/recipe/settings.ts';
import { readLog } from '../../../src/run/node/run-log.ts';
import { definePlugin } from '../../../src/sandbox/define-plugin.ts';
import { trainRun } from '../../../src/training/node/train-run.ts';
import { writeTinyDataset } from '../tiny-dataset.ts';

let folder: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-plugin-'));
  dataset = await writeTinyDataset(join(folder, 'data'));
});
afterAll(() => rm(folder, { recursive: true }));

const small: Settings = {
  baseChannels: 2,
  levels: 2,
  patchSize: 8,
  windowSize: 8,
  batchSize: 2,
  epochs: 1,
  stepsPerEpoch: 3,
};

const variants: Readonly<Record<string, Settings>> = {
  'U-Net, three-axis MIP loss': {},
  'U-Net-MSS, MIP of the whole volume, all augmentation': {
    network: 'unetMss',
    levels: 3,
    norm: 'batch',
    mipMode: 'volume',
    augmentation: 'full',
  },
  'attention U-Net, deformation, moving average': {
    network: 'attentionUnet',
    deformation: true,
    normalisation: 'patchMax',
    emaDecay: 0.9,
  },
};

describe('the vessel plugin', () => {
  it.each(Object.entries(variants))('trains and predicts: %s', async (name, settings) => {
    const fingerprint = await fingerprintDataset(dataset);
    const pluginFolder = join(import.meta.dirname, '../../../plugins/vessel-mip');
    const recipe = await definePlugin({ pluginFolder, settings: { ...small, ...settings }, fingerprint });
    const executor = makeReferenceExecutor();
    const runFolder = join(folder, name);
    const { steps, metrics } = await trainRun({ runFolder, dataset, recipe, executor, seed: 1, threads: 0 });
    expect(steps).toBe(3);
    expect(Object.keys(metrics).sort()).toEqual(['clDice', 'dice', 'loss']);
    const losses = (await readLog(runFolder)).map(({ values }) => (values as { loss?: number }).loss);
    expect(losses.every((loss) => loss === undefined || (Number.isFinite(loss) && loss > 0))).toBe(true);
    const predictor = await openPredictor(runFolder, executor);
    const volume = await readVolume(dataset.subjects[0]!.images[0]!);
    const { maps, labels } = await predictVolume({ predictor, channels: [volume] });
    predictor.close();
    const probability = maps.probability!.data as Float32Array;
    expect(probability.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(labels.dims).toEqual(volume.dims);
  });
});
