/** @file What voxels say about how to show a volume. */
import { describe, expect, it } from 'vitest';
import { intensityWindow } from '../../src/imaging/intensity-window.ts';
import { looksLikeLabels } from '../../src/imaging/looks-like-labels.ts';
import { readVolume } from '../../src/imaging/node/open.ts';
import { timePointPieces } from '../../src/imaging/time-point.ts';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';

const plain = { slope: 1, intercept: 0 };

describe('the first window', () => {
  it('spans the percentiles of what is not background', () => {
    // 4,000 zeros around values 1000 … 1999.
    const data = Float32Array.from({ length: 5000 }, (_, i) => (i < 4000 ? 0 : i - 3000));
    expect(intensityWindow(data, plain)).toEqual([1010, 1995]);
    expect(intensityWindow(data, { slope: 2, intercept: -1 })).toEqual([2019, 3989]);
  });

  it('passes over what is no number, and is never flat', () => {
    expect(intensityWindow(Float32Array.of(Number.NaN, Infinity), plain)).toBeNull();
    expect(intensityWindow(new Float32Array(0), plain)).toBeNull();
    expect(intensityWindow(new Int16Array(50).fill(7), plain)).toEqual([7, 8]);
    expect(intensityWindow(Float32Array.of(1, Number.NaN, 3), plain)).toEqual([3, 4]);
  });
});

describe('a label map', () => {
  it('is told from images by few whole numbers with a background', () => {
    const of = (length: number, value: (i: number) => number) =>
      Float32Array.from({ length }, (_, i) => value(i));
    expect(
      looksLikeLabels(
        of(1000, (i) => i % 3),
        plain,
      ),
    ).toBe(true);
    expect(
      looksLikeLabels(
        of(1000, (i) => (i % 3) / 2),
        plain,
      ),
    ).toBe(false);
    expect(
      looksLikeLabels(
        of(1000, (i) => (i % 3) + 1),
        plain,
      ),
    ).toBe(false);
    expect(
      looksLikeLabels(
        of(1000, (i) => (i % 3) - 1),
        plain,
      ),
    ).toBe(false);
    expect(
      looksLikeLabels(
        of(1000, () => 0),
        plain,
      ),
    ).toBe(false);
    expect(
      looksLikeLabels(
        of(1000, (i) => (i % 3) / 2),
        { slope: 2, intercept: 0 },
      ),
    ).toBe(true);
    // Two hundred regions in blocks, and as many values side by side.
    expect(
      looksLikeLabels(
        of(20_000, (i) => Math.floor(i / 100)),
        plain,
      ),
    ).toBe(true);
    expect(
      looksLikeLabels(
        of(20_000, (i) => i % 200),
        plain,
      ),
    ).toBe(false);
  });

  describe.skipIf(!hasTestData)(`among real files (${hasTestData ? 'found' : withoutTestData})`, () => {
    it.each([
      ['nifti/labels/aal.nii.gz', true],
      ['nifti/labels/torsoLabel.nii.gz', true],
      ['nifti/brats/pat0006_OTMultiClass.nii.gz', true],
      ['nifti/ms_lesion/patient07_consensus_lesions.nii.gz', true],
      ['nifti/mra/topcow_mr_roi_003_labels.nii.gz', true],
      ['nifti/ct/example_ct_sm_bodymask.nii.gz', true],
      ['nifti/ct/example_ct_sm.nii.gz', false],
      ['nifti/mra/chris_MRA.nii.gz', false],
      ['nifti/ms_lesion/patient07_FLAIR.nii.gz', false],
      ['nifti/anat/chris_PD.nii.gz', false],
      ['nifti/odd/S0_10slices_uint16.nii.gz', false],
    ])('%s: %j', async (path, expected) => {
      const volume = await readVolume(testData(path));
      expect(looksLikeLabels(timePointPieces(volume, 0)[0]!, volume)).toBe(expected);
    });
  });
});
