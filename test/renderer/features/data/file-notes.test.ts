/** @file Tests of the notes under the import table. */
import { expect, it } from 'vitest';
import { refusedNotes, warningNotes } from '../../../../src/renderer/features/data/file-notes.ts';

it('puts files that were refused with the same words together', () => {
  const unknown = { code: 'IMPORT_UNKNOWN', message: 'This is no image.', hint: 'Leave it out.' };
  const truncated = { code: 'NIFTI_TRUNCATED', message: 'The volume ends early.' };
  expect(
    refusedNotes([
      { path: 'a.docx', error: unknown },
      { path: 'b.nii', error: truncated },
      { path: 'c.docx', error: unknown },
    ]),
  ).toEqual([
    { paths: ['a.docx', 'c.docx'], what: unknown.message, hint: unknown.hint, code: unknown.code },
    { paths: ['b.nii'], what: truncated.message, hint: undefined, code: truncated.code },
  ]);
});

it('keeps apart what differs only in its numbers', () => {
  const early = (bytes: number) => ({ code: 'NIFTI_TRUNCATED', message: `The file holds ${bytes} bytes.` });
  expect(
    refusedNotes([
      { path: 'a.nii', error: early(1) },
      { path: 'b.nii', error: early(2) },
    ]),
  ).toHaveLength(2);
});

it('lists a file under each of its warnings', () => {
  expect(
    warningNotes([
      { path: 'a', warnings: ['No label.', 'Spacing guessed.'] },
      { path: 'b', warnings: [] },
      { path: 'c', warnings: ['No label.'] },
    ]),
  ).toEqual([
    { what: 'No label.', paths: ['a', 'c'] },
    { what: 'Spacing guessed.', paths: ['a'] },
  ]);
});
