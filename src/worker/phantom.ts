/** @file Job "phantom": writes made-up volumes with their truth in nnU-Net layout. */
import { join } from 'node:path';
import { throwIfCancelled } from '../base/cancel.ts';
import { writeJsonAtomic } from '../base/node/atomic-write.ts';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { writeVolume } from '../imaging/node/save.ts';
import { makeVesselPhantom } from '../imaging/phantoms.ts';
import type { JobContext } from './job-context.ts';

export async function makePhantoms(
  job: JobOf<'phantom'>,
  { signal, report }: JobContext,
): Promise<JobResults['phantom']> {
  const outputs: string[] = [];
  const manifests: unknown[] = [];
  for (let index = 0; index < job.count; index++) {
    throwIfCancelled(signal);
    report({ type: 'progress', task: 'Making phantoms', done: index, total: job.count });
    const name = `vessels_${String(index + 1).padStart(3, '0')}`;
    const phantom = makeVesselPhantom({
      seed: job.seed + index,
      size: job.size,
      raters: job.raters,
      oblique: job.oblique,
    });
    const files = [
      [join('imagesTr', `${name}_0000.nii.gz`), phantom.image],
      [join('labelsTr', `${name}.nii.gz`), phantom.label],
      ...phantom.raters.map(
        (label, i) => [join('raters', `rater${i + 1}`, `${name}.nii.gz`), label] as const,
      ),
    ] as const;
    for (const [file, volume] of files) {
      await writeVolume(join(job.out, file), volume);
      outputs.push(join(job.out, file));
    }
    const centrelines = join(job.out, 'centrelines', `${name}.json`);
    await writeJsonAtomic(centrelines, phantom.centrelines);
    outputs.push(centrelines);
    manifests.push({ name, ...phantom.manifest });
  }
  const dataset = {
    name: 'Vessel phantoms',
    description: 'Made-up time-of-flight angiograms with exact truth; not of any person.',
    channel_names: { 0: 'MRA' },
    labels: { background: 0, vessel: 1 },
    numTraining: job.count,
    file_ending: '.nii.gz',
  };
  await writeJsonAtomic(join(job.out, 'dataset.json'), dataset);
  await writeJsonAtomic(join(job.out, 'manifest.json'), { seed: job.seed, phantoms: manifests });
  report({ type: 'progress', task: 'Making phantoms', done: job.count, total: job.count });
  return { outputs: [...outputs, join(job.out, 'dataset.json'), join(job.out, 'manifest.json')] };
}
