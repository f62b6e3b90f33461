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
    next: 'Correct it; if it was not you who wrote it, load the window anew: it may be of another version than the host.',
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

export function callTooLarge(fields: { mostBytes: number }): UserError {
  return new UserError({
    code: 'CALL_TOO_LARGE',
    what: `The request is larger than ${fields.mostBytes.toLocaleString('en-GB')} bytes.`,
    next: 'Do it in parts, e.g. drop fewer files at once.',
  });
}

export function windowMissing(fields: { folder: string }): UserError {
  return new UserError({
    code: 'WINDOW_MISSING',
    what: 'The window has not been built.',
    file: fields.folder,
    next: 'Start Sagitta with "npm start", or build the window: npm run build:window',
  });
}

export function portTaken(fields: { port: number }): UserError {
  return new UserError({
    code: 'PORT_TAKEN',
    what: `Another program listens on port ${fields.port} already.`,
    field: '--port',
    why: 'It may be another Sagitta.',
    next: 'Choose another port, or leave --port out: a free one is found.',
  });
}

export function portForbidden(fields: { port: number }): UserError {
  return new UserError({
    code: 'PORT_FORBIDDEN',
    what: `This user may not listen on port ${fields.port}.`,
    field: '--port',
    why: 'Ports below 1024 are kept for the system.',
    next: 'Choose a port from 1024 on, or leave --port out: a free one is found.',
  });
}

export function socketInTheWay(fields: { path: string }): UserError {
  return new UserError({
    code: 'SOCKET_IN_THE_WAY',
    what: 'There is a file at the place of the socket, and it is no socket.',
    file: fields.path,
    field: '--socket',
    next: 'Choose another path.',
  });
}
