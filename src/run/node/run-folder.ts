/** @file The run folder: recipe.json and run.json, made once, read by everyone after. */
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { parseRecipe, type Recipe } from '../../recipe/recipe.ts';
import { runFolderInUse, runMissing, runRecordInvalid } from '../errors.ts';
import { parseRunRecord, type RunRecord } from '../run-record.ts';
import { isNotFound } from './checkpoints.ts';

export interface Run {
  readonly recipe: Recipe;
  readonly record: RunRecord;
}

/** True when the folder holds a run. Its record is written last, so a folder without one was never begun. */
export async function hasRun(runFolder: string): Promise<boolean> {
  try {
    await access(join(runFolder, 'run.json'));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

export async function makeRunFolder(runFolder: string): Promise<void> {
  await mkdir(join(runFolder, 'checkpoints'), { recursive: true });
}

/** Writes what a new run is. Throws RUN_FOLDER_IN_USE when there is one in it. */
export async function createRun(runFolder: string, { recipe, record }: Run): Promise<void> {
  if (await hasRun(runFolder)) throw runFolderInUse({ folder: runFolder });
  await makeRunFolder(runFolder);
  await writeRecipe(runFolder, recipe);
  await writeJsonAtomic(join(runFolder, 'run.json'), record);
}

/** The recipe may be there before the run is: it is written when a run is submitted. */
export async function writeRecipe(runFolder: string, recipe: Recipe): Promise<void> {
  await writeJsonAtomic(join(runFolder, 'recipe.json'), recipe);
}

/** Throws RUN_MISSING, RECIPE_INVALID or GRAPH_…. */
export async function readRecipe(runFolder: string): Promise<Recipe> {
  return parseRecipe(await readJson(runFolder, 'recipe.json'), join(runFolder, 'recipe.json'));
}

/** Throws RUN_MISSING, RUN_RECORD_INVALID, RUN_TOO_NEW, RECIPE_INVALID or GRAPH_…. */
export async function readRun(runFolder: string): Promise<Run> {
  const record = parseRunRecord(await readJson(runFolder, 'run.json'), join(runFolder, 'run.json'));
  return { record, recipe: await readRecipe(runFolder) };
}

async function readJson(runFolder: string, name: string): Promise<unknown> {
  const file = join(runFolder, name);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isNotFound(error)) throw runMissing({ folder: runFolder, file: name });
    if (error instanceof SyntaxError) throw runRecordInvalid({ file, issues: [`${name}: not JSON`] });
    throw error;
  }
}
