/** @file The chosen subjects of the library as a data set for a worker: the JSON that lies beside a run. */
import { posix } from 'node:path';
import type { Library, LibrarySubject } from '../../contract/library.ts';
import type { DatasetList } from '../../dataset/dataset-list.ts';
import { noCommonImage, noLabelledSubject } from './errors.ts';

/**
 * What `openDataset` reads. Subjects that have no label map are left out. Channels are the images that all others have, by name
 * and in alphabetical order; of a rater who drew on several of them, the first counts.
 *
 * subjects    names; all when undefined
 * relativeTo  folder within the project where the JSON will lie, with forward slashes, e.g. `runs/first`
 * throws      LIBRARY_NO_LABELS, LIBRARY_NO_COMMON_IMAGE
 */
export function datasetList(
  library: Library,
  subjects: readonly string[] | undefined,
  relativeTo: string,
): DatasetList {
  const chosen = library.subjects.filter(({ name }) => subjects === undefined || subjects.includes(name));
  const labelled = chosen.filter(({ images }) => images.some(({ labels }) => labels.length > 0));
  if (labelled.length === 0) throw noLabelledSubject({ subjectCount: chosen.length });
  const channels = commonImageNames(labelled);
  const listed = labelled.map((subject) => listSubject(subject, { channels, relativeTo }));
  const usable = listed.filter(({ labels }) => Object.keys(labels).length > 0);
  if (usable.length === 0) throw noCommonImage({ subjectCount: labelled.length });
  return { version: 1, channels, labelNames: library.labelNames, subjects: usable };
}

/** Names of the images that every one of these subjects has, sorted. */
export function commonImageNames(subjects: readonly LibrarySubject[]): string[] {
  const names = subjects.map(({ images }) => images.map(({ name }) => name));
  return (names[0] ?? []).filter((name) => names.every((others) => others.includes(name))).sort();
}

function listSubject(
  { name, images }: LibrarySubject,
  { channels, relativeTo }: { channels: readonly string[]; relativeTo: string },
): DatasetList['subjects'][number] {
  const relative = (id: string) => posix.relative(relativeTo, id);
  const used = channels.flatMap((channel) => images.filter((image) => image.name === channel));
  // Last to first, so that the first image's label map stays where a rater drew on several.
  const labels = [...used].reverse().flatMap((image) => image.labels);
  return {
    id: name,
    images: used.map(({ id }) => relative(id)),
    labels: Object.fromEntries(labels.map(({ rater, id }) => [rater, relative(id)])),
  };
}
