/** @file What the host refuses before a job starts. */
import { UserError } from '../base/errors.ts';

export function pathMissing(fields: { path: string }): UserError {
  return new UserError({
    code: 'FILE_MISSING',
    what: 'There is no such file or folder.',
    file: fields.path,
    next: 'Check the spelling of the path.',
  });
}

export function noVolumesFound(fields: { folder: string }): UserError {
  return new UserError({
    code: 'NO_VOLUMES',
    what: 'The folder holds no volume that can be read.',
    file: fields.folder,
    why: 'Volumes are recognised by .nii, .nii.gz or .hdr.',
    next: 'Choose the folder in which the volumes lie.',
  });
}

export function pluginUnknown(fields: { id: string; known: readonly string[] }): UserError {
  return new UserError({
    code: 'PLUGIN_UNKNOWN',
    what: `There is no plugin "${fields.id}".`,
    field: 'PLUGIN',
    next: `Installed plugins: ${fields.known.join(', ')}.`,
  });
}

export function runSettingsDiffer(fields: {
  folder: string;
  name: string;
  before: string;
  now: string;
}): UserError {
  return new UserError({
    code: 'RUN_SETTINGS_DIFFER',
    what: `The run to resume has ${fields.name} "${fields.before}", not "${fields.now}".`,
    file: fields.folder,
    field: fields.name,
    why: 'A resumed run goes on with the recipe that it began with.',
    next: 'Leave the choice out to resume, or choose another folder for a new run.',
  });
}

export function projectNone(): UserError {
  return new UserError({
    code: 'PROJECT_NONE',
    what: 'No project is open.',
    next: 'Open a project, or make a new one.',
  });
}

export function projectBusy(fields: { name: string }): UserError {
  return new UserError({
    code: 'PROJECT_BUSY',
    what: `A job of the project "${fields.name}" is running.`,
    why: 'Only one project can be open, and closing it would stop the job.',
    next: 'Pause or stop the job, or wait for its end; then open the other project.',
  });
}

export function callMalformed(fields: { field: string; problem: string }): UserError {
  return new UserError({
    code: 'CALL_MALFORMED',
    what: `The request cannot be understood: "${fields.field}" ${fields.problem}.`,
    field: fields.field,
    why: 'The window and the host may be of different versions.',
    next: 'Load the window anew.',
  });
}

export function bodySizeDiffers(fields: { expectedBytes: number; foundBytes: number }): UserError {
  const count = (bytes: number) =>
    Number.isNaN(bytes) ? 'an unknown number of' : bytes.toLocaleString('en-GB');
  return new UserError({
    code: 'CALL_BODY_SIZE',
    what: `The image's grid needs ${count(fields.expectedBytes)} bytes; ${count(fields.foundBytes)} were sent.`,
    next: 'Load the window anew, and correct the label map again.',
  });
}
