/** @file Runs one job in a worker process of its own: a crash there takes nothing else with it. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Cancelled } from '../../base/cancel.ts';
import { type JobEvent, jobEventSchema } from '../../contract/job-events.ts';
import type { JobKind, JobOf, JobResults } from '../../contract/jobs.ts';
import { jobCrashed, jobFailed } from './errors.ts';

const workerEntry = join(import.meta.dirname, '../../worker/main.ts');

/** A worker process, for whoever must be able to end it or to find it again. */
export interface WorkerProcess {
  readonly processId: number | undefined;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

export interface RunJobOptions {
  /** Asks the worker to stop: it writes a checkpoint where the job has one, then leaves. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: JobEvent) => void;
  /** Told as soon as the process is there. */
  readonly onStart?: (worker: WorkerProcess) => void;
  /** An argument that the worker ignores, by which its process can be told in a list of processes. */
  readonly mark?: string;
}

/** Runs a job on behalf of a larger one, which hears its events and can stop it. */
export type RunInWorker = <K extends JobKind>(job: JobOf<K>) => Promise<JobResults[K]>;

/** Resolves with the job's result. Rejects with the worker's UserError, JOB_CRASHED, or {@link Cancelled}. */
export function runJob<K extends JobKind>(
  job: JobOf<K>,
  { signal, onEvent, onStart, mark }: RunJobOptions = {},
): Promise<JobResults[K]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new Cancelled());
      return;
    }
    const worker = fork(workerEntry, mark === undefined ? [] : [mark], { serialization: 'json' });
    onStart?.({ processId: worker.pid, kill: () => void worker.kill('SIGKILL') });
    let last: JobEvent | undefined;
    const cancel = () => worker.connected && worker.send({ type: 'cancel' });
    signal?.addEventListener('abort', cancel);
    worker.on('message', (message) => {
      last = jobEventSchema.parse(message);
      onEvent?.(last);
    });
    worker.on('error', (error) => {
      // It could not be started. Any other trouble, such as a message to a worker that is leaving, ends in its exit.
      if (worker.pid === undefined) reject(error);
    });
    worker.on('exit', (exitCode, exitSignal) => {
      signal?.removeEventListener('abort', cancel);
      if (last?.type === 'done') resolve(last.result as JobResults[K]);
      else if (last?.type === 'failed') reject(jobFailed(last.error));
      else if (last?.type === 'cancelled') reject(new Cancelled());
      else reject(jobCrashed({ job: job.kind, signal: exitSignal, exitCode }));
    });
    if (worker.connected) worker.send({ type: 'start', job });
  });
}
