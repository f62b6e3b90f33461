/** @file Job "evaluate": a segmentation against a reference, both as files. */
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { evaluationNotLabels } from '../evaluation/errors.ts';
import { evaluateLabelMaps, evaluateVolumes, parseMetricNames } from '../evaluation/evaluate.ts';
import { labelsOf } from '../evaluation/mask.ts';
import { readVolume } from '../imaging/node/open.ts';
import { type Volume, valuesOf } from '../imaging/volume.ts';
import type { JobContext } from './job-context.ts';

/** One foreground label: metric → value. Several: `{ labels: { "1": { metric: value }, … } }`. */
export async function evaluateFiles(
  job: JobOf<'evaluate'>,
  _context: JobContext,
): Promise<JobResults['evaluate']> {
  const metrics = job.metrics === undefined ? undefined : parseMetricNames(job.metrics);
  const prediction = { name: job.prediction, volume: await readVolume(job.prediction) };
  const reference = { name: job.reference, volume: await readVolume(job.reference) };
  for (const { name, volume } of [prediction, reference]) checkLabels(name, volume);
  if (labelsOf(prediction.volume, reference.volume).length <= 1)
    return evaluateVolumes(prediction, reference, { metrics });
  const rows = evaluateLabelMaps(prediction, reference, { metrics });
  return { labels: Object.fromEntries(rows.map(({ label, values }) => [label, values])) };
}

/** Far above the finest brain atlases; an image has thousands of values. */
const maxLabels = 512;

/** An image or a probability map given by mistake would be compared value by value, for hours. Throws EVALUATION_NOT_LABELS. */
function checkLabels(file: string, volume: Volume): void {
  const found = new Set<number>();
  for (const value of valuesOf(volume)) {
    if (Number.isNaN(value)) continue;
    found.add(value);
    const fraction = Number.isInteger(value) ? undefined : value;
    if (fraction !== undefined || found.size > maxLabels) throw evaluationNotLabels({ file, fraction });
  }
}
