/** @file Which images make up a case of a prediction, and whose label map it is judged by. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobId, RunId, VolumeId } from '../../../src/contract/ids.ts';
import type { ImageEntry, Library } from '../../../src/contract/library.ts';
import { submitPrediction } from '../../../src/host/jobs/predict-task.ts';
import { makeRuns } from '../../../src/host/runs/runs.ts';
import type { LibraryService } from '../../../src/host/services.ts';
import { codeOf, temporaryFolder } from '../make-project.ts';

let folder: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

const facts = {
  dims: [4, 4, 4],
  spacingMm: [1, 1, 1],
  orientation: 'RAS',
  timePoints: 1,
  sizeBytes: 1,
} as const;

function image(subject: string, name: string, raters: readonly string[] = []): ImageEntry {
  const id = `subjects/${subject}/images/${name}.nii.gz` as VolumeId;
  const entry = { ...facts, dims: [...facts.dims], spacingMm: [...facts.spacingMm] } as const;
  const labels = raters.map((rater) => ({
    ...(entry as unknown as ImageEntry),
    id: `subjects/${subject}/labels/${name}/${rater}.nii.gz` as VolumeId,
    rater,
    image: id,
  }));
  return { ...(entry as unknown as ImageEntry), id, name, labels };
}

const library: Library = {
  revision: 1,
  labelNames: {},
  subjects: [
    { name: 'a', images: [image('a', 'T1', ['anna', 'reference']), image('a', 'T2')] },
    { name: 'b', images: [image('b', 'T1', ['ben', 'carl'])] },
  ],
};

/** A run that looks trained, with so many channels. */
async function submit(channels: readonly string[], images: readonly string[], hasWeights = true) {
  const run = join(folder, 'runs/first');
  await mkdir(join(run, 'checkpoints'), { recursive: true });
  const recipe = {
    plugin: { id: 'p', version: '1' },
    settings: {},
    channels: channels.length,
    training: { epochs: 1, stepsPerEpoch: 1 },
  };
  await writeFile(join(run, 'recipe.json'), JSON.stringify(recipe));
  await writeFile(join(run, 'data.json'), JSON.stringify({ channels }));
  if (hasWeights) await writeFile(join(run, 'checkpoints/best.safetensors'), '');
  // Only the list is asked for.
  const service = { list: () => Promise.resolve(library) } as Partial<LibraryService> as LibraryService;
  const project = { folder };
  return submitPrediction(
    {
      run: 'first' as RunId,
      images: images.map((id) => `subjects/${id}.nii.gz` as VolumeId),
      device: 'auto',
    },
    {
      project,
      library: service,
      runs: makeRuns({ project, publish: () => undefined }),
      job: 'job-1' as JobId,
    },
  );
}

describe('a run of one channel', () => {
  it('takes each image for itself, judged by the reference or the first rater', async () => {
    const { prediction, title, cases } = await submit(['T1'], ['a/images/T1', 'a/images/T2', 'b/images/T1']);
    expect({ prediction, title }).toEqual({ prediction: 'first-1', title: 'Segment 3 volumes' });
    expect(cases).toEqual([
      {
        stem: 'a_T1',
        images: ['subjects/a/images/T1.nii.gz'],
        reference: 'subjects/a/labels/T1/reference.nii.gz',
      },
      { stem: 'a_T2', images: ['subjects/a/images/T2.nii.gz'], reference: null },
      {
        stem: 'b_T1',
        images: ['subjects/b/images/T1.nii.gz'],
        reference: 'subjects/b/labels/T1/ben.nii.gz',
      },
    ]);
  });

  it('writes each prediction into a folder of its own', async () => {
    expect((await submit(['T1'], ['a/images/T1'])).prediction).toBe('first-1');
    expect(await submit(['T1'], ['a/images/T1'])).toMatchObject({
      prediction: 'first-2',
      title: 'Segment a',
    });
  });
});

describe('a run of several channels', () => {
  it('takes all of a subject, in the order of training, whichever was chosen', async () => {
    const { cases } = await submit(['T2', 'T1'], ['a/images/T1', 'a/images/T2']);
    expect(cases).toEqual([
      {
        stem: 'a',
        images: ['subjects/a/images/T2.nii.gz', 'subjects/a/images/T1.nii.gz'],
        reference: 'subjects/a/labels/T1/reference.nii.gz',
      },
    ]);
  });

  it('refuses a subject that lacks one', async () => {
    expect(await codeOf(submit(['T1', 'T2'], ['b/images/T1']))).toBe('PREDICT_CHANNEL_MISSING');
  });
});

it('a run without weights is refused', async () => {
  expect(await codeOf(submit(['T1'], ['a/images/T1'], false))).toBe('CHECKPOINT_MISSING');
});
