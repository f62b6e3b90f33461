/** @file Whatever a call can throw, as the report that a person reads. */
import { ORPCError } from '@orpc/client';
import type { ErrorReport } from '../../base/errors.ts';
import { errorReportSchema } from '../../contract/errors.ts';

/** A report that came with an answer to a binary request. */
export class HostError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = 'HostError';
    this.report = report;
  }
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** Whether the host that answers now knows nothing of this window: it was started after it, and each start has its own session. */
export function isOfEarlierStart(thrown: unknown): boolean {
  if (thrown instanceof HostError) return thrown.report.code === 'HOST_REFUSED';
  return thrown instanceof ORPCError && thrown.status === 401;
}

export function reportOf(thrown: unknown): ErrorReport {
  if (thrown instanceof HostError) return thrown.report;
  if (thrown instanceof ORPCError) {
    const parsed = errorReportSchema.safeParse(thrown.data);
    if (parsed.success) return definedFields(parsed.data);
    if (isOfEarlierStart(thrown))
      return {
        code: 'HOST_REFUSED',
        message: 'This window is of an earlier start of Sagitta.',
        hint: 'Open the address that it printed when it was started anew, in this browser.',
      };
    return { code: String(thrown.code), message: thrown.message };
  }
  if (thrown instanceof TypeError && /fetch|network/i.test(thrown.message))
    return {
      code: 'HOST_AWAY',
      message: 'The host does not answer.',
      hint: 'It may be starting again; nothing that was saved is lost. Should this stay, start Sagitta anew.',
    };
  return { code: 'WINDOW', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

type Parsed = ReturnType<typeof errorReportSchema.parse>;

/** Fields that are absent stay absent, as the type of reports wants. */
export function definedFields({ code, message, file, field, hint }: Parsed): ErrorReport {
  return {
    code,
    message,
    ...(file !== undefined && { file }),
    ...(field !== undefined && { field }),
    ...(hint !== undefined && { hint }),
  };
}
