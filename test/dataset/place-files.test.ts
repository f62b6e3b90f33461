/** @file Where an import would put files, by their names alone. */
import { describe, expect, it } from 'vitest';
import { datasetRoots, placeFiles } from '../../src/dataset/place-files.ts';

const places = (files: string[], datasetJson?: unknown) =>
  placeFiles(files, datasetJson).files.map(({ role, subject, name, rater }) =>
    [role, subject, name, rater].filter(Boolean).join(' '),
  );

describe('files without label maps', () => {
  it.each([
    [['scan.nii'], ['image scan image']],
    [
      ['p1_T1.nii.gz', 'p1_FLAIR.nii.gz'],
      ['image p1 T1', 'image p1 FLAIR'],
    ],
    [
      ['v_01.nii', 'v_02.nii'],
      ['image v_01 image', 'image v_02 image'],
    ],
    [
      ['c_0000.nii', 'c_0001.nii'],
      ['image c 0000', 'image c 0001'],
    ],
    [
      ['a/T1.nii', 'b/T1.nii'],
      ['image a T1', 'image b T1'],
    ],
    [
      ['x/p1_T1.nii', 'y/p2_T1.nii'],
      ['image p1 T1', 'image p2 T1'],
    ],
    [
      ['x/p_T1.nii', 'y/p_T1.nii'],
      ['image x_p T1', 'image y_p T1'],
    ],
    [['sub-1/ses-2/anat/sub-1_ses-2_T1w.nii'], ['image sub-1_ses-2 T1w']],
    [['head.hdr.gz'], ['image head image']],
  ])('%j', (files, expected) => {
    expect(places(files)).toEqual(expected);
  });
});

describe('an nnU-Net data set', () => {
  it('gives test images too, channels by name, and every loose file a place', () => {
    const json = { channel_names: { 0: 'CT', 1: 'PET' }, labels: { background: 0 } };
    const files = ['imagesTs/b_0001.nii', 'labelsTr/a.nii', 'imagesTr/a_0000.nii', 'other_T1.nii'];
    expect(places(files, json)).toEqual([
      'image b PET',
      'label a image reference',
      'image a CT',
      'image other T1',
    ]);
  });

  it('calls a lone channel without a name image', () => {
    expect(places(['imagesTr/a_0000.nii', 'labelsTr/a.nii'])).toEqual([
      'image a image',
      'label a image reference',
    ]);
  });
});

describe('the roots of data sets', () => {
  it('are the folders that hold images, the deepest first', () => {
    const files = ['imagesTr/a.nii', 'x/images/b.nii', 'x/images/deep/c.nii', 'y/z.nii'];
    expect(datasetRoots(files)).toEqual(['x/', '']);
    expect(datasetRoots(['y/z.nii'])).toEqual([]);
  });
});
