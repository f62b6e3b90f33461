/** @file The job queue of a project: one worker process at a time, first come, first served. What a job does is in its task's file. */
import { randomUUID } from 'node:crypto';
import { sep } from 'node:path';
import { Cancelled } from '../../base/cancel.ts';
import { type ErrorReport, errorReport } from '../../base/errors.ts';
import type { JobId } from '../../contract/ids.ts';
import type { JobEvent } from '../../contract/job-events.ts';
import type { JobKind, JobOf } from '../../contract/jobs.ts';
import type { PluginList } from '../../contract/plugins.ts';
import type { JobState, JobSummary } from '../../contract/queue.ts';
import { projectPaths } from '../project/project-folder.ts';
import type { LibraryService, PredictionService, Publish, QueueService, RunService } from '../services.ts';
import { checkTraining } from './check-training.ts';
import { jobNotPausable, jobStateUnfit, jobUnknown } from './errors.ts';
import { type JobRecord, type JobTask, readJobRecords } from './job-record.ts';
import { endLeftOverWorker } from './left-over-worker.ts';
import { runPrediction, submitPrediction } from './predict-task.ts';
import { QueuedJob } from './queued-job.ts';
import { type RunInWorker, runJob, type WorkerProcess } from './run-job.ts';
import { TimeLeft } from './time-left.ts';
import { runTraining, submitTraining } from './train-task.ts';
import { removeUnbegun } from './unbegun.ts';

export interface QueueOptions {
  readonly project: { readonly folder: string; readonly id: string; readonly name: string };
  readonly library: LibraryService;
  readonly runs: RunService;
  readonly predictions: PredictionService;
  readonly publish: Publish;
  readonly listPlugins: () => Promise<PluginList>;
}

/** Why a running job is asked to stop; decides what it is afterwards. */
type Intent = 'pause' | 'cancel' | 'close';

interface Running {
  readonly job: QueuedJob;
  readonly abort: AbortController;
  intent: Intent | undefined;
  worker: WorkerProcess | undefined;
  done: Promise<void>;
}

/** After that, closing a project no longer waits for a worker to come to the end of what it does. */
const closeWithinMs = 60_000;

const over: readonly JobState[] = ['done', 'failed', 'cancelled'];

const timestamp = () => new Date().toISOString();

/**
 * Reads the jobs of the project. Those that ran when their host went down are `interrupted` and wait for the person; those
 * that waited start by themselves.
 */
export async function makeQueue(options: QueueOptions): Promise<QueueService> {
  const queue = new Queue(options);
  await queue.open();
  return queue.service();
}

class Queue {
  private readonly options: QueueOptions;
  private readonly jobs = new Map<string, QueuedJob>();
  private running: Running | undefined;
  private lastOrder = 0;
  private isClosed = false;

  constructor(options: QueueOptions) {
    this.options = options;
  }

  async open(): Promise<void> {
    for (const record of await readJobRecords(this.folderOf())) {
      const job = this.add(record);
      const { state, id } = job.summary;
      if (state !== 'running' && state !== 'pausing') continue;
      if (job.processId !== null) await endLeftOverWorker(job.processId, id);
      await job.change({ state: 'interrupted', endedAt: timestamp(), processId: null, memoryBytes: null });
    }
    this.pump();
  }

  service(): QueueService {
    const { options } = this;
    return {
      list: () => Promise.resolve([...this.jobs.values()].map(({ summary }) => summary)),
      checkTraining: (request) => checkTraining(request, options),
      train: async (request) => {
        const id = newJobId();
        const { run, name, request: complete } = await submitTraining(request, { ...options, job: id });
        options.publish({ type: 'runs' });
        const summary = { ...blank(id), kind: 'train' as const, title: `Train ${name}`, run };
        return this.enqueue({ ...summary, device: request.device }, { kind: 'train', request: complete });
      },
      predict: async (request) => {
        const id = newJobId();
        const { prediction, title, cases } = await submitPrediction(request, { ...options, job: id });
        const summary = { ...blank(id), kind: 'predict' as const, title, run: request.run, prediction };
        return this.enqueue({ ...summary, device: request.device }, { kind: 'predict', cases });
      },
      pause: async (id) => this.pause(this.get(id)),
      resume: async (id) => this.resume(this.get(id)),
      cancel: async (id) => this.cancel(this.get(id)),
      dismiss: async (id) => this.dismiss(this.get(id)),
      log: async (id) => this.get(id).log(),
      isBusy: () => this.running !== undefined || this.next() !== undefined,
      close: () => this.close(),
    };
  }

