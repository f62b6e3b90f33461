/** @file What every job gets besides its own inputs. */
import type { JobEvent } from '../contract/job-events.ts';

export interface JobContext {
  /** Aborted when the person cancels; the job then saves what it can and throws Cancelled. */
  readonly signal: AbortSignal;
  readonly report: (event: JobEvent) => void;
}
