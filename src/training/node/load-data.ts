/** @file Brings a data set into memory for training: all subjects that can be used, with their hashes. */
import { throwIfCancelled } from '../../base/cancel.ts';
import { channelsDiffer, datasetUnusable } from '../../dataset/errors.ts';
import { hashSubject } from '../../dataset/node/hash-subject.ts';
import { loadSubject } from '../../dataset/node/load-subject.ts';
import { type Notice, Notices } from '../../dataset/notices.ts';
import { classValuesOf, type PreparedSubject } from '../../dataset/prepared-subject.ts';
import type { Dataset } from '../../dataset/subject.ts';
import type { Recipe } from '../../recipe/recipe.ts';

export interface LoadedData {
  readonly subjects: ReadonlyMap<string, PreparedSubject>;
  /** Of the subjects that were loaded. */
  readonly sha256: Readonly<Record<string, string>>;
  readonly notices: readonly Notice[];
}

export interface LoadDataOptions {
  readonly dataset: Dataset;
  readonly recipe: Recipe;
  readonly signal: AbortSignal | undefined;
  readonly report: (done: number, total: number) => void;
}

/** Throws DATASET_CHANNELS, DATASET_UNUSABLE, Cancelled. */
export async function loadData({ dataset, recipe, signal, report }: LoadDataOptions): Promise<LoadedData> {
  const { folder, channels } = dataset;
  if (channels.length !== recipe.channels)
    throw channelsDiffer({ expected: recipe.channels, found: channels.length, folder });
  const notices = new Notices();
  const subjects = new Map<string, PreparedSubject>();
  const sha256: Record<string, string> = {};
  const classValues = classValuesOf(recipe);
  for (const [index, subject] of dataset.subjects.entries()) {
    throwIfCancelled(signal);
    report(index, dataset.subjects.length);
    const loaded = await loadSubject(subject, { preparation: recipe.preparation, classValues, notices });
    if (loaded === undefined) continue;
    subjects.set(subject.id, loaded);
    sha256[subject.id] = await hashSubject(subject);
  }
  report(dataset.subjects.length, dataset.subjects.length);
  if (subjects.size === 0) throw datasetUnusable({ folder, notices: notices.all });
  return { subjects, sha256, notices: notices.all };
}
