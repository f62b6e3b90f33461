/** @file Errors at the host's border: what the person can act on keeps its words, what is our fault is logged and told without its insides. */
import { ORPCError } from '@orpc/server';
import { z } from 'zod';
import { type ErrorReport, errorReport } from '../../base/errors.ts';
import { callMalformed } from '../errors.ts';

/** Reports of faults of ours carry a stack; it goes to the log and not to the window. */
export function reportFor(error: unknown, onBug: (error: unknown) => void): ErrorReport {
  const report = errorReport(error);
  if (report.code !== 'BUG') return report;
  onBug(error);
  const message = error instanceof Error ? error.message : String(error);
  return { ...report, message: `Sagitta made a mistake: ${message}` };
}

/** As the contract has it, with a report as its data, whatever was thrown. */
export function asContractError(
  thrown: unknown,
  onBug: (error: unknown) => void,
): ORPCError<string, unknown> {
  const report = reportFor(causeOf(thrown), onBug);
  return new ORPCError('USER_ERROR', {
    status: statusFor(report),
    message: report.message,
    data: report,
    defined: true,
    cause: thrown,
  });
}

export function statusFor({ code }: ErrorReport): 400 | 422 | 500 {
  if (code === 'BUG') return 500;
  return code === 'CALL_MALFORMED' ? 400 : 422;
}

/** What oRPC itself refuses is an input that does not fit the contract, or (our fault) an output. */
function causeOf(thrown: unknown): unknown {
  if (!(thrown instanceof ORPCError)) return thrown;
  if (thrown.code !== 'BAD_REQUEST') return thrown.cause ?? thrown;
  const [issue] = issuesSchema.safeParse(thrown.data).data?.issues ?? [];
  const field = issue?.path?.join('.') || 'input';
  return callMalformed({
    field,
    problem: issue === undefined ? 'cannot be read' : `is refused: ${issue.message}`,
  });
}

const issuesSchema = z.object({
  issues: z.array(
    z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).optional() }),
  ),
});
