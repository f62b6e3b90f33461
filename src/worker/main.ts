/** @file Entry of a worker process: receives one job, runs it, reports events, exits. When the host goes, it goes. */
import { Cancelled } from '../base/cancel.ts';
import { errorReport } from '../base/errors.ts';
import type { JobEvent } from '../contract/job-events.ts';
import { type Job, jobSchema } from '../contract/jobs.ts';
import type { JobContext } from './job-context.ts';
import { jobTable } from './job-table.ts';

const abort = new AbortController();

/** Waits until the event is handed to the system, so that the last one is not lost at exit. */
function send(event: JobEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(event, () => resolve());
  });
}

function withMemory(event: JobEvent): JobEvent {
  return event.type === 'progress' ? { ...event, memoryBytes: process.memoryUsage.rss() } : event;
}

async function runJob(given: unknown): Promise<JobEvent> {
  const context: JobContext = { signal: abort.signal, report: (event) => void send(withMemory(event)) };
  try {
    const job = jobSchema.parse(given);
    const run = jobTable[job.kind] as (job: Job, context: JobContext) => Promise<unknown>;
    return { type: 'done', result: await run(job, context) };
  } catch (error) {
    return error instanceof Cancelled ? { type: 'cancelled' } : { type: 'failed', error: errorReport(error) };
  }
}

process.on('message', async (message: { type: 'start'; job: unknown } | { type: 'cancel' }) => {
  if (message.type === 'cancel') {
    abort.abort();
    return;
  }
  await send(await runJob(message.job));
  process.exit(0);
});
process.on('disconnect', () => process.exit(1));
// A terminal sends Ctrl-C to the whole group; the host decides and asks us to stop by message.
process.on('SIGINT', () => abort.abort());
process.on('SIGTERM', () => abort.abort());
