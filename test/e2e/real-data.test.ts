/** @file The main job on real volumes: T1 images with tissue labels are understood, trained on, segmented and judged; the angiogram opens. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';
import { documentOf, settings, temporaryFolder, tiny } from './helpers.ts';

const tissue = testData('nifti/tissue_train');

it.skipIf(!hasTestData)(
  hasTestData ? 'trains on real T1 images, segments and evaluates' : `real volumes: ${withoutTestData}`,
  async () => {
    const { folder: cwd, remove } = await temporaryFolder('real');
    const images = readdirSync(tissue).filter((name) => name.endsWith('_T1.nii.gz'));
    const held = images.at(-1)!.replace('_T1.nii.gz', '');
    const one = settings({ foregroundLabel: 3, validateEvery: 100, normalisation: 'zScore' });
    const train = ['train', 'vessel-mip', '--data', tissue, '--out', 'run', '--preset', 'quick'];
    const trained = await documentOf<{ steps: number }>([...train, ...tiny, ...one, '--max-steps', '3'], {
      cwd,
    });
    expect(trained.steps).toBe(3);
    const image = join(tissue, `${held}_T1.nii.gz`);
    const { outputs } = await documentOf<{ outputs: string[] }>(['predict', 'run', image, '--out', 'out'], {
      cwd,
    });
    const values = await documentOf<{ labels: Record<string, { dice: number | null }> }>(
      ['evaluate', outputs[0]!, join(tissue, `${held}_labels.nii.gz`), '--metrics', 'dice'],
      { cwd },
    );
    expect(Object.keys(values.labels).length).toBeGreaterThan(1);
    await remove();
  },
);

it.skipIf(!hasTestData)(
  hasTestData ? 'describes the real angiogram' : `real angiogram: ${withoutTestData}`,
  async () => {
    const file = testData('nifti/mra/chris_MRA.nii.gz');
    const [row] = await documentOf<Record<string, unknown>[]>(['info', file], { cwd: tissue });
    expect(row).toMatchObject({ file, format: 'NIfTI-1', timePoints: 1 });
    expect(row!.max).toBeGreaterThan(row!.mean as number);
  },
);
