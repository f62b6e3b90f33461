/** @file Batches in order, made by threads ahead of the engine. */
import { Worker } from 'node:worker_threads';
import { BugError, invariant } from '../../base/errors.ts';
import { type Batch, makeBatch } from '../batch.ts';
import type { PatchSource } from '../patch.ts';

export interface BatchQueue {
  /** The next batch, in order. One call at a time. */
  next(): Promise<Batch>;
  /** Ends the threads; batches under way are dropped. */
  close(): Promise<void>;
}

export interface BatchQueueOptions {
  /** Index of the first batch, counted over the whole run: a resumed run goes on where it stopped. */
  readonly firstBatch: number;
  /** Threads; 0 makes batches on the calling thread. The batches are the same bits for any number. */
  readonly threads: number;
  /** Batches that may wait, over all threads. */
  readonly ahead: number;
}

export function openBatchQueue(source: PatchSource, options: BatchQueueOptions): BatchQueue {
  return options.threads === 0
    ? makeInlineQueue(source, options.firstBatch)
    : new ThreadedQueue(source, options);
}

function makeInlineQueue(source: PatchSource, firstBatch: number): BatchQueue {
  let index = firstBatch;
  return { next: async () => makeBatch(source, index++), close: async () => undefined };
}

interface Waiting {
  readonly promise: Promise<Batch>;
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

class ThreadedQueue implements BatchQueue {
  private readonly workers: Worker[];
  private readonly waiting = new Map<number, Waiting>();
  private nextToAsk: number;
  private nextToGive: number;
  private failure: Error | undefined;
  private closing = false;

  constructor(source: PatchSource, { firstBatch, threads, ahead }: BatchQueueOptions) {
    invariant(ahead >= 1, 'a queue holds at least one batch');
    this.nextToAsk = firstBatch;
    this.nextToGive = firstBatch;
    this.workers = Array.from({ length: threads }, () => this.startWorker(source));
    for (let i = 0; i < ahead; i++) this.ask();
  }

  async next(): Promise<Batch> {
    invariant(!this.closing, 'the batch queue is closed');
    if (this.failure) throw this.failure;
    const index = this.nextToGive++;
    const batch = await this.waiting.get(index)!.promise;
    this.waiting.delete(index);
    this.ask();
    return batch;
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private ask(): void {
    const index = this.nextToAsk++;
    const entry = Promise.withResolvers<Batch>();
    // A failure is thrown by next(); without a handler here, batches nobody waits for yet would end the process.
    entry.promise.catch(() => undefined);
    this.waiting.set(index, entry);
    this.workers[index % this.workers.length]!.postMessage(index);
  }

  private startWorker(source: PatchSource): Worker {
    const worker = new Worker(new URL('./batch-worker.ts', import.meta.url), { workerData: source });
    worker.on('message', ({ batchIndex, batch }: { batchIndex: number; batch: Batch }) => {
      this.waiting.get(batchIndex)?.resolve(batch);
    });
    worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      if (!this.closing) this.fail(new BugError(`a sampler thread ended with code ${code}`));
    });
    return worker;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const entry of this.waiting.values()) entry.reject(this.failure);
  }
}
