/** @file What can be wrong with a project folder. */
import { UserError } from '../../base/errors.ts';

export function projectMissing(fields: { folder: string }): UserError {
  return new UserError({
    code: 'PROJECT_MISSING',
    what: 'There is no project in this folder: project.json is not there.',
    file: fields.folder,
    why: 'It may have been moved or renamed, or lie on a drive that is not connected.',
    next: 'Choose the folder that holds project.json, or make a new project.',
  });
}

export function projectExists(fields: { folder: string }): UserError {
  return new UserError({
    code: 'PROJECT_EXISTS',
    what: 'There is already something in a folder of this name.',
    file: fields.folder,
    next: 'Open it if it is a project, or choose another name.',
  });
}

export function projectTooNew(fields: { file: string; version: number; known: number }): UserError {
  return new UserError({
    code: 'PROJECT_TOO_NEW',
    what: `This project was written in format ${fields.version}; this Sagitta knows formats up to ${fields.known}.`,
    file: fields.file,
    field: 'version',
    next: 'Update Sagitta.',
  });
}

/** `issues` are lines "field: what is wrong". */
export function projectInvalid(fields: { file: string; issues: readonly string[] }): UserError {
  return new UserError({
    code: 'PROJECT_INVALID',
    what: `The description of this project cannot be read: ${fields.issues.join('; ')}.`,
    file: fields.file,
    field: fields.issues[0]?.split(':')[0],
    why: 'The file was changed by hand or damaged.',
    next: 'Restore project.json from a copy. The images and label maps in subjects/ are not affected.',
  });
}

export function projectInUse(fields: { folder: string; processId: number }): UserError {
  return new UserError({
    code: 'PROJECT_IN_USE',
    what: `Process ${fields.processId} on this machine has this project open.`,
    file: fields.folder,
    why: 'Two programs that change one project at once would undo each other.',
    next: `Close the project in the other window of Sagitta, or end process ${fields.processId}, then try again.`,
  });
}

export function projectNameUnusable(fields: { name: string; problem: string }): UserError {
  return new UserError({
    code: 'NAME_UNUSABLE',
    what: `"${fields.name}" cannot be the name of a file: ${fields.problem}.`,
    field: 'name',
    next: 'Choose another name.',
  });
}
