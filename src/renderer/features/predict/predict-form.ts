/** @file The form of prediction as plain data: which runs can predict, which images are meant by a word, and why the button does not work. */
import type { VolumeId } from '../../../contract/ids.ts';
import type { LibrarySubject } from '../../../contract/library.ts';
import type { RunSummary } from '../../../contract/runs.ts';

export interface PredictRow {
  readonly id: VolumeId;
  readonly subject: string;
  readonly image: string;
  readonly hasLabels: boolean;
}

/** Every image of the library, in its order. */
export function predictRows(subjects: readonly LibrarySubject[]): PredictRow[] {
  return subjects.flatMap(({ name, images }) =>
    images.map((image) => ({
      id: image.id,
      subject: name,
      image: image.name,
      hasLabels: image.labels.length > 0,
    })),
  );
}

export const imageGroups = ['all', 'unlabelled', 'unseen'] as const;
export type ImageGroup = (typeof imageGroups)[number];

/** Images meant by "all", "without labels", "not learnt from". Subjects of the validation were not learnt from, but weights were chosen by them. */
export function imagesOf(
  group: ImageGroup,
  rows: readonly PredictRow[],
  run: Pick<RunSummary, 'trainingSubjects'> | undefined,
): VolumeId[] {
  const learnt = new Set(run?.trainingSubjects);
  const isMeant: Record<ImageGroup, (row: PredictRow) => boolean> = {
    all: () => true,
    unlabelled: ({ hasLabels }) => !hasLabels,
    unseen: ({ subject }) => !learnt.has(subject),
  };
  return rows.filter(isMeant[group]).map(({ id }) => id);
}

/** What is chosen before the person chooses: what the run has not learnt from; all when it has learnt from every one. */
export function firstChoice(
  rows: readonly PredictRow[],
  run: Pick<RunSummary, 'trainingSubjects'> | undefined,
): VolumeId[] {
  const unseen = imagesOf('unseen', rows, run);
  return unseen.length > 0 ? unseen : imagesOf('all', rows, run);
}

/** The metric by which a run is told: Dice of the weights that predict, where it is there. */
export function runScore({
  bestMetrics,
  metrics,
}: Pick<RunSummary, 'bestMetrics' | 'metrics'>): { name: string; value: number } | null {
  const all = Object.entries({ ...metrics, ...bestMetrics }).filter(
    (entry): entry is [string, number] => entry[1] !== null,
  );
  const found = all.find(([name]) => /dice/i.test(name) && !/loss/i.test(name)) ?? null;
  return found === null ? null : { name: found[0], value: found[1] };
}

/** How the model stands to a subject's images, for a word beside them; undefined when it has never met them. */
export function acquaintance(
  subject: string,
  run: Pick<RunSummary, 'trainingSubjects' | 'validationSubjects'> | undefined,
): 'learnt from' | 'validated with' | undefined {
  if (run?.trainingSubjects.includes(subject)) return 'learnt from';
  if (run?.validationSubjects.includes(subject)) return 'validated with';
  return undefined;
}
