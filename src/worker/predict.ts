/** @file Job "predict": segments cases with a run and writes label, probability and uncertainty maps beside outputs.json. */
import { basename, join } from 'node:path';
import { throwIfCancelled } from '../base/cancel.ts';
import { UserError } from '../base/errors.ts';
import { writeJsonAtomic } from '../base/node/atomic-write.ts';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { readVolume } from '../imaging/node/open.ts';
import { writeVolume } from '../imaging/node/save.ts';
import { type OpenPredictor, openPredictor } from '../inference/node/open-predictor.ts';
import { predictVolume } from '../inference/predict-volume.ts';
import { outputsOf } from '../inference/uncertainty.ts';
import { executorFor } from './executor.ts';
import type { JobContext } from './job-context.ts';
import { judgePrediction } from './judge-prediction.ts';
import type { PredictedCase, PredictionOutputs } from './prediction-outputs.ts';

interface Case {
  readonly stem: string;
  /** One volume file a channel. */
  readonly images: readonly string[];
  readonly reference?: string | undefined;
}

/**
 * Per case `<stem>_labels.nii.gz`, and per map `<stem>_<map>.nii.gz`. One unreadable file does not stop the others. outputs.json
 * grows with each case, so that what is done stays when the job is stopped.
 */
export async function predictFiles(
  job: JobOf<'predict'>,
  { signal, report }: JobContext,
): Promise<JobResults['predict']> {
  const predictor = await openPredictor(job.run, executorFor(job.device));
  const { recipe } = predictor;
  const cases = job.cases ?? groupChannels(job.inputs ?? [], recipe.channels);
  const summary = join(job.out, 'outputs.json');
  const outputs: PredictionOutputs = {
    version: 1,
    outputs: outputsOf(recipe),
    classes: recipe.classes,
    cases: [],
  };
  let firstError: UserError | undefined;
  try {
    for (const [index, given] of cases.entries()) {
      throwIfCancelled(signal);
      try {
        const place = cases.length > 1 ? ` (${index + 1} of ${cases.length})` : '';
        const task = `Segmenting ${given.stem}${place}`;
        outputs.cases.push(await predictCase(given, { job, predictor, task, signal, report }));
        await writeJsonAtomic(summary, outputs);
      } catch (error) {
        if (!(error instanceof UserError) || cases.length === 1) throw error;
        firstError ??= error;
        report({ type: 'note', text: `${given.stem} was left out: ${error.code} ${error.what}` });
      }
    }
  } finally {
    predictor.close();
  }
  if (outputs.cases.length === 0 && firstError !== undefined) throw firstError;
  const files = outputs.cases.flatMap((row) => Object.values(row.files).map((file) => join(job.out, file)));
  return { outputs: [...files, summary] };
}

async function predictCase(
  { stem, images, reference }: Case,
  {
    job,
    predictor,
    task,
    signal,
    report,
  }: { job: JobOf<'predict'>; predictor: OpenPredictor; task: string } & JobContext,
): Promise<PredictedCase> {
  const channels = await Promise.all(images.map((file) => readVolume(file)));
  const timePoints = Math.max(...channels.map((volume) => volume.timePoints));
  if (timePoints > 1)
    report({ type: 'note', text: `${stem}: of ${timePoints} time points, the first is segmented.` });
  const prediction = await predictVolume({
    predictor,
    channels,
    signal,
    report: (done, total) => report({ type: 'progress', task, done, total }),
  });
  const volumes = { labels: prediction.labels, ...prediction.maps };
  const files: Record<string, string> = {};
  for (const [name, volume] of Object.entries(volumes)) {
    const file = join(job.out, `${stem}_${name}.nii.gz`);
    await writeVolume(file, volume);
    files[name] = basename(file);
  }
  const judged = await judgePrediction(prediction, {
    classes: predictor.recipe.classes,
    reference,
    note: (text) => report({ type: 'note', text: `${stem}: ${text}` }),
  });
  return { stem, files, applied: prediction.applied, ...judged };
}

/** Files of one subject together: `case_0000`, `case_0001` … are channels when the model takes several, each file a subject when one. */
function groupChannels(files: readonly string[], channels: number): Case[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const stem = basename(file).replace(/\.(nii\.gz|nii|hdr|img)$/i, '');
    const key = stem.replace(/_\d{4}$/, '');
    const name = channels === 1 && groups.has(key) ? stem : key;
    groups.set(name, [...(groups.get(name) ?? []), file].sort());
  }
  return [...groups].map(([stem, images]) => ({ stem, images }));
}
