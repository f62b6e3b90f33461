/** @file Foreign folders, understood from lists of files. */
import { describe, expect, it } from 'vitest';
import { understandLayout } from '../../src/dataset/layout.ts';
import { foldSubjects, personOf, splitSubjects } from '../../src/dataset/splits.ts';

const understand = (files: string[], datasetJson?: unknown) => understandLayout({ files, datasetJson });

describe('a data folder', () => {
  it('in nnU-Net layout (version 2) has channels in order, names from dataset.json, and raters', () => {
    const found = understand(
      [
        'imagesTr/case2_0001.nii.gz',
        'imagesTr/case2_0000.nii.gz',
        'imagesTr/case1_0000.nii.gz',
        'imagesTr/case1_0001.nii.gz',
        'labelsTr/case1.nii.gz',
        'labelsTr/case2.nii.gz',
        'imagesTs/case9_0000.nii.gz',
        'raters/anna/case1.nii.gz',
      ],
      { channel_names: { 0: 'T1', 1: 'FLAIR' }, labels: { background: 0, lesion: 1, region: [2, 3] } },
    );
    expect(found.layout).toBe('nnUNet');
    expect(found.channels).toEqual(['T1', 'FLAIR']);
    expect(found.labelNames).toEqual({ 0: 'background', 1: 'lesion', 2: 'region' });
    expect(found.raters).toEqual(['reference', 'anna']);
    expect(found.subjects).toEqual([
      {
        id: 'case1',
        images: ['imagesTr/case1_0000.nii.gz', 'imagesTr/case1_0001.nii.gz'],
        labels: { reference: 'labelsTr/case1.nii.gz', anna: 'raters/anna/case1.nii.gz' },
      },
      {
        id: 'case2',
        images: ['imagesTr/case2_0000.nii.gz', 'imagesTr/case2_0001.nii.gz'],
        labels: { reference: 'labelsTr/case2.nii.gz' },
      },
    ]);
    expect(found.notices).toEqual([]);
  });

  it('in nnU-Net layout (version 1) has names from `modality` and `labels`', () => {
    const found = understand(['imagesTr/a.nii.gz', 'labelsTr/a.nii.gz'], {
      modality: { 0: 'CT' },
      labels: { 0: 'background', 1: 'liver' },
    });
    expect([found.channels, found.labelNames[1]]).toEqual([['CT'], 'liver']);
  });

  it('with images/ and labels/ pairs by name, several raters by folder', () => {
    const found = understand([
      'images/a.nii',
      'images/b.nii',
      'labels_anna/a.nii',
      'labels_ben/a_seg.nii',
      'labels_anna/b.nii',
    ]);
    expect(found.layout).toBe('folders');
    expect(found.raters).toEqual(['anna', 'ben']);
    expect(found.subjects[0]?.labels).toEqual({ anna: 'labels_anna/a.nii', ben: 'labels_ben/a_seg.nii' });
  });

  it.each([
    [
      ['sub01_T1.nii.gz', 'sub01_labels.nii.gz', 'sub02_T1.nii.gz', 'sub02_labels.nii.gz'],
      ['sub01', 'sub02'],
      ['T1'],
    ],
    [['a.nii', 'a_seg.nii', 'b.nii', 'b_seg.nii'], ['a', 'b'], ['image']],
    [['p/x_FLAIR.nii', 'p/x_T1.nii', 'p/x_mask.nii'], ['p_x'], ['FLAIR', 'T1']],
    [['s-01/T1.nii', 's-01/labels.nii', 's-02/T1.nii', 's-02/labels.nii'], ['s-01', 's-02'], ['T1']],
    [['c1_T1.nii', 'c1_label.nii', 'c1_b_T1.nii', 'c1_b_label.nii'], ['c1', 'c1_b'], ['T1']],
    [['h.hdr', 'h.img', 'h_seg.hdr', 'h_seg.img'], ['h'], ['image']],
  ])('of pairs by suffix: %j', (files, ids, channels) => {
    const found = understand(files);
    expect(found.subjects.map(({ id }) => id)).toEqual(ids);
    expect(found.channels).toEqual(channels);
    expect(found.notices).toEqual([]);
  });

  it('of pairs by suffix knows raters behind the suffix', () => {
    const found = understand(['a_T1.nii', 'a_seg_anna.nii', 'a_seg_ben.nii']);
    expect(found.subjects[0]?.labels).toEqual({ anna: 'a_seg_anna.nii', ben: 'a_seg_ben.nii' });
  });

  it('of pairs by suffix knows raters before the suffix where only that leads to an image', () => {
    const found = understand([
      'p7_FLAIR.nii',
      'p7_consensus_lesions.nii',
      'p8_x_FLAIR.nii',
      'p8_x_lesions.nii',
    ]);
    expect(found.subjects.map(({ id, labels }) => [id, Object.keys(labels)])).toEqual([
      ['p7', ['consensus']],
      ['p8_x', ['reference']],
    ]);
  });

  it('says what is missing and keeps the rest', () => {
    const found = understand([
      'imagesTr/a_0000.nii.gz',
      'imagesTr/a_0001.nii.gz',
      'labelsTr/a.nii.gz',
      'imagesTr/b_0000.nii.gz',
      'labelsTr/b.nii.gz',
      'imagesTr/c_0000.nii.gz',
      'labelsTr/d.nii.gz',
      'labelsTr/a_seg.nii.gz',
    ]);
    expect(found.subjects.map(({ id }) => id)).toEqual(['a']);
    expect(found.notices.map(({ code, subject }) => `${subject} ${code}`)).toEqual([
      'a FILE_IGNORED',
      'b CHANNEL_MISSING',
      'c IMAGE_WITHOUT_LABEL',
      'd LABEL_WITHOUT_IMAGE',
    ]);
  });

  it('with a dataset.json that is neither version says so', () => {
    const found = understand(['imagesTr/a_0000.nii', 'labelsTr/a.nii'], { name: 'x' });
    expect(found.notices[0]?.code).toBe('DATASET_JSON_INVALID');
    expect(found.channels).toEqual(['0000']);
  });
});

