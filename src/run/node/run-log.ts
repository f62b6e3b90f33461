/** @file Appends to log.ndjson. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/node/atomic-write.ts';
import { keepUntilStep, type LogEntry, parseLog } from '../log.ts';
import { isNotFound } from './checkpoints.ts';

const logFile = (runFolder: string) => join(runFolder, 'log.ndjson');

export async function appendLog(runFolder: string, entry: LogEntry): Promise<void> {
  await appendFile(logFile(runFolder), `${JSON.stringify(entry)}\n`);
}

/** Drops what was logged after `step`. */
export async function truncateLog(runFolder: string, step: number): Promise<void> {
  await writeFileAtomic(logFile(runFolder), keepUntilStep(await readText(runFolder), step));
}

/** All entries; none when nothing was logged yet. */
export async function readLog(runFolder: string): Promise<LogEntry[]> {
  return parseLog(await readText(runFolder));
}

async function readText(runFolder: string): Promise<string> {
  try {
    return await readFile(logFile(runFolder), 'utf8');
  } catch (error) {
    if (isNotFound(error)) return '';
    throw error;
  }
}
