/** @file What the list of runs needs of recipe.json. Graphs are passed over: checking them takes longer than all the rest. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { readJsonIfThere } from './run-meta.ts';

const methodSchema = z.object({
  plugin: z.object({ id: z.string(), version: z.string() }),
  settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  channels: z.int(),
  training: z.object({ epochs: z.int(), stepsPerEpoch: z.int() }),
});

export type RunMethod = z.infer<typeof methodSchema>;

/** A recipe is written once; the time of writing tells a folder that was replaced by hand. */
const known = new Map<string, { readonly mtimeMs: number; readonly method: RunMethod | undefined }>();

/** Undefined when the run is not defined yet, or its recipe cannot be understood. */
export async function readMethod(runFolder: string): Promise<RunMethod | undefined> {
  const file = join(runFolder, 'recipe.json');
  const mtimeMs = await timeOf(file);
  if (mtimeMs === undefined) return undefined;
  const before = known.get(file);
  if (before?.mtimeMs === mtimeMs) return before.method;
  const parsed = methodSchema.safeParse(await readJsonIfThere(file));
  const method = parsed.success ? parsed.data : undefined;
  known.set(file, { mtimeMs, method });
  return method;
}

async function timeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
