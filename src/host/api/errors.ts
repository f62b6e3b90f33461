/** @file Errors at the host's border: what the person can act on keeps its words, what is our fault is logged and told without its insides. */
import { ORPCError } from '@orpc/server';
import { type ErrorReport, errorReport } from '../../base/errors.ts';

/** Reports of faults of ours carry a stack; it goes to the log and not to the window. */
export function reportFor(error: unknown, onBug: (error: unknown) => void): ErrorReport {
  const report = errorReport(error);
  if (report.code !== 'BUG') return report;
  onBug(error);
  const message = error instanceof Error ? error.message : String(error);
  return { ...report, message: `Sagitta made a mistake: ${message}` };
}

/** As the contract has it. What oRPC itself refuses (an input that does not fit) is passed on. */
export function asContractError(error: unknown, onBug: (error: unknown) => void): unknown {
  if (error instanceof ORPCError) return error;
  const report = reportFor(error, onBug);
  return new ORPCError('USER_ERROR', {
    status: report.code === 'BUG' ? 500 : 422,
    message: report.message,
    data: report,
    defined: true,
  });
}
