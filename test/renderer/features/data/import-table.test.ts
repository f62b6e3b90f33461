/** @file Tests of the table that a person corrects before taking data in. */
import { describe, expect, it } from 'vitest';
import type { ImportItem } from '../../../../src/contract/imports.ts';
import {
  imageKey,
  itemsToTake,
  nameProblem,
  othersWith,
  problemsOf,
  rowsOf,
  takeSummary,
  withChange,
  withEverywhere,
  withoutProblems,
} from '../../../../src/renderer/features/data/import-table.ts';

const item = (path: string, changes: Partial<ImportItem> = {}): ImportItem => ({
  path,
  role: 'image',
  subject: 'sub01',
  name: 'T1',
  dims: [8, 8, 8],
  spacingMm: [1, 1, 1],
  orientation: 'RAS',
  timePoints: 1,
  dtype: 'int16',
  format: 'nifti',
  sizeBytes: 1024,
  warnings: [],
  ...changes,
});

const rows = rowsOf([
  item('a/T1.nii'),
  item('a/kim.nii', { role: 'label', rater: 'kim' }),
  item('b/T1.nii', { subject: 'sub02' }),
]);

describe('corrections', () => {
  it('gives a file that becomes a label a rater, and takes it from one that becomes an image', () => {
    const label = withChange(rows, { index: 2, changes: { role: 'label' }, rater: 'me' });
    expect(label[2]).toMatchObject({ role: 'label', rater: 'me' });
    const image = withChange(label, { index: 1, changes: { role: 'image' }, rater: 'me' });
    expect(image[1]).not.toHaveProperty('rater');
    expect(rows[1]).toHaveProperty('rater', 'kim');
  });

  it('counts who else holds the old name and renames them too', () => {
    const changed = withChange(rows, { index: 0, changes: { subject: 'anna' }, rater: 'me' });
    expect(othersWith(changed, { index: 0, field: 'subject', value: 'sub01' })).toBe(1);
    const all = withEverywhere(changed, { field: 'subject', from: 'sub01', to: 'anna' });
    expect(all.map(({ subject }) => subject)).toEqual(['anna', 'anna', 'sub02']);
  });
});

describe('a label', () => {
  const alone = rowsOf([item('kim.nii', { role: 'label', subject: 'Sub09', rater: 'kim' })]);

  it('needs its image, here or in the library, whatever the case', () => {
    expect(problemsOf(alone).get(0)).toMatchObject({ field: 'name', text: expect.stringContaining('Sub09') });
    expect(problemsOf(alone, new Set([imageKey({ subject: 'sub09', name: 't1' })])).size).toBe(0);
  });

  it('is left without one when its image is left out, and can be left out with all that is wrong', () => {
    const withoutImage = withChange(rows, { index: 0, changes: { isTaken: false }, rater: 'me' });
    const problems = problemsOf(withoutImage);
    expect([...problems.keys()]).toEqual([1]);
    expect(withoutProblems(withoutImage, problems).map(({ isTaken }) => isTaken)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('problemsOf', () => {
  it('finds none in a good table', () => {
    expect(problemsOf(rows).size).toBe(0);
  });

  it('finds two images of one name in one subject, whatever the case, until one is left out', () => {
    const double = withChange(rows, { index: 2, changes: { subject: 'SUB01' }, rater: 'me' });
    expect([...problemsOf(double)]).toEqual([[2, { field: 'name', text: expect.stringContaining('Row 1') }]]);
    expect(problemsOf(withChange(double, { index: 0, changes: { isTaken: false }, rater: 'me' })).size).toBe(
      0,
    );
  });

  it('lets two raters label one image, but not one rater twice', () => {
    const second = item('a/lee.nii', { role: 'label', rater: 'lee' });
    expect(problemsOf(rowsOf([...rows, second])).size).toBe(0);
    expect(problemsOf(rowsOf([...rows, { ...second, rater: 'kim' }])).get(3)?.field).toBe('rater');
  });

  it('finds names that are not safe as file names, a rater of an image excepted', () => {
    expect(
      problemsOf(withChange(rows, { index: 0, changes: { subject: '../x' }, rater: 'me' })).get(0)?.field,
    ).toBe('subject');
    expect(
      problemsOf(withChange(rows, { index: 1, changes: { rater: '' }, rater: 'me' })).get(1)?.field,
    ).toBe('rater');
  });
});

it.each([
  { name: 'sub-01', problem: undefined },
  { name: ' ', problem: 'A name is needed.' },
  { name: 'x'.repeat(81), problem: 'At most 80 characters.' },
  { name: 'a/b', problem: expect.stringContaining('letters') },
])('says of the name "$name": $problem', ({ name, problem }) => {
  expect(nameProblem(name)).toEqual(problem);
});

it('sends what is taken, trimmed, and a rater only with labels', () => {
  const changed = withChange(rows, { index: 0, changes: { subject: 'anna ' }, rater: 'me' });
  expect(itemsToTake(withChange(changed, { index: 2, changes: { isTaken: false }, rater: 'me' }))).toEqual([
    { path: 'a/T1.nii', role: 'image', subject: 'anna', name: 'T1' },
    { path: 'a/kim.nii', role: 'label', subject: 'sub01', name: 'T1', rater: 'kim' },
  ]);
});

it('sums up what will be taken', () => {
  expect(takeSummary(rows)).toBe('2 images and 1 label map of 2 subjects');
  expect(takeSummary(rows.slice(1, 2))).toBe('1 label map of 1 subject');
  expect(takeSummary([])).toBe('Nothing');
});
