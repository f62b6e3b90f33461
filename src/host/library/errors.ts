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
