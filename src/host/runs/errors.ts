/** @file What is refused of a run of the project. */
import { UserError } from '../../base/errors.ts';

export function runUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'RUN_UNKNOWN',
    what: `There is no run "${fields.id}" in this project.`,
    field: 'id',
    why: 'It was removed, or its folder was moved by hand.',
    next: 'Look at the list of runs again.',
  });
}

export function runBusy(fields: { name: string }): UserError {
  return new UserError({
    code: 'RUN_BUSY',
    what: `The run "${fields.name}" is being trained or waits for it.`,
    field: 'id',
    next: 'Stop its job first.',
  });
}

export function pictureMissing(fields: { epoch: number }): UserError {
  return new UserError({
    code: 'PICTURE_MISSING',
    what: `There is no picture of epoch ${fields.epoch} of this run.`,
    field: 'epoch',
    why: 'Pictures are made when an epoch is validated, and only where subjects are held back for that.',
    next: 'Choose another epoch.',
  });
}
