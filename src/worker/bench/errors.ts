/** @file What a benchmark may be asked for in vain, and what may go wrong in its processes. */
import { UserError } from '../../base/errors.ts';

export function benchNetworkUnknown(fields: { net: string; known: readonly string[] }): UserError {
  return new UserError({
    code: 'BENCH_NETWORK_UNKNOWN',
    what: `This build has no benchmark of a network "${fields.net}".`,
    field: '--net',
    next: `Known: ${fields.known.join(', ')}.`,
  });
}

/** A measuring process ended early; `last` is the end of what it wrote to its standard error. */
export function benchProcessFailed(fields: { who: string; last: string }): UserError {
  return new UserError({
    code: 'BENCH_PROCESS_FAILED',
    what: `The measuring process of ${fields.who} ended before it was done.`,
    why: fields.last === '' ? undefined : fields.last,
    next: 'If memory ran out, measure without --sweep, or on a machine with more memory.',
  });
}
