/** @file Which subjects, channels and label maps a training gets to see. */
import { describe, expect, it } from 'vitest';
import type { Library } from '../../../src/contract/library.ts';
import { parseDatasetList } from '../../../src/dataset/dataset-list.ts';
import { datasetList } from '../../../src/host/library/dataset-list.ts';

const facts = { dims: [2, 2, 2], spacingMm: [1, 1, 1], orientation: 'RAS', timePoints: 1, sizeBytes: 1 };

/** `{ a: { T1: ['anna'] } }`: subject → image → raters. */
function library(subjects: Record<string, Record<string, string[]>>): Library {
  return {
    revision: 1,
    labelNames: { 1: 'vessel' },
    subjects: Object.entries(subjects).map(([name, images]) => ({
      name,
      images: Object.entries(images).map(([image, raters]) => {
        const id = `subjects/${name}/images/${image}.nii.gz`;
        const label = (rater: string) => `subjects/${name}/labels/${image}/${rater}.nii.gz`;
        return {
          ...facts,
          id,
          name: image,
          labels: raters.map((rater) => ({ ...facts, id: label(rater), rater, image: id })),
        };
      }),
    })),
  } as unknown as Library;
}

describe('the list of subjects beside a run', () => {
  it('has the chosen subjects with labels, the images they share, and paths from the run', () => {
    const all = library({
      a: { T2: [], T1: ['anna', 'ben'] },
      b: { T1: ['anna'] },
      c: { T1: [] },
      d: { T1: ['anna'] },
    });
    const list = datasetList(all, ['a', 'b', 'c'], 'runs/first');
    expect(list).toEqual({
      version: 1,
      channels: ['T1'],
      labelNames: { 1: 'vessel' },
      subjects: [
        {
          id: 'a',
          images: ['../../subjects/a/images/T1.nii.gz'],
          labels: {
            anna: '../../subjects/a/labels/T1/anna.nii.gz',
            ben: '../../subjects/a/labels/T1/ben.nii.gz',
          },
        },
        {
          id: 'b',
          images: ['../../subjects/b/images/T1.nii.gz'],
          labels: { anna: '../../subjects/b/labels/T1/anna.nii.gz' },
        },
      ],
    });
    expect(parseDatasetList(list, 'list.json').subjects).toHaveLength(2);
    expect(datasetList(all, undefined, 'runs/first').subjects.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
  });

  it('takes the label map on the first channel where a rater drew on several', () => {
    const list = datasetList(library({ a: { T2: ['anna'], T1: ['anna'] } }), undefined, '.');
    expect(list.channels).toEqual(['T1', 'T2']);
    expect(list.subjects[0]?.labels).toEqual({ anna: 'subjects/a/labels/T1/anna.nii.gz' });
  });

  it('is refused when nothing can be learnt from', () => {
    const codes = (subjects: Parameters<typeof library>[0]) => () =>
      datasetList(library(subjects), undefined, '.');
    expect(codes({ a: { T1: [] } })).toThrow(expect.objectContaining({ code: 'LIBRARY_NO_LABELS' }));
    expect(codes({ a: { T1: ['x'] }, b: { T2: ['x'] } })).toThrow(
      expect.objectContaining({ code: 'LIBRARY_NO_COMMON_IMAGE' }),
    );
  });
});
