/** @file The thread that makes batches ahead of the engine. Volumes come as shared memory; batches leave by transfer. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../base/errors.ts';
import { makeBatch } from '../batch.ts';
import type { PatchSource } from '../patch.ts';

invariant(parentPort !== null, 'batch-worker runs as a worker thread');
const port = parentPort;
const source = workerData as PatchSource;

port.on('message', (batchIndex: number) => {
  const batch = makeBatch(source, batchIndex);
  port.postMessage(
    { batchIndex, batch },
    Object.values(batch).map((values) => values.buffer),
  );
});
