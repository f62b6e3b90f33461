/** @file One job of the queue: its state on disk and in the windows, its log. Knows nothing of what it does. */
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { makeSerial } from '../../base/serial.ts';
import type { JobSummary } from '../../contract/queue.ts';
import type { Publish } from '../services.ts';
import { type JobRecord, type JobTask, writeJobRecord } from './job-record.ts';
import { makeThrottle, type Throttle } from './throttle.ts';

/** Five pictures of progress a second are as many as anybody can see. */
const publishEveryMs = 200;

type Changes = Partial<JobSummary> & { readonly order?: number; readonly processId?: number | null };

export interface LogLine {
  readonly at: string;
  readonly text: string;
}

export class QueuedJob {
  readonly task: JobTask;
  private record: JobRecord;
  private readonly folder: string;
  private readonly throttle: Throttle;
  /** Writes of one job follow each other, so that the newest state is what stays. */
  private readonly serial = makeSerial();

  constructor(record: JobRecord, { folder, publish }: { folder: string; publish: Publish }) {
    this.record = record;
    this.task = record.task;
    this.folder = folder;
    this.throttle = makeThrottle(publishEveryMs, () => publish({ type: 'job', job: this.summary }));
  }

  get summary(): JobSummary {
    return this.record.summary;
  }

  get order(): number {
    return this.record.order;
  }

  get processId(): number | null {
    return this.record.processId;
  }

  /** A change that matters: shown as soon as it is on disk, where others of the host look for it. */
  async change({ order = this.order, processId = this.processId, ...summary }: Changes): Promise<void> {
    this.record = { ...this.record, order, processId, summary: { ...this.summary, ...summary } };
    const { record } = this;
    await this.serial(() => writeJobRecord(this.folder, record));
    this.throttle.now();
  }

  /** Progress and the like: shown when there is time, on disk with the next change. */
  show(summary: Partial<JobSummary>): void {
    this.record = { ...this.record, summary: { ...this.summary, ...summary } };
    this.throttle.ask();
  }

  async note(text: string): Promise<void> {
    this.show({ note: text });
    const line: LogLine = { at: new Date().toISOString(), text };
    await this.serial(async () => {
      await mkdir(this.folder, { recursive: true });
      await appendFile(this.logFile, `${JSON.stringify(line)}\n`);
    });
  }

  /** Oldest first. A last line that a crash cut off is left out. */
  log(): Promise<LogLine[]> {
    return this.serial(async () => {
      const text = await readFile(this.logFile, 'utf8').catch((error: unknown) => {
        if (systemErrorCode(error) === 'ENOENT') return '';
        throw error;
      });
      return text
        .split('\n')
        .slice(0, -1)
        .flatMap((line) => parseLine(line));
    });
  }

  /** Takes its folder away. */
  async remove(): Promise<void> {
    this.throttle.stop();
    await this.serial(() => rm(this.folder, { recursive: true, force: true }));
  }

  /** No news comes after this; resolves when all is on disk. */
  async close(): Promise<void> {
    this.throttle.stop();
    await this.serial(() => Promise.resolve());
  }

  private get logFile(): string {
    return join(this.folder, 'log.ndjson');
  }
}

function parseLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
