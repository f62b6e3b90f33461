/**
 * @file Small pairs of masks whose values others have published or worked by hand: the figures of Reinke et al. 2021,
 * "Common limitations of image processing metrics: a picture story", as redrawn for the TopCoW challenge's metrics.
 */
import { describe, expect, it } from 'vitest';
import { evaluateLabelMaps, evaluateVolumes } from '../../src/evaluation/evaluate.ts';
import type { MetricName } from '../../src/evaluation/metrics.ts';
import { readVolume } from '../../src/imaging/node/open.ts';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';

const open = async (name: string) => ({
  name,
  volume: await readVolume(testData(`multirater/metric_pairs/${name}.nii.gz`)),
});

interface PairRow {
  readonly pair: string;
  /** End of the prediction's name. */
  readonly version: string;
  readonly metric: MetricName;
  readonly expected: number;
}

const masks: readonly PairRow[] = [
  // The published figures say 6.79 mm, 1 and 0.
  {
    pair: '2D_shape_14x14_Fig63_bin',
    version: '_pred',
    metric: 'hausdorff95',
    expected: 0.6 * Math.sqrt(128),
  },
  { pair: '2D_shape_7x7_Fig59_bin', version: '_pred_1top', metric: 'hausdorff95', expected: 1 },
  { pair: '2D_shape_7x7_Fig59_bin', version: '_pred_2top', metric: 'hausdorff95', expected: 0 },
  { pair: '2D_shape_5x5_2D_zigzag', version: '_pred', metric: 'dice', expected: (2 * 4) / (9 + 8) },
  { pair: '2D_shape_5x5_2D_zigzag_label5', version: '_pred', metric: 'dice', expected: (2 * 13) / (16 + 17) },
  { pair: '2D_shape_6x3_2D_clDice_elong', version: '_pred', metric: 'clDice', expected: 1 },
  { pair: '2D_shape_5x5_2D_clDice_Tshaped', version: '_pred', metric: 'skeletonPrecision', expected: 1 },
  { pair: '3D_betti_num_singleBlob_2x2x2', version: '_pred', metric: 'betti0Error', expected: 0 },
];

interface LabelsRow {
  readonly pair: string;
  readonly metric: MetricName;
  /** By label. */
  readonly expected: Readonly<Record<number, number>>;
}

const labelMaps: readonly LabelsRow[] = [
  {
    pair: '3D_shape_11x11x5_3D_Fig54_label1-5',
    metric: 'hausdorff95',
    // Published, cut after two or one digits: 1.02, 3.1, 2, 1.4, 1.05; here with the distances between which they lie.
    expected: {
      1: 0.95 + 0.05 * Math.SQRT2,
      2: 0.95 * Math.sqrt(10) + 0.05 * Math.sqrt(13),
      3: 2,
      4: Math.SQRT2,
      5: 0.95 + 0.05 * 2,
    },
  },
  { pair: '3D_shape_2x2x2_3D_Fig50_label15_10', metric: 'hausdorff95', expected: { 10: 0.9, 15: 1 } },
  { pair: '3D_shape_2x2x2_3D_Fig50_label15_10', metric: 'dice', expected: { 10: 0.8, 15: 0.5 } },
  {
    pair: '2D_shape_5x5_2D_label64_ring',
    metric: 'dice',
    expected: { 4: (2 * 4) / (8 + 5), 6: (2 * 10) / (16 + 11) },
  },
];

describe.skipIf(!hasTestData)(`published values${hasTestData ? '' : ` (${withoutTestData})`}`, () => {
  it.each(masks)('$metric of $pair, $version', async ({ pair, version, metric, expected }) => {
    const found = evaluateVolumes(await open(pair + version), await open(`${pair}_gt`), {
      metrics: [metric],
    });
    expect(found[metric]).toBeCloseTo(expected, 5);
  });

  it.each(labelMaps)('$metric of each label of $pair', async ({ pair, metric, expected }) => {
    const rows = evaluateLabelMaps(await open(`${pair}_pred`), await open(`${pair}_gt`), {
      metrics: [metric],
    });
    expect(rows.map(({ label }) => String(label))).toEqual(Object.keys(expected));
    for (const { label, values } of rows) expect(values[metric], `${label}`).toBeCloseTo(expected[label]!, 5);
  });

  it('take a label that only one side has as missed, and merge labels where masks are compared', async () => {
    const prediction = await open('2D_shape_5x5_2D_label15_11_pred');
    const reference = await open('2D_shape_5x5_2D_label15_12_11_gt');
    const rows = evaluateLabelMaps(prediction, reference, { metrics: ['dice'] });
    expect(rows).toEqual([
      { label: 11, values: { dice: 0.5 } },
      { label: 12, values: { dice: 0 } },
      { label: 15, values: { dice: 8 / 9 } },
    ]);
    const merged = evaluateVolumes(prediction, reference, { metrics: ['dice'] });
    expect(merged.dice).toBeCloseTo(16 / 21, 12);
  });

  it('count the parts of each label of two islands', async () => {
    const rows = evaluateLabelMaps(
      await open('3D_shape_3x4x2_3D_twoIslands_multiclass'),
      await open('3D_shape_3x4x2_3D_twoIslands'),
      { metrics: ['betti0Error'] },
    );
    expect(rows.map(({ values }) => values.betti0Error)).toEqual([0, 2]);
  });
});
