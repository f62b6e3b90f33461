/** @file Keeps two processes from using one folder: a file with the process id of whoever holds it. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { makeSerial } from '../serial.ts';
import { systemErrorCode } from './system-error.ts';

/** How to give a lock back, or the id of the running process that has it. */
export type LockAttempt = { readonly unlock: () => Promise<void> } | { readonly holder: number };

/** Locks of this process, so that a leftover of an earlier process with the same id is told from one of its own. */
const held = new Set<string>();
const serial = makeSerial();

/**
 * Takes the lock `file` for this process; its folder must be there. A lock left by a process that no longer runs (killed, or a
 * power cut) is taken over. Process ids are compared on this machine only: a folder shared by network is not protected.
 */
export function takeLock(file: string): Promise<LockAttempt> {
  // One attempt at a time: between making the file and noting it as held, another would take it for a leftover.
  return serial(() => attempt(file));
}

async function attempt(file: string): Promise<LockAttempt> {
  while (!(await createLock(file))) {
    const holder = await readHolder(file);
    if (holder !== undefined && isHeld(holder, file)) return { holder };
    await removeLeftover(file, holder);
  }
  held.add(file);
  const unlock = async () => {
    held.delete(file);
    await rm(file, { force: true });
  };
  return { unlock };
}

function isHeld(holder: number, file: string): boolean {
  return holder === process.pid ? held.has(file) : isRunning(holder);
}

/** Renamed before it is removed, so that a lock that another process has taken meanwhile is noticed and put back. */
async function removeLeftover(file: string, expected: number | undefined): Promise<void> {
  const aside = temporaryName(file);
  try {
    await rename(file, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const found = await readHolder(aside);
  if (found !== expected && found !== undefined && isHeld(found, file)) await rename(aside, file);
  else await rm(aside, { force: true });
}

/** False when there is a lock already. It appears with its content, so that nobody can read it half-written and take it for a leftover. */
async function createLock(file: string): Promise<boolean> {
  const draft = temporaryName(file);
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    // A file system without hard links (FAT, some network drives).
    return await createPlainLock(file);
  } finally {
    await rm(draft, { force: true });
  }
}

const temporaryName = (file: string) => `${file}.${randomUUID().slice(0, 8)}.tmp`;

async function createPlainLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<number | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return systemErrorCode(error) === 'EPERM';
  }
}
