/** @file The runs of a project, as their folders say; a broken one is left out and hides no other. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import type { RunId } from '../../contract/ids.ts';
import type { RunSummary } from '../../contract/runs.ts';
import { epochOfPicture, pictureFile, picturesFolder } from '../../run/picture-file.ts';
import { type RunRecord, runRecordSchema } from '../../run/run-record.ts';
import { isJobActive, isJobListed } from '../jobs/active-job.ts';
import { listPlugins } from '../plugins/plugins.ts';
import { moveToTrash } from '../project/move-to-trash.ts';
import { projectPaths } from '../project/project-folder.ts';
import type { Publish, RunService } from '../services.ts';
import { pictureMissing, runBusy, runUnknown } from './errors.ts';
import { thin } from './run-curves.ts';
import { RunLogFollower } from './run-log-follower.ts';
import { foldersOf, isThere, type RunMeta, readJsonIfThere, readRunMeta, writeRunMeta } from './run-meta.ts';
import { type RunMethod, readMethod } from './run-method.ts';

export interface RunsOptions {
  readonly project: { readonly folder: string };
  readonly publish: Publish;
}

/** Lists runs from the moment when their method is defined, newest first. */
export function makeRuns({ project, publish }: RunsOptions): RunService {
  const root = join(project.folder, projectPaths.runs);
  const followers = new Map<string, RunLogFollower>();

  function followerOf(id: string): RunLogFollower {
    const follower = followers.get(id) ?? new RunLogFollower(join(root, id));
    followers.set(id, follower);
    return follower;
  }

  /** Throws RUN_UNKNOWN. */
  async function folderOf(id: RunId): Promise<string> {
    if (!(await foldersOf(root)).includes(id)) throw runUnknown({ id });
    return join(root, id);
  }

  async function find(id: RunId, names: PluginNames): Promise<RunSummary | undefined> {
    const folder = join(root, id);
    const method = await readMethod(folder);
    if (method === undefined) return undefined;
    const meta = await readRunMeta(folder);
    const job = meta?.job != null && (await isJobListed(project.folder, meta.job)) ? meta.job : null;
    return summarise({ id, folder, method, meta, job, follower: followerOf(id), names });
  }

  async function get(id: RunId): Promise<RunSummary> {
    await folderOf(id);
    const run = await find(id, await pluginNames());
    if (run === undefined) throw runUnknown({ id });
    return run;
  }

  return {
    async list() {
      const ids = await foldersOf(root);
      const names = await pluginNames();
      const found = await Promise.all(ids.map((id) => find(id as RunId, names)));
      return found
        .filter((run) => run !== undefined)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
    },
    async curves(id) {
      const folder = await folderOf(id);
      const { steps, epochs } = await followerOf(id).look();
      return { steps: thin(steps), epochs: thin(epochs), pictureEpochs: await pictureEpochs(folder) };
    },
    async picture(id, epoch) {
      const file = join(await folderOf(id), pictureFile(epoch));
      const sizeBytes = await sizeOf(file);
      if (sizeBytes === undefined) throw pictureMissing({ epoch });
      return { stream: createReadStream(file), sizeBytes };
    },
    async rename(id, name) {
      const run = await get(id);
      const { preset, job, createdAt, seed } = run;
      const old = (await readRunMeta(join(root, id))) ?? { version: 1, preset, job, createdAt, seed };
      await writeRunMeta(join(root, id), { ...old, name });
      publish({ type: 'runs' });
      return { ...run, name };
    },
    async remove(id) {
      const meta = await readRunMeta(await folderOf(id));
      if (meta?.job != null && (await isJobActive(project.folder, meta.job)))
        throw runBusy({ name: meta.name });
      followers.delete(id);
      await moveToTrash(project.folder, `${projectPaths.runs}/${id}`);
      publish({ type: 'runs' });
    },
  };
}

type PluginNames = ReadonlyMap<string, string>;

async function pluginNames(): Promise<PluginNames> {
  const plugins = (await listPlugins()).filter((plugin) => 'manifest' in plugin);
  return new Map(plugins.map(({ manifest }) => [manifest.id, manifest.name]));
}

async function summarise({
  id,
  folder,
  method,
  meta,
  job,
  follower,
  names,
}: {
  id: RunId;
  folder: string;
  method: RunMethod;
  meta: RunMeta | undefined;
  job: RunSummary['job'];
  follower: RunLogFollower;
  names: PluginNames;
}): Promise<RunSummary> {
  const { plugin, settings, training } = method;
  const record = await readRecord(folder);
  const { step, closedEpochs, metrics, bestMetrics } = await follower.look();
  const recipeTime = async () => (await stat(join(folder, 'recipe.json'))).mtime.toISOString();
  return {
    id,
    name: meta?.name ?? id,
    plugin: { id: plugin.id, name: names.get(plugin.id) ?? plugin.id, version: plugin.version },
    createdAt: record?.createdAt ?? meta?.createdAt ?? (await recipeTime()),
    job,
    preset: meta?.preset ?? null,
    settings,
    seed: record?.seed ?? meta?.seed ?? 0,
    step,
    totalSteps: training.epochs * training.stepsPerEpoch,
    epochs: training.epochs,
    closedEpochs,
    metrics,
    bestMetrics,
    canPredict: await hasWeights(folder),
    trainingSubjects: record?.split.training ?? [],
    validationSubjects: record?.split.validation ?? [],
  };
}

/** Undefined before training began, or when it cannot be understood. */
async function readRecord(folder: string): Promise<RunRecord | undefined> {
  const parsed = runRecordSchema.safeParse(await readJsonIfThere(join(folder, 'run.json')));
  return parsed.success ? parsed.data : undefined;
}

async function hasWeights(folder: string): Promise<boolean> {
  for (const name of ['best', 'latest', 'previous'])
    if (await isThere(join(folder, 'checkpoints', `${name}.safetensors`))) return true;
  return false;
}

async function pictureEpochs(folder: string): Promise<number[]> {
  try {
    const epochs = (await readdir(join(folder, picturesFolder))).map(epochOfPicture);
    return epochs.filter((epoch) => epoch !== undefined).sort((a, b) => a - b);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
