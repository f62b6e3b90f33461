/** @file runs/<run>/meta.json: what the application knows of a run besides the run itself. Runs from elsewhere have none. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { jobIdSchema } from '../../contract/ids.ts';

const runMetaSchema = z.object({
  version: z.literal(1),
  name: z.string().min(1),
  preset: z.string().nullable(),
  /** The job that trains it; null when none of this project did. */
  job: jobIdSchema.nullable(),
  createdAt: z.string(),
  seed: z.int(),
});

export type RunMeta = z.infer<typeof runMetaSchema>;

const fileName = 'meta.json';

export async function writeRunMeta(runFolder: string, meta: RunMeta): Promise<void> {
  await writeJsonAtomic(join(runFolder, fileName), meta);
}

/** Undefined when there is none, or none that can be understood: the run is shown by its folder's name then. */
export async function readRunMeta(runFolder: string): Promise<RunMeta | undefined> {
  const parsed = runMetaSchema.safeParse(await readJsonIfThere(join(runFolder, fileName)));
  return parsed.success ? parsed.data : undefined;
}

/** Undefined when the file is not there or is not JSON. */
export async function readJsonIfThere(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether the method is defined: the recipe is written whole, once. */
export async function hasRecipe(runFolder: string): Promise<boolean> {
  return isThere(join(runFolder, 'recipe.json'));
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Names of the folders in a folder, sorted; none when it is not there. */
export async function foldersOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
