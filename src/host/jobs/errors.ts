/** @file What can happen to a worker process, in the words of the user's task. */
import { type ErrorReport, UserError } from '../../base/errors.ts';

/** The worker ended without a last word. */
export function jobCrashed(fields: {
  job: string;
  signal: string | null;
  exitCode: number | null;
}): UserError {
  const how = fields.signal === null ? `with exit code ${fields.exitCode}` : `by signal ${fields.signal}`;
  return new UserError({
    code: 'JOB_CRASHED',
    what: `The worker process of this ${fields.job} job ended ${how}.`,
    why:
      fields.signal === 'SIGKILL'
        ? 'The system may have run out of memory, or somebody ended the process.'
        : undefined,
    next:
      fields.job === 'train'
        ? 'Nothing up to the last checkpoint is lost: resume the run (on the command line, train again with --resume).'
        : 'Start it again.',
  });
}

/** An error that a worker reported, with its fields kept. */
export function jobFailed(
  report: { [K in keyof ErrorReport]: ErrorReport[K] | undefined } & Pick<ErrorReport, 'code' | 'message'>,
): Error {
  if (report.code === 'BUG') return new Error(report.message);
  return new UserError({
    code: report.code,
    what: report.message,
    file: report.file,
    field: report.field,
    next: report.hint,
  });
}

export function jobUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'JOB_UNKNOWN',
    what: `There is no job "${fields.id}" in this project.`,
    field: 'id',
    why: 'It was dismissed, perhaps in another window.',
    next: 'Look at the list of jobs again.',
  });
}

/** The state of a job does not allow what was asked, e.g. to pause one that is over. */
export function jobStateUnfit(fields: { title: string; state: string; action: string }): UserError {
  return new UserError({
    code: 'JOB_STATE_UNFIT',
    what: `"${fields.title}" is ${fields.state}; it cannot be ${fields.action} now.`,
    field: 'id',
    why: 'It went on since the list was shown.',
    next: 'Look at the list of jobs again.',
  });
}

export function jobNotPausable(fields: { title: string }): UserError {
  return new UserError({
    code: 'JOB_NOT_PAUSABLE',
    what: `"${fields.title}" cannot be paused: only training writes checkpoints to go on from.`,
    field: 'id',
    next: 'Stop it instead; volumes that are segmented already are kept.',
  });
}

export function pluginDisabled(fields: { id: string; name: string }): UserError {
  return new UserError({
    code: 'PLUGIN_DISABLED',
    what: `The plugin "${fields.name}" is switched off.`,
    field: 'plugin',
    next: 'Switch it on under Plugins, or choose another one.',
  });
}

/** A method with several channels needs all of them of a subject. */
export function predictChannelMissing(fields: { subject: string; channel: string }): UserError {
  return new UserError({
    code: 'PREDICT_CHANNEL_MISSING',
    what: `Subject "${fields.subject}" has no image "${fields.channel}", which this run was trained with.`,
    field: 'images',
    next: 'Leave the subject out, or import that image under this name.',
  });
}
