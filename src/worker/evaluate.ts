/** @file Job "evaluate": a segmentation against a reference, both as files. */
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { evaluateLabelMaps, evaluateVolumes, parseMetricNames } from '../evaluation/evaluate.ts';
import { labelsOf } from '../evaluation/mask.ts';
import { readVolume } from '../imaging/node/open.ts';
import type { JobContext } from './job-context.ts';

/** One foreground label: metric → value. Several: `{ labels: { "1": { metric: value }, … } }`. */
export async function evaluateFiles(
  job: JobOf<'evaluate'>,
  _context: JobContext,
): Promise<JobResults['evaluate']> {
  const metrics = job.metrics === undefined ? undefined : parseMetricNames(job.metrics);
  const prediction = { name: job.prediction, volume: await readVolume(job.prediction) };
  const reference = { name: job.reference, volume: await readVolume(job.reference) };
  if (labelsOf(prediction.volume, reference.volume).length <= 1)
    return evaluateVolumes(prediction, reference, { metrics });
  const rows = evaluateLabelMaps(prediction, reference, { metrics });
  return { labels: Object.fromEntries(rows.map(({ label, values }) => [label, values])) };
}
