/** @file Keeps two processes from training in one run folder. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLocked } from '../errors.ts';
import { isNotFound } from './checkpoints.ts';

/**
 * Takes the folder for this process and returns how to give it back. A lock left by a process that no longer runs (killed, or
 * a power cut) is taken over. Throws RUN_LOCKED.
 */
export async function lockRun(runFolder: string): Promise<() => Promise<void>> {
  const file = join(runFolder, 'lock');
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await readHolder(file);
    if (holder !== undefined && isRunning(holder)) throw runLocked({ folder: runFolder, processId: holder });
    await rm(file, { force: true });
  }
}

async function readHolder(file: string): Promise<number | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