  private folderOf(id?: string): string {
    const root = `${this.options.project.folder}/${projectPaths.jobs}`;
    return id === undefined ? root : `${root}/${id}`;
  }

  private get(id: JobId): QueuedJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw jobUnknown({ id });
    return job;
  }

  private add(record: JobRecord): QueuedJob {
    const { id } = record.summary;
    const job = new QueuedJob(record, { folder: this.folderOf(id), publish: this.options.publish });
    this.jobs.set(id, job);
    this.lastOrder = Math.max(this.lastOrder, record.order);
    return job;
  }

  private async enqueue(summary: JobSummary, task: JobTask): Promise<JobSummary> {
    const job = this.add({ version: 1, summary, task, order: ++this.lastOrder, processId: null });
    await job.change({});
    this.pump();
    return job.summary;
  }

  private next(): QueuedJob | undefined {
    const waiting = [...this.jobs.values()].filter(({ summary }) => summary.state === 'waiting');
    return waiting.sort((a, b) => a.order - b.order)[0];
  }

  /** Starts the next job when none runs. */
  private pump(): void {
    if (this.running !== undefined || this.isClosed) return;
    const job = this.next();
    if (job === undefined) return;
    const running: Running = {
      job,
      abort: new AbortController(),
      intent: undefined,
      worker: undefined,
      done: Promise.resolve(),
    };
    this.running = running;
    running.done = this.work(running)
      .catch((error: unknown) => showTrouble(job, error))
      .finally(() => {
        this.running = undefined;
        this.pump();
      });
  }

  private async work(running: Running): Promise<void> {
    const { job } = running;
    const { startedAt } = job.summary;
    await job.change({ state: 'running', startedAt: startedAt ?? timestamp(), endedAt: null, error: null });
    const ended = await this.perform(running).then(
      (): End => ({ state: 'done', progress: null }),
      (error: unknown) => endOf(error, running.intent, this.options.project.folder),
    );
    if (ended.error) await job.note(`${ended.error.code} ${ended.error.message}`);
    await job.change({ ...ended, endedAt: timestamp(), processId: null, memoryBytes: null });
    this.options.publish({ type: job.task.kind === 'train' ? 'runs' : 'predictions' });
  }

  private async perform(running: Running): Promise<void> {
    const { job, abort } = running;
    const context = {
      ...this.options,
      job: job.summary,
      inWorker: this.workerOf(running),
      signal: abort.signal,
    };
    if (job.task.kind === 'train') return runTraining(job.task.request, context);
    return runPrediction(job.task.cases, context);
  }

  private workerOf(running: Running): RunInWorker {
    const { job, abort } = running;
    const timesLeft = new Map<string, TimeLeft>();
    return <K extends JobKind>(given: JobOf<K>) =>
      runJob<K>(given, {
        signal: abort.signal,
        mark: job.summary.id,
        onEvent: (event) => this.hear(event, job, timesLeft),
        onStart: (worker) => {
          running.worker = worker;
          inBackground(job, job.change({ processId: worker.processId ?? null }));
        },
      });
  }

  private hear(event: JobEvent, job: QueuedJob, timesLeft: Map<string, TimeLeft>): void {
    switch (event.type) {
      case 'progress': {
        const { task, done, total, rate, isPart, memoryBytes = null } = event;
        if (isPart && job.summary.progress !== null) {
          job.show({ memoryBytes });
          break;
        }
        const timeLeft = timesLeft.get(task) ?? new TimeLeft();
        timesLeft.set(task, timeLeft);
        const secondsLeft = timeLeft.update({ done, total, atMs: performance.now() });
        job.show({ progress: { task, done, total, secondsLeft, ...(rate && { rate }) }, memoryBytes });
        break;
      }
      case 'note':
        inBackground(job, job.note(event.text));
        break;
      case 'metrics': {
        const { of, step, epoch, values } = event;
        const { run } = job.summary;
        if (run !== null) this.options.publish({ type: 'metrics', run, of, step, epoch, values });
        if (of === 'epoch') this.options.publish({ type: 'runs' });
        break;
      }
      case 'done':
      case 'failed':
      case 'cancelled':
        break;
      default:
        event satisfies never;
    }
  }

  private async pause(job: QueuedJob): Promise<JobSummary> {
    const { title, state } = job.summary;
    if (job.task.kind !== 'train') throw jobNotPausable({ title });
    if (state === 'waiting') await job.change({ state: 'paused' });
    else if (state === 'running' && this.running?.job === job) {
      this.running.intent = 'pause';
      this.running.abort.abort();
      await job.change({ state: 'pausing' });
    } else if (state !== 'pausing' && state !== 'paused')
      throw jobStateUnfit({ title, state, action: 'paused' });
    return job.summary;
  }

  private async resume(job: QueuedJob): Promise<JobSummary> {
    const { title, state } = job.summary;
    if (!['paused', 'interrupted', 'failed', 'cancelled'].includes(state))
      throw jobStateUnfit({ title, state, action: 'resumed' });
    await job.change({ state: 'waiting', error: null, endedAt: null, order: ++this.lastOrder });
    this.pump();
    return job.summary;
  }

  /** Asked twice, it no longer waits for the worker to come to the end of what it does. */
  private async cancel(job: QueuedJob): Promise<JobSummary> {
    const { running } = this;
    if (running?.job === job) {
      if (running.intent === 'cancel') running.worker?.kill();
      running.intent = 'cancel';
      running.abort.abort();
      job.show({ note: 'Stopping after what it does now.' });
    } else if (!over.includes(job.summary.state))
      await job.change({ state: 'cancelled', endedAt: timestamp() });
    return job.summary;
  }

  private async dismiss(job: QueuedJob): Promise<void> {
    const { id, title, state } = job.summary;
    if (!over.includes(state)) throw jobStateUnfit({ title, state, action: 'taken from the list' });
    this.jobs.delete(id);
    await job.remove();
    await removeUnbegun(this.options.project.folder, job.summary);
    this.options.publish({ type: 'jobDismissed', id });
  }

  private async close(): Promise<void> {
    this.isClosed = true;
    const { running } = this;
    if (running !== undefined) {
      running.intent ??= running.job.task.kind === 'train' ? 'pause' : 'close';
      running.abort.abort();
      const timer = setTimeout(() => running.worker?.kill(), closeWithinMs);
      await running.done.finally(() => clearTimeout(timer));
    }
    await Promise.all([...this.jobs.values()].map((job) => job.close()));
  }
}

