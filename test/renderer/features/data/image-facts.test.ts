/** @file Tests of the inspector's lines. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../../src/contract/ids.ts';
import type { VolumeInfo } from '../../../../src/contract/volumes.ts';
import {
  affineRows,
  imageFacts,
  orientationWords,
  shortNumber,
} from '../../../../src/renderer/features/data/image-facts.ts';

const image = {
  id: 'subjects/a/images/T1.nii.gz' as VolumeId,
  name: 'T1',
  dims: [256, 256, 100] as [number, number, number],
  spacingMm: [0.9, 0.9, 1.25] as [number, number, number],
  orientation: 'LPS',
  timePoints: 60,
  sizeBytes: 12_400_000,
  labels: [],
};
const info: VolumeInfo = {
  ...image,
  format: 'NIfTI-1',
  rasFromIjk: [
    [-0.9, 0, -0, 115],
    [0, -0.9, 0, -0.00001],
    [0, 0, 1.25, -62.5],
    [0, 0, 0, 1],
  ],
  dtype: 'int16',
  slope: 2,
  intercept: -1024,
  timeStepS: 1.2,
  components: 1,
  componentKind: null,
  range: [-1024, 3071.4],
  window: null,
  looksLikeLabels: false,
};

const values = (facts: ReturnType<typeof imageFacts>) =>
  Object.fromEntries(facts.map(({ name, value }) => [name, value]));

describe('imageFacts', () => {
  it('shows with units what the library knows at once', () => {
    expect(values(imageFacts(image, null))).toEqual({
      Size: '256 × 256 × 100',
      Spacing: '0.9 × 0.9 × 1.25 mm',
      Extent: '230 × 230 × 125 mm',
      Axes: 'LPS',
      'Time points': '60',
      'On disk': '12.4 MB',
    });
  });

  it('adds what the host found in the file', () => {
    expect(values(imageFacts(image, info))).toMatchObject({
      'Time points': '60, every 1.2 s',
      'Stored as': 'int16',
      Scaling: '× 2 − 1024',
      Values: '−1024 to 3071',
    });
  });

  it('leaves out times and scaling where there are none, and a range that is unknown', () => {
    const plain = imageFacts({ ...image, timePoints: 1 }, { ...info, slope: 1, intercept: 0, range: null });
    expect(plain.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['Time points']));
    expect(plain.map(({ name }) => name)).not.toContain('Scaling');
    expect(plain.map(({ name }) => name)).not.toContain('Values');
  });
});

it('spells out orientation letters', () => {
  expect(orientationWords('LPS')).toBe('i to left, j to posterior, k to superior');
  expect(orientationWords('RAI')).toBe('i to right, j to anterior, k to inferior');
});

it('writes an affine without negative zeros', () => {
  expect(affineRows(info.rasFromIjk)).toEqual([
    ['−0.900', '0.000', '0.000', '115.000'],
    ['0.000', '−0.900', '0.000', '0.000'],
    ['0.000', '0.000', '1.250', '−62.500'],
  ]);
});

it('keeps four digits that count', () => {
  expect([0, 0.123456, 12345.6, -3].map(shortNumber)).toEqual(['0', '0.1235', '12350', '−3']);
});
