/** @file Reads what the fingerprint needs: headers of images, label maps whole. */
import { throwIfCancelled } from '../../base/cancel.ts';
import { spacingOf } from '../../imaging/geometry/affine.ts';
import { readHeader, readVolume } from '../../imaging/node/open.ts';
import { planGrids } from '../../imaging/prepare.ts';
import { valuesOf } from '../../imaging/volume.ts';
import type { Fingerprint } from '../../recipe/fingerprint.ts';
import { countLabels, makeFingerprint, type SubjectSummary } from '../fingerprint.ts';
import { type Dataset, ratersToLearnFrom, type Subject } from '../subject.ts';

/** One volume at a time is in memory. Errors of reading pass through. Throws Cancelled. */
export async function fingerprintDataset(
  dataset: Dataset,
  {
    signal,
    report,
  }: { readonly signal?: AbortSignal; readonly report?: (done: number, total: number) => void } = {},
): Promise<Fingerprint> {
  const summaries: SubjectSummary[] = [];
  for (const subject of dataset.subjects) {
    throwIfCancelled(signal);
    report?.(summaries.length, dataset.subjects.length);
    summaries.push(await summarise(subject));
  }
  report?.(summaries.length, dataset.subjects.length);
  return makeFingerprint(summaries, { channels: dataset.channels.length, raters: dataset.raters.length });
}

async function summarise(subject: Subject): Promise<SubjectSummary> {
  const header = await readHeader(subject.images[0]!);
  const { turned } = planGrids(header, {
    orientation: 'RAS',
    spacingMm: null,
    normalisation: { kind: 'none' },
  });
  const rater = ratersToLearnFrom(subject)[0]!;
  const labels = await readVolume(subject.labels[rater]!);
  return {
    dims: turned.dims,
    spacingMm: spacingOf(turned.rasFromIjk),
    labelCounts: countLabels(valuesOf(labels)),
  };
}
