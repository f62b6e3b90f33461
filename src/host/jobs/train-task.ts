/** @file Training in the queue: what is put into the run folder when it is asked for, and what is done when its turn comes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../../base/cancel.ts';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { makeSerial } from '../../base/serial.ts';
import type { JobId, RunId } from '../../contract/ids.ts';
import type { PluginList } from '../../contract/plugins.ts';
import type { JobSummary, TrainRequest } from '../../contract/queue.ts';
import { pluginSettings } from '../../sandbox/plugin-folder.ts';
import { datasetList } from '../library/dataset-list.ts';
import { findPlugin } from '../plugins/plugins.ts';
import { nameKey, usableName } from '../project/file-name.ts';
import { projectPaths } from '../project/project-folder.ts';
import { runUnknown } from '../runs/errors.ts';
import { defineRecipe } from '../runs/prepare-run.ts';
import { foldersOf, hasRecipe, readRunMeta, writeRunMeta } from '../runs/run-meta.ts';
import type { LibraryService } from '../services.ts';
import { pluginDisabled } from './errors.ts';
import type { RunInWorker } from './run-job.ts';

interface SubmitContext {
  readonly project: { readonly folder: string };
  readonly library: LibraryService;
  readonly listPlugins: () => Promise<PluginList>;
  readonly job: JobId;
}

const dataFile = 'data.json';

/** Two that are asked for at once must not get the same name. */
const oneByOne = makeSerial();

/**
 * Makes the run folder with its data list. What stands in the way is thrown now, not when the job's turn comes.
 * Throws PLUGIN_UNKNOWN, PLUGIN_DISABLED, PRESET_UNKNOWN, SETTING_…, LIBRARY_NO_LABELS, LIBRARY_NO_COMMON_IMAGE.
 */
export function submitTraining(
  request: TrainRequest,
  { project, library, listPlugins, job }: SubmitContext,
): Promise<{ run: RunId; name: string; request: TrainRequest }> {
  return oneByOne(async () => {
    const { plugins } = await listPlugins();
    const listed = plugins.find(({ manifest }) => manifest.id === request.plugin);
    if (listed?.isEnabled === false) throw pluginDisabled({ id: request.plugin, name: listed.manifest.name });
    const plugin = await findPlugin(request.plugin);
    pluginSettings(plugin, { preset: request.preset, set: request.settings });
    const content = await library.list();
    datasetList(content, request.subjects, `${projectPaths.runs}/any`);
    const runsFolder = join(project.folder, projectPaths.runs);
    const wanted = request.name ?? `${plugin.manifest.id} ${request.preset}`;
    const { id, name } = await makeRunFolder(runsFolder, wanted);
    const relative = `${projectPaths.runs}/${id}`;
    await writeJsonAtomic(join(runsFolder, id, dataFile), datasetList(content, request.subjects, relative));
    await writeRunMeta(join(runsFolder, id), {
      version: 1,
      name,
      preset: request.preset,
      job,
      createdAt: new Date().toISOString(),
      seed: request.seed,
    });
    return { run: id, name, request: { ...request, name } };
  });
}

/** A name that no run has yet, and a folder after it: "first try", "first try 2", … */
async function makeRunFolder(runsFolder: string, wanted: string): Promise<{ id: RunId; name: string }> {
  await mkdir(runsFolder, { recursive: true });
  const folders = await foldersOf(runsFolder);
  const metas = await Promise.all(folders.map((folder) => readRunMeta(join(runsFolder, folder))));
  const taken = new Set(metas.map((meta, index) => nameKey(meta?.name ?? folders[index]!)));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    const id = usableName(name, 'run').replaceAll(' ', '-') as RunId;
    if (taken.has(nameKey(name))) continue;
    try {
      await mkdir(join(runsFolder, id));
      return { id, name };
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
}

export interface TaskContext {
  readonly project: { readonly folder: string };
  readonly library: LibraryService;
  readonly job: JobSummary;
  readonly signal: AbortSignal;
  readonly inWorker: RunInWorker;
}

/**
 * Understands the data (in a worker, since label maps are read whole), lets the plugin define its recipe, trains. A run that has
 * its recipe already goes on from its latest checkpoint. Throws RUN_UNKNOWN when its folder is gone, and what training throws.
 */
export async function runTraining(
  request: TrainRequest,
  { project, job, signal, inWorker }: TaskContext,
): Promise<void> {
  const run = join(project.folder, projectPaths.runs, job.run ?? '');
  if (job.run === null || (await readRunMeta(run)) === undefined) throw runUnknown({ id: job.run ?? '' });
  const data = join(run, dataFile);
  if (!(await hasRecipe(run))) {
    const plugin = await findPlugin(request.plugin);
    const settings = pluginSettings(plugin, { preset: request.preset, set: request.settings });
    const fingerprint = await inWorker({ kind: 'fingerprint', data });
    throwIfCancelled(signal);
    await defineRecipe({ plugin, settings, fingerprint, run });
  }
  throwIfCancelled(signal);
  const { seed, device } = request;
  await inWorker({ kind: 'train', run, data, seed, device, resume: true });
}
