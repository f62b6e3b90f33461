/** @file Numbers about a predicted case: volumes by class, and metrics against a reference that may not fit. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeVolume } from '../../src/imaging/node/save.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import type { Prediction } from '../../src/inference/predict-volume.ts';
import { judgePrediction } from '../../src/worker/judge-prediction.ts';
import { dims, smallVolume, temporaryFolder } from '../host/make-project.ts';

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

const count = dims[0] * dims[1] * dims[2];
const classes = [
  { value: 2, name: 'core', colour: '#ff0000' },
  { value: 5, mergedValues: [7], name: 'rim', colour: '#00ff00' },
];
/** 40 voxels of the core, 20 of the rim, the rest background; a voxel has 2 mm³. */
const labels = smallVolume({ dtype: 'uint8' }, (i) => (i < 40 ? 2 : i < 60 ? 5 : 0));

function predicted(entropy?: Volume): Prediction {
  // What was applied is not judged.
  return { labels, maps: entropy === undefined ? {} : { uncertainty: entropy } } as unknown as Prediction;
}

async function judge(prediction: Prediction, reference?: Volume, only = classes) {
  const file = reference && join(folder, 'reference.nii.gz');
  if (file !== undefined) await writeVolume(file, reference!);
  const notes: string[] = [];
  const judged = await judgePrediction(prediction, {
    classes: only,
    reference: file,
    note: (text) => notes.push(text),
  });
  if (file !== undefined) await rm(file);
  return { ...judged, notes };
}

it('counts millilitres by class name', async () => {
  const { volumesMl, metrics, uncertainRegions } = await judge(predicted());
  expect(volumesMl.core).toBeCloseTo(0.08, 12);
  expect(volumesMl.rim).toBeCloseTo(0.04, 12);
  expect({ metrics, uncertainRegions }).toEqual({ metrics: {}, uncertainRegions: [] });
});

it('compares one class with the values that count as it, not with whatever is drawn', async () => {
  const reference = smallVolume({ dtype: 'uint8' }, (i) => (i < 40 ? 3 : i < 50 ? 5 : i < 60 ? 7 : 0));
  const { metrics } = await judge(predicted(), reference, [classes[1]!]);
  expect(metrics).toMatchObject({ dice: 1, precision: 1, sensitivity: 1, hausdorff95: 0 });
});

it('gives means over classes and the Dice of each', async () => {
  const reference = smallVolume({ dtype: 'uint8' }, (i) => (i < 40 ? 2 : i >= count - 20 ? 5 : 0));
  const { metrics } = await judge(predicted(), reference);
  expect(metrics).toMatchObject({ dice: 0.5, 'dice core': 1, 'dice rim': 0 });
});

it('notes a reference on another grid, and leaves the metrics out', async () => {
  const { metrics, notes } = await judge(predicted(), smallVolume({ dtype: 'uint8', dims: [6, 5, 3] }));
  expect(metrics).toEqual({});
  expect(notes).toEqual([expect.stringContaining('EVALUATION_GRID_MISMATCH')]);
});

it('lists where the entropy is high', async () => {
  const entropy = smallVolume({ dtype: 'float32' }, (i) => (i % 6 < 4 && i < 6 ? 0.9 : 0.1));
  const { uncertainRegions } = await judge(predicted(entropy));
  expect(uncertainRegions).toMatchObject([{ ijk: [0, 0, 0], ras: [-3, -2, -4] }]);
  expect(uncertainRegions[0]!.volumeMl).toBeCloseTo(0.008, 12);
});