const stateAfter = { pause: 'paused', cancel: 'cancelled', close: 'interrupted' } as const;

/** Never used again, so that a run remembers the job that trained it and no other. */
function newJobId(): JobId {
  return `job-${timestamp().slice(0, 10)}-${randomUUID().slice(0, 8)}` as JobId;
}

/** The disk is full or gone: the job goes on, and the person is told where they look. */
function showTrouble(job: QueuedJob, error: unknown): void {
  job.show({ note: errorReport(error).message });
}

function inBackground(job: QueuedJob, write: Promise<void>): void {
  write.catch((error: unknown) => showTrouble(job, error));
}

type End = Pick<JobSummary, 'state'> & { readonly error?: ErrorReport; readonly progress?: null };

/** What a job is that did not come to its end. */
function endOf(error: unknown, intent: Intent | undefined, folder: string): End {
  if (error instanceof Cancelled) return { state: intent === undefined ? 'interrupted' : stateAfter[intent] };
  // It was ended because it did not stop by itself.
  if (intent === 'cancel' || intent === 'close') return { state: stateAfter[intent] };
  return { state: 'failed', error: withinProject(errorReport(error), folder) };
}

/** A project can be moved: what its jobs remember names files from within. */
function withinProject({ file, ...report }: ErrorReport, folder: string): ErrorReport {
  if (file === undefined) return report;
  return { ...report, file: file.startsWith(folder + sep) ? file.slice(folder.length + 1) : file };
}

function blank(id: JobId): Omit<JobSummary, 'kind' | 'title' | 'device'> {
  return {
    id,
    state: 'waiting',
    createdAt: timestamp(),
    startedAt: null,
    endedAt: null,
    progress: null,
    error: null,
    note: null,
    run: null,
    prediction: null,
    memoryBytes: null,
  };
}
