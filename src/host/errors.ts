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
