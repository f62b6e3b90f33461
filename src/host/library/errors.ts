/** @file What the library refuses: volumes it does not have, names that are taken, changes that cannot be undone. */
import { UserError } from '../../base/errors.ts';

export function noCommonImage(fields: { subjectCount: number }): UserError {
  return new UserError({
    code: 'LIBRARY_NO_COMMON_IMAGE',
    what: `The ${fields.subjectCount} chosen subjects have no image of the same name.`,
    field: 'subjects',
    why: 'A method learns from the same kinds of image in every subject; they are matched by name.',
    next: 'Choose subjects whose images have the same names, or take the images in again under one name.',
  });
}

export function noLabelledSubject(fields: { subjectCount: number }): UserError {
  return new UserError({
    code: 'LIBRARY_NO_LABELS',
    what: `None of the ${fields.subjectCount} chosen subjects has a label map.`,
    field: 'subjects',
    next: 'Draw or import label maps first, or choose subjects that have some.',
  });
}

export function volumeUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'VOLUME_UNKNOWN',
    what: 'There is no such volume in this project.',
    file: fields.id,
    why: 'It was removed or renamed, or the file was moved by hand.',
    next: 'Undo the change, or choose another volume.',
  });
}

export function subjectUnknown(fields: { name: string }): UserError {
  return new UserError({
    code: 'SUBJECT_UNKNOWN',
    what: `There is no subject "${fields.name}" in this project.`,
    field: 'from',
    next: 'Choose a subject of the list.',
  });
}

export function subjectNameTaken(fields: { name: string }): UserError {
  return new UserError({
    code: 'SUBJECT_NAME_TAKEN',
    what: `There is a subject "${fields.name}" already.`,
    field: 'to',
    why: 'Capitals and small letters do not count, since not every system tells them apart.',
    next: 'Choose another name.',
  });
}

export function fileInTheWay(fields: { path: string }): UserError {
  return new UserError({
    code: 'FILE_IN_THE_WAY',
    what: 'A file that the library does not know lies where one should be put.',
    file: fields.path,
    why: 'It was put there by hand.',
    next: 'Move it elsewhere, or choose another name.',
  });
}

export function undoImpossible(fields: {
  text: string;
  path: string;
  problem: 'missing' | 'taken';
}): UserError {
  const problem = fields.problem === 'missing' ? 'this file is gone' : 'another file took its place';
  return new UserError({
    code: 'UNDO_IMPOSSIBLE',
    what: `"${fields.text}" cannot be undone or done again: ${problem}.`,
    file: fields.path,
    why: 'It was moved, renamed or removed by hand.',
    next: 'Put it back, or go on without undoing.',
  });
}
