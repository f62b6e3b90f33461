/** @file Job "fingerprint": what a plugin may know of the data, read outside the host because label maps are read whole. */
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { fingerprintDataset } from '../dataset/node/fingerprint-dataset.ts';
import { openDataset } from '../dataset/node/open-dataset.ts';
import type { JobContext } from './job-context.ts';

export async function fingerprint(
  job: JobOf<'fingerprint'>,
  { signal, report }: JobContext,
): Promise<JobResults['fingerprint']> {
  return fingerprintDataset(await openDataset(job.data), {
    signal,
    report: (done, total) => report({ type: 'progress', task: 'Understanding the data', done, total }),
  });
}
