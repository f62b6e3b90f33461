/** @file The checkpoints of a run: `latest` to go on from, with the one before it as a spare, and `best` to predict with. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../base/errors.ts';
import { type Checkpoint, isTrainingState } from '../checkpoint.ts';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';

const fileOf = (runFolder: string, name: string) => join(runFolder, 'checkpoints', `${name}.safetensors`);

/**
 * Replaces `latest`. The old one is moved to `previous` only once the new one is on disk, so at any moment at least one whole
 * checkpoint can be found by {@link readLatestCheckpoint}.
 */
export async function writeLatestCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<void> {
  const next = fileOf(runFolder, 'next');
  await writeCheckpointFile(next, checkpoint);
  await renameIfThere(fileOf(runFolder, 'latest'), fileOf(runFolder, 'previous'));
  await rename(next, fileOf(runFolder, 'latest'));
}

/** Writes the weights to predict with: all variables but those that only training needs. */
export async function writeBestCheckpoint(runFolder: string, { state, tensors }: Checkpoint): Promise<void> {
  const kept = new Map([...tensors].filter(([name]) => !isTrainingState(name)));
  await writeCheckpointFile(fileOf(runFolder, 'best'), { state, tensors: kept });
}

export interface FoundCheckpoint extends Checkpoint {
  /** A later checkpoint that could not be used, for a notice; undefined when the latest was whole. */
  readonly damaged: UserError | undefined;
}

/** The latest whole checkpoint; undefined when there is none. Throws CHECKPOINT_DAMAGED when all that are there are damaged. */
export async function readLatestCheckpoint(runFolder: string): Promise<FoundCheckpoint | undefined> {
  let damaged: UserError | undefined;
  for (const name of ['latest', 'previous']) {
    const result = await readOrProblem(fileOf(runFolder, name));
    if (result instanceof UserError) damaged ??= result;
    else if (result !== undefined) return { ...result, damaged };
  }
  if (damaged) throw damaged;
  return undefined;
}

/** The checkpoint to predict with: `best`, or the latest when none was chosen yet. Undefined when there is neither. */
export async function readBestCheckpoint(runFolder: string): Promise<Checkpoint | undefined> {
  const best = await readOrProblem(fileOf(runFolder, 'best'));
  if (best instanceof UserError) throw best;
  return best ?? (await readLatestCheckpoint(runFolder));
}

/** Removes what an interrupted write left behind. Only for the process that holds the run's lock. */
export async function removeUnfinished(runFolder: string): Promise<void> {
  const folder = join(runFolder, 'checkpoints');
  const names = await readdir(folder);
  const unfinished = names.filter((name) => name.endsWith('.tmp') || name === 'next.safetensors');
  await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })));
}

async function readOrProblem(file: string): Promise<Checkpoint | UserError | undefined> {
  try {
    return await readCheckpointFile(file);
  } catch (error) {
    if (error instanceof UserError) return error;
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
