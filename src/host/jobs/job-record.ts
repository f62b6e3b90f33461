/** @file jobs/<id>/job.json: what was asked for and how far it came, so that a queue survives its host. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { volumeIdSchema } from '../../contract/ids.ts';
import { jobSummarySchema, trainRequestSchema } from '../../contract/queue.ts';

/** One subject of a prediction: its images by channel, and whose label map it is judged by. */
const taskCaseSchema = z.object({
  stem: z.string(),
  images: z.array(volumeIdSchema).min(1),
  reference: volumeIdSchema.nullable(),
});

const taskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('train'), request: trainRequestSchema }),
  z.object({ kind: z.literal('predict'), cases: z.array(taskCaseSchema).min(1) }),
]);

const jobRecordSchema = z.object({
  version: z.literal(1),
  summary: jobSummarySchema,
  task: taskSchema,
  /** Place in the queue: the smallest that waits is next. */
  order: z.number(),
  /** Of the worker, while there is one. */
  processId: z.int().nullable(),
});

export type JobRecord = z.infer<typeof jobRecordSchema>;
export type JobTask = z.infer<typeof taskSchema>;
export type TaskCase = z.infer<typeof taskCaseSchema>;

const fileName = 'job.json';

export async function writeJobRecord(folder: string, record: JobRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJsonAtomic(join(folder, fileName), record);
}

/** All jobs under a folder in the order of the queue. A folder that holds none that can be read is passed over: its run stays. */
export async function readJobRecords(folder: string): Promise<JobRecord[]> {
  const names = await namesIn(folder);
  const records = await Promise.all(names.map((name) => readJobRecord(join(folder, name))));
  return records.filter((record) => record !== undefined).sort((a, b) => a.order - b.order);
}

/** Undefined when there is none, or none of this version. */
export async function readJobRecord(folder: string): Promise<JobRecord | undefined> {
  try {
    const parsed = jobRecordSchema.safeParse(JSON.parse(await readFile(join(folder, fileName), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
