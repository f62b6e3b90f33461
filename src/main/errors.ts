/** @file What the shell has to tell: the host is away, or will not start. */
import { UserError } from '../base/errors.ts';

export function hostAway(cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  return new UserError(
    {
      code: 'HOST_AWAY',
      what: 'The part of Sagitta that works with your data does not answer.',
      why: 'It may be starting again; nothing that was saved is lost.',
      next: 'Should this stay, quit Sagitta and start it again.',
    },
    cause,
  );
}

export function hostStopped(fields: { how: string; restartCount: number; logFile: string }): UserError {
  return new UserError({
    code: 'HOST_STOPPED',
    what: `The part of Sagitta that works with your data has stopped (${fields.how}), after ${fields.restartCount} new ${fields.restartCount === 1 ? 'start' : 'starts'} within a minute.`,
    file: fields.logFile,
    why: 'Its log tells the reason. Nothing that was saved is lost; a run goes on from its last checkpoint.',
    next: 'Start it again, or quit and report the fault with the log.',
  });
}
