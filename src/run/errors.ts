/** @file What can be wrong with a run folder. */
import { UserError } from '../base/errors.ts';

export function runFolderInUse(fields: { folder: string }): UserError {
  return new UserError({
    code: 'RUN_FOLDER_IN_USE',
    what: 'There is already a run in this folder.',
    file: fields.folder,
    next: 'Add --resume to go on with it, or name another folder.',
  });
}

export function runLocked(fields: { folder: string; processId: number }): UserError {
  return new UserError({
    code: 'RUN_LOCKED',
    what: `Process ${fields.processId} is training in this run folder.`,
    file: fields.folder,
    next: 'Wait for it, or stop it first.',
  });
}

export function runMissing(fields: { folder: string; file: string }): UserError {
  return new UserError({
    code: 'RUN_MISSING',
    what: `This folder holds no run: ${fields.file} is not there.`,
    file: fields.folder,
    next: 'Name the folder that was given to `sagitta train` as --out.',
  });
}

/** `issues` are lines "path: what is wrong". */
export function runRecordInvalid(fields: { file: string; issues: readonly string[] }): UserError {
  return new UserError({
    code: 'RUN_RECORD_INVALID',
    what: `The record of this run cannot be read: ${fields.issues.join('; ')}.`,
    file: fields.file,
    field: fields.issues[0]?.split(':')[0],
    why: 'The file was changed by hand or damaged.',
    next: 'Restore it from a copy, or train again.',
  });
}

export function runTooNew(fields: { file: string; version: number; known: number }): UserError {
  return new UserError({
    code: 'RUN_TOO_NEW',
    what: `This run was written in format ${fields.version}; this Sagitta knows formats up to ${fields.known}.`,
    file: fields.file,
    field: 'version',
    next: 'Update Sagitta.',
  });
}

export function checkpointDamaged(fields: { file: string; problem: string }): UserError {
  return new UserError({
    code: 'CHECKPOINT_DAMAGED',
    what: `The checkpoint is damaged: ${fields.problem}.`,
    file: fields.file,
    why: 'A broken copy, a full disk, or a change by hand.',
    next: 'Copy the run folder again from where it was trained.',
  });
}

export function checkpointMissing(fields: { folder: string }): UserError {
  return new UserError({
    code: 'CHECKPOINT_MISSING',
    what: 'This run has no checkpoint yet, so there are no weights to use.',
    file: fields.folder,
    next: 'Train it first, or for longer.',
  });
}
