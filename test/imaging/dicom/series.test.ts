/** @file Series to volumes: real ones against pydicom and dcm2niix, made-up ones for what is odd. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DicomImage, Frame } from '../../../src/imaging/dicom/image.ts';
import { findStacks, readStack } from '../../../src/imaging/dicom/node/series.ts';
import { stacksOf } from '../../../src/imaging/dicom/stacks.ts';
import {
  affineDistance,
  applyAffine,
  invertAffine,
  multiplyAffines,
} from '../../../src/imaging/geometry/affine.ts';
import { describeVolume } from '../../../src/imaging/info.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { valuesOf } from '../../../src/imaging/volume.ts';
import { hasTestData, testData } from '../../helpers/test-data.ts';

const { series } = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/series.json'), 'utf8')) as {
  series: Record<
    string,
    { dims: number[]; affine: never; sha256: string; min: number; max: number; mean: number }
  >;
};

describe.skipIf(!hasTestData)('a real series (the test data folder is needed)', () => {
  it.each(
    Object.entries(series),
  )('%s has the grid and voxels that pydicom gives', async (folder, expected) => {
    const { stacks } = await findStacks([testData(`dicom/${folder}`)]);
    expect(stacks).toHaveLength(1);
    const volume = await readStack(stacks[0]!);
    const bytes = new Uint8Array(volume.data.buffer, volume.data.byteOffset, volume.data.byteLength);
    const found = describeVolume(volume);
    expect(found.dims).toEqual(expected.dims);
    expect(affineDistance(volume.rasFromIjk, expected.affine)).toBeLessThan(2e-5);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected.sha256);
    expect([found.min, found.max]).toEqual([
      expect.closeTo(expected.min, 3),
      expect.closeTo(expected.max, 3),
    ]);
    expect(found.mean).toBeCloseTo(expected.mean, 3);
  });

  it('with a tilted gantry says so, in degrees', async () => {
    const { stacks } = await findStacks([testData('dicom/series/ct_gantry_tilt_GE')]);
    expect(stacks[0]!.notices.join()).toContain('18.5°');
  });

  it('of an enhanced object falls into its volumes, on the grid that dcm2niix writes', async () => {
    const { stacks } = await findStacks([testData('dicom/enhanced/philips_fieldmap.dcm')]);
    expect(stacks).toHaveLength(2);
    const reference = await readVolume(testData('dicom/enhanced/Philips_WIP_B0_NS_801_e2_fieldmaphz.nii'));
    const fieldMap = await readStack(stacks[1]!);
    // dcm2niix turns the rows and keeps a slope of single precision; what lies at the same place of the world must be the same.
    const theirsFromOurs = multiplyAffines(invertAffine(reference.rasFromIjk), fieldMap.rasFromIjk);
    const ours = valuesOf(fieldMap);
    const theirs = valuesOf(reference);
    const [width, height, depth] = fieldMap.dims;
    expect([width, height, depth]).toEqual(reference.dims);
    let worst = 0;
    for (let k = 0; k < depth; k++)
      for (let j = 0; j < height; j++)
        for (let i = 0; i < width; i++) {
          const [x, y, z] = applyAffine(theirsFromOurs, [i, j, k]).map(Math.round) as [
            number,
            number,
            number,
          ];
          const difference = ours[i + width * (j + height * k)]! - theirs[x + width * (y + height * z)]!;
          worst = Math.max(worst, Math.abs(difference));
        }
    expect(worst).toBeLessThan(1e-2);
  });

  it('in one file a time point becomes one volume over time', async () => {
    const files = [1, 2].map((n) => testData(`dicom/enhanced/siemens_xa10_vol${n}.dcm`));
    const { stacks } = await findStacks(files);
    expect(stacks).toHaveLength(1);
    expect((await readStack(stacks[0]!)).timePoints).toBe(2);
  });

  it('of mixed folders is sorted, and what is no image is named with its kind', async () => {
    const { stacks, refused } = await findStacks([testData('dicom/dicomdir'), testData('dicom/non_image')]);
    expect(stacks.length).toBeGreaterThan(20);
    expect(refused.map(({ error }) => error.code)).toEqual(refused.map(() => 'DICOM_NO_IMAGE'));
    expect(refused.map(({ error }) => error.message).join()).toContain('radiotherapy contours');
  });
});

const format = {
  rows: 4,
  columns: 6,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  isSigned: false,
  planarConfiguration: 0,
  kind: 'integer',
} as const;

function slice(z: number, over: Partial<Frame> = {}, image: Partial<DicomImage> = {}): DicomImage {
  const frame: Frame = {
    index: 0,
    positionLps: [10, 20, z],
    orientationLps: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    pixelSpacingMm: [2, 3],
    slope: 1,
    intercept: 0,
    volumeKey: '',
    temporalOrder: 0,
    timeS: undefined,
    ...over,
  };
  return {
    path: `slice ${z}`,
    format,
    frames: [frame],
    seriesKey: 'study/series',
    patientKey: 'patient',
    modality: 'MR',
    description: 'made up',
    seriesNumber: 1,
    instanceNumber: 0,
    sliceThicknessMm: 9,
    frameTimeS: 0,
    mosaic: undefined,
    ...image,
  };
}

describe('a stack', () => {
  it('is ordered by place, not by file or number, and spaced by place, not by thickness', () => {
    const [stack] = stacksOf([slice(4), slice(0), slice(2)]);
    expect(stack!.slices[0]!.map(({ image }) => image.path)).toEqual(['slice 0', 'slice 2', 'slice 4']);
    expect(stack!.rasFromIjk).toEqual([
      [-3, 0, 0, -10],
      [0, -2, 0, -20],
      [0, 0, 2, 0],
      [0, 0, 0, 1],
    ]);
    expect(stack!.notices).toEqual([]);
  });

  it('says how many slices are missing, and keeps the usual spacing', () => {
    const [stack] = stacksOf([0, 2, 4, 10, 12].map((z) => slice(z)));
    expect(stack!.notices.join()).toMatch(/2 slices are missing.*6 mm.*2 mm/);
    expect(stack!.rasFromIjk[2][2]).toBe(2);
  });

  it('says when its slices are unevenly spaced', () => {
    const [stack] = stacksOf([0, 2, 4.3, 6].map((z) => slice(z)));
    expect(stack!.notices.join()).toContain('not evenly spaced');
    expect(stack!.rasFromIjk[2][2]).toBe(2);
  });

  it('has time points in their order when places repeat', () => {
    const images = [0, 2].flatMap((z) =>
      [2, 1].map((temporalOrder) => slice(z, { temporalOrder, timeS: 10 * temporalOrder })),
    );
    const [stack] = stacksOf(images);
    expect(stack!.slices.map((slices) => slices.map(({ frame }) => frame.temporalOrder))).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(stack!.timeStepS).toBe(10);
  });

  it('leaves out what does not fill a time point, and says so', () => {
    const [stack] = stacksOf([slice(0), slice(2), slice(2, { temporalOrder: 1 })]);
    expect(stack!.slices).toHaveLength(1);
    expect(stack!.notices.join()).toContain('1 of 3 images are left out');
  });

  it.each([
    ['of another size', {}, { format: { ...format, rows: 5 } }],
    [
      'of another direction',
      {
        orientationLps: [
          [0, 1, 0],
          [0, 0, 1],
        ] as never,
      },
      {},
    ],
    ['of another echo', { volumeKey: 'echo 2' }, {}],
    ['of another series', {}, { seriesKey: 'study/other' }],
  ])('does not take an image %s', (_what, frame, image) => {
    expect(stacksOf([slice(0), slice(2), slice(4, frame, image)])).toHaveLength(2);
  });

  it('without a place in the patient is a film, and says that sides cannot be told', () => {
    const [stack] = stacksOf([slice(0, { positionLps: undefined })]);
    expect(stack!.notices.join()).toContain('sides cannot be told');
  });
});
