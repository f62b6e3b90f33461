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
        ? 'Nothing up to the last checkpoint is lost: train again with --resume.'
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
