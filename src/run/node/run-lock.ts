/** @file Keeps two processes from training in one run folder. */
import { join } from 'node:path';
import { takeLock } from '../../base/node/lock.ts';
import { runLocked } from '../errors.ts';

/** Takes the folder for this process and returns how to give it back. A lock left by a dead process is taken over. Throws RUN_LOCKED. */
export async function lockRun(runFolder: string): Promise<() => Promise<void>> {
  const attempt = await takeLock(join(runFolder, 'lock'));
  if ('holder' in attempt) throw runLocked({ folder: runFolder, processId: attempt.holder });
  return attempt.unlock;
}
