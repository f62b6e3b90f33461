/** @file An error as it crosses a process border. The same fields as base's `ErrorReport`, checked at the door. */
import { z } from 'zod';

export const errorReportSchema = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string().optional(),
  field: z.string().optional(),
  hint: z.string().optional(),
});

/** What oRPC carries: one error for all calls, whose data is the report. */
export const contractErrors = {
  /** The person can act on it; the words are in `data`. */
  USER_ERROR: { status: 422, data: errorReportSchema },
} as const;
