/** @file What can be wrong with a data set as a whole; smaller faults are notices. */
import { UserError } from '../base/errors.ts';
import type { Notice } from './notices.ts';

export function datasetMissing(fields: { folder: string }): UserError {
  return new UserError({
    code: 'DATASET_MISSING',
    what: 'The data are not there: neither a folder nor a list of subjects has this path.',
    file: fields.folder,
    next: 'Check the path given as --data.',
  });
}

export function datasetEmpty(fields: {
  folder: string;
  volumeCount: number;
  notices: readonly Notice[];
}): UserError {
  const first = fields.notices[0];
  return new UserError({
    code: 'DATASET_EMPTY',
    what: `No subject with an image and a label was found among ${fields.volumeCount} volumes.`,
    file: fields.folder,
    why: first && `${first.subject ?? first.file ?? 'First'}: ${first.text}`,
    next: 'Use the nnU-Net layout (imagesTr, labelsTr), folders images/ and labels/, or pairs like case_T1.nii.gz and case_labels.nii.gz.',
  });
}

export function datasetUnusable(fields: { folder: string; notices: readonly Notice[] }): UserError {
  const lines = fields.notices
    .slice(0, 3)
    .map((notice) => `${notice.subject ?? notice.file ?? 'data set'}: ${notice.text}`);
  return new UserError({
    code: 'DATASET_UNUSABLE',
    what: `None of the subjects can be trained on. ${lines.join(' ')}`,
    file: fields.folder,
    next: 'Correct these files, or leave them out.',
  });
}

export function channelsDiffer(fields: { expected: number; found: number; folder: string }): UserError {
  return new UserError({
    code: 'DATASET_CHANNELS',
    what: `The method was set up for ${fields.expected} image channels; this data set has ${fields.found}.`,
    file: fields.folder,
    next: 'Train a new run on this data set, or choose data with the same channels.',
  });
}

export function datasetTooFew(fields: { folds: number; persons: number }): UserError {
  return new UserError({
    code: 'DATASET_TOO_FEW',
    what: `${fields.folds} folds need at least as many subjects; ${fields.persons} were found.`,
    field: 'fold',
    next: 'Ask for fewer folds, or add subjects.',
  });
}

export function datasetListInvalid(fields: {
  file: string;
  issues: readonly { field: string; message: string }[];
}): UserError {
  const [first] = fields.issues;
  return new UserError({
    code: 'DATASET_LIST_INVALID',
    what: `The list of subjects cannot be used: ${first?.message ?? 'it is not JSON'}${fields.issues.length > 1 ? ` (and ${fields.issues.length - 1} more)` : ''}.`,
    file: fields.file,
    field: first?.field,
    why: 'It was changed by hand, or is another kind of file.',
    next: 'Give a data folder, or a list with version, channels, labelNames and subjects.',
  });
}