describe('splits', () => {
  const ids = Array.from({ length: 10 }, (_, i) => `case${i}`);

  it('hold back the asked share, never overlap, and depend on seed and ids alone', () => {
    const split = splitSubjects(ids, { validationShare: 0.2, seed: 1 });
    expect(split.validation.length).toBe(2);
    expect([...split.training, ...split.validation].sort()).toEqual(ids);
    expect(splitSubjects([...ids].reverse(), { validationShare: 0.2, seed: 1 })).toEqual(split);
    const seeds = new Set(
      [1, 2, 3, 4, 5].map((seed) => splitSubjects(ids, { validationShare: 0.2, seed }).validation.join()),
    );
    expect(seeds.size).toBeGreaterThan(1);
  });

  it.each([
    [1, 0.5, 0],
    [2, 0.1, 1],
    [2, 1, 1],
    [3, 0, 0],
  ])('of %i subjects with a share of %f hold back %i', (count, validationShare, expected) => {
    const split = splitSubjects(ids.slice(0, count), { validationShare, seed: 1 });
    expect(split.validation.length).toBe(expected);
  });

  it('keep sessions of one person together', () => {
    const sessions = [1, 2, 3, 4].flatMap((n) => [`sub-0${n}_ses-1`, `sub-0${n}_ses-2`]);
    for (let seed = 0; seed < 10; seed++) {
      const { training, validation } = splitSubjects(sessions, { validationShare: 0.25, seed });
      const shared = training.map(personOf).filter((person) => validation.map(personOf).includes(person));
      expect(shared).toEqual([]);
      expect(validation.length).toBe(2);
    }
  });

  it('into folds validate each subject once', () => {
    const folds = [0, 1, 2].map((fold) => foldSubjects(ids, { index: fold, count: 3 }, 2).validation);
    expect(folds.flat().sort()).toEqual(ids);
    expect(folds.map((fold) => fold.length)).toEqual([4, 3, 3]);
    expect(() => foldSubjects(ids, { index: 0, count: 11 }, 2)).toThrow(/11 folds.*10 were found/);
  });
});
