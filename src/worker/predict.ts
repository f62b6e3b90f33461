/** @file Job "predict": segments files with a run and writes label and probability maps beside outputs.json. */
import { basename, join } from 'node:path';
import { throwIfCancelled } from '../base/cancel.ts';
import { UserError } from '../base/errors.ts';
import { writeJsonAtomic } from '../base/node/atomic-write.ts';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { readVolume } from '../imaging/node/open.ts';
import { writeVolume } from '../imaging/node/save.ts';
import { openPredictor } from '../inference/node/open-predictor.ts';
import { predictVolume } from '../inference/predict-volume.ts';
import { executorFor } from './executor.ts';
import type { JobContext } from './job-context.ts';

/** Per input file `<stem>_labels.nii.gz`, and per map `<stem>_<map>.nii.gz`. One unreadable file does not stop the others. */
export async function predictFiles(
  job: JobOf<'predict'>,
  { signal, report }: JobContext,
): Promise<JobResults['predict']> {
  const predictor = await openPredictor(job.run, executorFor(job.device));
  const outputs: string[] = [];
  const records: unknown[] = [];
  let firstError: UserError | undefined;
  try {
    for (const [stem, channels] of groupChannels(job.inputs, predictor.recipe.channels)) {
      throwIfCancelled(signal);
      try {
        const volumes = await Promise.all(channels.map((file) => readVolume(file)));
        const task = `Segmenting ${stem}`;
        const prediction = await predictVolume({
          predictor,
          channels: volumes,
          signal,
          report: (done, total) => report({ type: 'progress', task, done, total }),
        });
        const files: Record<string, string> = { labels: join(job.out, `${stem}_labels.nii.gz`) };
        await writeVolume(files.labels!, prediction.labels);
        for (const [name, map] of Object.entries(prediction.maps)) {
          files[name] = join(job.out, `${stem}_${name}.nii.gz`);
          await writeVolume(files[name], map);
        }
        outputs.push(...Object.values(files));
        records.push({
          stem,
          files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, basename(file)])),
          applied: prediction.applied,
        });
      } catch (error) {
        if (!(error instanceof UserError) || job.inputs.length === 1) throw error;
        firstError ??= error;
        report({ type: 'note', text: `${stem} was left out: ${error.code} ${error.what}` });
      }
    }
  } finally {
    predictor.close();
  }
  if (outputs.length === 0 && firstError !== undefined) throw firstError;
  const summary = join(job.out, 'outputs.json');
  await writeJsonAtomic(summary, {
    version: 1,
    outputs: predictor.recipe.outputs,
    classes: predictor.recipe.classes,
    cases: records,
  });
  return { outputs: [...outputs, summary] };
}

/** Files of one subject together: `case_0000`, `case_0001` … are channels when the model takes several, each file a subject when one. */
function groupChannels(files: readonly string[], channels: number): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const stem = basename(file).replace(/\.(nii\.gz|nii|hdr|img)$/i, '');
    const key = stem.replace(/_\d{4}$/, '');
    const name = channels === 1 && groups.has(key) ? stem : key;
    groups.set(name, [...(groups.get(name) ?? []), file].sort());
  }
  return groups;
}
