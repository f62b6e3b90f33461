/** @file The door: volumes and label maps in, errors for what cannot be compared. */
import { describe, expect, it } from 'vitest';
import {
  evaluateLabelMaps,
  evaluateMasks,
  evaluateVolumes,
  parseMetricNames,
} from '../../src/evaluation/evaluate.ts';
import { labelsOf, maskOf } from '../../src/evaluation/mask.ts';
import { skeletonOf } from '../../src/evaluation/skeleton.ts';
import { bettiNumbers } from '../../src/evaluation/topology/betti.ts';
import type { Affine } from '../../src/imaging/geometry/affine.ts';
import { readVolume } from '../../src/imaging/node/open.ts';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';
import { draw, volumeOf } from './shapes.ts';

const line = draw(['####.']);
const shifted: Affine = [
  [1, 0, 0, 0.3],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

describe('evaluating volumes', () => {
  it('compares what is not 0', () => {
    const prediction = { name: 'a.nii', volume: volumeOf(line, { slope: 7 }) };
    const reference = { name: 'b.nii', volume: volumeOf(draw(['##...'])) };
    expect(evaluateVolumes(prediction, reference, { metrics: ['dice', 'precision'] })).toEqual({
      dice: 4 / 6,
      precision: 0.5,
    });
  });

  it('takes a probability map, and then adds what needs one', () => {
    const data = Float32Array.of(0.9, 0.8, 0.2, 0.2, 0.1);
    const found = evaluateVolumes(
      { name: 'a.nii', volume: volumeOf(line) },
      { name: 'b.nii', volume: volumeOf(draw(['###..'])) },
      { probability: { name: 'p.nii', volume: volumeOf(line, { data, dtype: 'float32' }) } },
    );
    expect(found.auc).toBe(5.5 / 6);
  });

  it('treats NaN as background', () => {
    const data = Float32Array.of(Number.NaN, 0.5, 0, -1, 2);
    expect([...maskOf(volumeOf(line, { data, dtype: 'float32' })).data]).toEqual([0, 1, 0, 1, 1]);
  });

  it('refuses other sizes and names both', () => {
    const act = () =>
      evaluateVolumes(
        { name: 'a.nii', volume: volumeOf(line) },
        { name: 'b.nii', volume: volumeOf(draw(['##...', '.....'])) },
      );
    expect(act).toThrow(
      expect.objectContaining({
        code: 'EVALUATION_GRID_MISMATCH',
        field: 'dims',
        what: 'Prediction (a.nii) and reference (b.nii) are not on the same grid: 5 × 1 × 1 voxels against 5 × 1 × 2.',
      }),
    );
  });

  it('refuses another place and says how far', () => {
    const act = () =>
      evaluateVolumes(
        { name: 'a.nii', volume: volumeOf(line) },
        { name: 'b.nii', volume: volumeOf(line, { rasFromIjk: shifted }) },
      );
    expect(act).toThrow(
      expect.objectContaining({
        code: 'EVALUATION_GRID_MISMATCH',
        field: 'affine',
        what: expect.stringContaining('up to 0.300 mm apart'),
      }),
    );
  });

  it('refuses a time series', () => {
    const series = volumeOf(line, { timePoints: 2, data: new Uint8Array(10) });
    const act = () =>
      evaluateVolumes({ name: 'a.nii', volume: series }, { name: 'b.nii', volume: volumeOf(line) });
    expect(act).toThrow(expect.objectContaining({ code: 'EVALUATION_NOT_ONE_VOLUME', file: 'a.nii' }));
  });

  it('refuses metrics that it does not know, and those without what they need', () => {
    expect(() => parseMetricNames(['dice', 'dise'])).toThrow(
      expect.objectContaining({ code: 'EVALUATION_METRIC_UNKNOWN', field: 'metrics' }),
    );
    expect(parseMetricNames(['dice', 'auc'])).toEqual(['dice', 'auc']);
    expect(() => evaluateMasks(line, line, { metrics: ['auc'] })).toThrow(
      expect.objectContaining({ code: 'EVALUATION_PROBABILITY_MISSING' }),
    );
  });
});

describe('evaluating label maps', () => {
  it('compares each label that occurs in either', () => {
    const prediction = volumeOf(line, { data: Uint8Array.of(1, 1, 2, 0, 0) });
    const reference = volumeOf(line, { data: Uint8Array.of(1, 1, 1, 0, 5) });
    const found = evaluateLabelMaps(
      { name: 'a.nii', volume: prediction },
      { name: 'b.nii', volume: reference },
      { metrics: ['dice'] },
    );
    expect(found).toEqual([
      { label: 1, values: { dice: 0.8 } },
      { label: 2, values: { dice: 0 } },
      { label: 5, values: { dice: 0 } },
    ]);
  });
});

describe.skipIf(!hasTestData)(`real label maps${hasTestData ? '' : ` (${withoutTestData})`}`, () => {
  const open = async (path: string) => ({ name: path, volume: await readVolume(testData(path)) });

  it('finds Dice 1 for cord masks that are the same bytes, and less for another algorithm', async () => {
    const manual = await open('multirater/spinal_cord_t2/t2_seg-manual.nii.gz');
    const same = await open('multirater/spinal_cord_t2/t2_seg-deepseg_sc-2d.nii.gz');
    const other = await open('multirater/spinal_cord_t2/t2_seg-deepseg_sc-3d.nii.gz');
    expect(evaluateVolumes(same, manual)).toMatchObject({ dice: 1, clDice: 1, hausdorff95: 0, assd: 0 });
    const { dice } = evaluateVolumes(other, manual, { metrics: ['dice'] });
    expect(dice).toBeGreaterThan(0.7);
    expect(dice).toBeLessThan(1);
  });

  it.each([
    ['3D_betti_num_singleBlob_2x2x2_gt', 1, 0],
    ['3D_shape_3x4x2_3D_twoIslands', 2, 0],
    ['3D_shape_5x7x9_3D_1donut', 1, 1],
  ])('finds the parts and loops that the name of %s says', async (name, b0, b1) => {
    const { volume } = await open(`multirater/metric_pairs/${name}.nii.gz`);
    expect(bettiNumbers(maskOf(volume))).toMatchObject({ b0, b1 });
  });

  it('keeps the topology of every artery of a circle of Willis when thinning', async () => {
    const { volume } = await open('nifti/mra/topcow_mr_roi_003_labels.nii.gz');
    const labels = labelsOf(volume);
    expect(labels.length).toBeGreaterThan(5);
    for (const label of [undefined, ...labels]) {
      const mask = maskOf(volume, label);
      expect(bettiNumbers(skeletonOf(mask)), `label ${label}`).toEqual(bettiNumbers(mask));
    }
  });
});
