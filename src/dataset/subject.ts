/** @file Subjects and data sets: which files belong together. Says nothing of voxels. */
import type { Notice } from './notices.ts';

export interface Subject {
  /** File stem, e.g. `sub01`; the only name of a subject in logs and records. */
  readonly id: string;
  /** Absolute paths, one per channel, in the order of {@link Dataset.channels}. */
  readonly images: readonly string[];
  /** Absolute paths of label maps by rater. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The rater's name where a data set has one label map per subject without a name. */
export const referenceRater = 'reference';

export type DatasetLayout = 'nnUNet' | 'folders' | 'suffixes' | 'list';

export interface Dataset {
  /** Where relative paths began: the data folder, or the folder of the list. */
  readonly folder: string;
  readonly layout: DatasetLayout;
  /** Names of the image channels. */
  readonly channels: readonly string[];
  /** Names of label values where the data set gives them. */
  readonly labelNames: Readonly<Record<number, string>>;
  /** All raters that occur, the reference first, then by name. */
  readonly raters: readonly string[];
  /** Sorted by id; each has all channels and at least one label. */
  readonly subjects: readonly Subject[];
  readonly notices: readonly Notice[];
}

/**
 * Label maps that training learns from: the reference where there is one, else all raters (the sampler then draws one for
 * each patch).
 */
export function ratersToLearnFrom(subject: Subject): string[] {
  const raters = Object.keys(subject.labels).sort();
  return raters.includes(referenceRater) ? [referenceRater] : raters;
}

/** All raters that occur, the reference first, then by name. */
export function ratersOf(subjects: readonly Pick<Subject, 'labels'>[]): string[] {
  const raters = [...new Set(subjects.flatMap((subject) => Object.keys(subject.labels)))].sort();
  const others = raters.filter((rater) => rater !== referenceRater);
  return raters.includes(referenceRater) ? [referenceRater, ...others] : others;
}
