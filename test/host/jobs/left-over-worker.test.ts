/** @file A worker whose host is gone is ended, and nothing else that has its process id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endLeftOverWorker } from '../../../src/host/jobs/left-over-worker.ts';

const waits = 'process.stdout.write("up"); setInterval(() => undefined, 1000)';

it.skipIf(process.platform === 'win32')('ends the process that carries the mark, and no other', async () => {
  const child = spawn(process.execPath, ['-e', waits, 'job-1234'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await endLeftOverWorker(child.pid!, 'job-5678');
  expect(child.signalCode).toBeNull();
  await endLeftOverWorker(child.pid!, 'job-1234');
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  // It is gone now.
  await endLeftOverWorker(child.pid!, 'job-1234');
});
