/** @file Keeps two processes from training in one run folder. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLocked } from '../errors.ts';
import { isNotFound } from './checkpoints.ts';

/**
 * Takes the folder for this process and returns how to give it back. A lock left by a process that no longer runs (killed, or
 * a power cut) is taken over. Throws RUN_LOCKED.
 */
export async function lockRun(runFolder: string): Promise<() => Promise<void>> {
  const file = join(runFolder, 'lock');
  while (!(await createLock(file))) {
    const holder = await readHolder(file);
    if (holder !== undefined && isRunning(holder)) throw runLocked({ folder: runFolder, processId: holder });
    await rm(file, { force: true });
  }
  return () => rm(file, { force: true });
}

/** False when there is a lock already. It appears with its content, so that nobody can read it half-written and take it for a leftover. */
async function createLock(file: string): Promise<boolean> {
  const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without hard links (FAT, some network drives).
    return await createPlainLock(file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function createPlainLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
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
    return codeOf(error) === 'EPERM';
  }
}
