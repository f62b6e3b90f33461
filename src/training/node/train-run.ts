/** @file Trains a run: opens or makes its folder, loads its data, and hands both to a session of the engine. */
import { appVersion } from '../../base/node/app-version.ts';
import { foldSubjects, splitSubjects } from '../../dataset/splits.ts';
import { ratersToLearnFrom } from '../../dataset/subject.ts';
import { runFolderInUse } from '../../run/errors.ts';
import { removeUnfinished } from '../../run/node/checkpoints.ts';
import { createRun, hasRun, makeRunFolder, type Run, readRun } from '../../run/node/run-folder.ts';
import { lockRun } from '../../run/node/run-lock.ts';
import { type RunRecord, runVersion } from '../../run/run-record.ts';
import { dataChanged } from '../errors.ts';
import { metricsOf } from '../measure.ts';
import { type LoadedData, loadData } from './load-data.ts';
import type { TrainRunOptions, TrainRunResult } from './options.ts';
import { trainInSession } from './train-session.ts';

/**
 * Trains to the end, to `maxSteps`, or until the signal aborts (saves, then throws Cancelled).
 * A run that was stopped or killed at any moment and resumed ends with the same weights, byte for byte, on the same executor.
 * Throws RUN_FOLDER_IN_USE, RUN_LOCKED, DATA_CHANGED, DATASET_…, CHECKPOINT_…, TRAINING_DIVERGED.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { runFolder, resume = false } = options;
  await makeRunFolder(runFolder);
  const unlock = await lockRun(runFolder);
  try {
    await removeUnfinished(runFolder);
    const isOld = await hasRun(runFolder);
    if (isOld && !resume) throw runFolderInUse({ folder: runFolder });
    const old = isOld ? await readRun(runFolder) : undefined;
    // Known before the data are read, which may take long.
    metricsOf(old?.recipe ?? options.recipe);
    const data = await loadData({
      dataset: options.dataset,
      recipe: old?.recipe ?? options.recipe,
      signal: options.signal,
      report: (done, total) => options.report?.({ type: 'loading', done, total }),
    });
    for (const { subject, text } of [...options.dataset.notices, ...data.notices])
      options.report?.({ type: 'notice', text: subject === undefined ? text : `${subject}: ${text}` });
    const run = old ?? (await beginRun(options, data));
    checkSameData(run.record, data, options.dataset.folder);
    noteOtherDevice(run.record, options);
    const session = options.executor.open();
    try {
      return await trainInSession(session, { options, run, data });
    } finally {
      session.close();
    }
  } finally {
    await unlock();
  }
}

async function beginRun(options: TrainRunOptions, data: LoadedData): Promise<Run> {
  const { recipe, executor, seed, dataset } = options;
  const ids = [...data.subjects.keys()];
  const { validationShare } = recipe.training;
  const split =
    options.fold === undefined
      ? splitSubjects(ids, { validationShare, seed })
      : foldSubjects(ids, options.fold, seed);
  const record: RunRecord = {
    version: runVersion,
    createdAt: new Date().toISOString(),
    seed,
    versions: { sagitta: appVersion(), node: process.version, plugin: recipe.plugin.version },
    device: { executor: executor.id, description: executor.description },
    settings: recipe.settings,
    split: { training: [...split.training], validation: [...split.validation] },
    raters: [...new Set(dataset.subjects.flatMap(ratersToLearnFrom))].sort(),
    dataSha256: data.sha256,
  };
  const run = { recipe, record };
  await createRun(options.runFolder, run);
  return run;
}

function checkSameData(record: RunRecord, data: LoadedData, folder: string): void {
  for (const [subject, sha256] of Object.entries(record.dataSha256))
    if (data.sha256[subject] !== sha256) throw dataChanged({ subject, folder });
}

function noteOtherDevice({ device }: RunRecord, { executor, report }: TrainRunOptions): void {
  if (device.executor === executor.id && device.description === executor.description) return;
  const text = `This run began on ${device.description} and goes on with ${executor.description}: the result will be as good, but not the same bits.`;
  report?.({ type: 'notice', text });
}
