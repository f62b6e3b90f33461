/** @file The fingerprint of a data set, from a summary of each subject. */
import type { Fingerprint } from '../recipe/fingerprint.ts';

/** What the fingerprint needs of one subject. */
export interface SubjectSummary {
  /** After reorientation to closest RAS. */
  readonly dims: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  /** Voxels of each label value other than 0. */
  readonly labelCounts: ReadonlyMap<number, number>;
}

export function makeFingerprint(
  subjects: readonly SubjectSummary[],
  { channels, raters }: { channels: number; raters: number },
): Fingerprint {
  const totals = new Map<number, number>();
  for (const { labelCounts } of subjects)
    for (const [value, count] of labelCounts) totals.set(value, (totals.get(value) ?? 0) + count);
  const voxels = subjects.reduce((sum, { dims }) => sum + dims[0] * dims[1] * dims[2], 0);
  const foreground = [...totals.values()].reduce((sum, count) => sum + count, 0);
  const dims = subjects.map((subject) => subject.dims);
  return {
    subjectCount: subjects.length,
    channels,
    labelValues: [...totals.keys()].sort((a, b) => a - b),
    medianDims: perAxis(dims, median, Math.round),
    minDims: perAxis(dims, (sizes) => Math.min(...sizes)),
    medianSpacingMm: perAxis(
      subjects.map((subject) => subject.spacingMm),
      median,
    ),
    foregroundShare: voxels > 0 ? foreground / voxels : 0,
    raters,
  };
}

/** Voxels of each label value other than 0; values are rounded. */
export function countLabels(values: Float32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    if (value === 0 || !Number.isFinite(value)) continue;
    const label = Math.round(value);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

function perAxis(
  rows: readonly (readonly [number, number, number])[],
  summarise: (values: number[]) => number,
  finish: (value: number) => number = (value) => value,
): [number, number, number] {
  const along = (axis: 0 | 1 | 2) => finish(summarise(rows.map((row) => row[axis])));
  return [along(0), along(1), along(2)];
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
