/** @file Prediction in the queue: which images belong together, where the maps go, and what is kept when it stops half-way. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import type { JobId, PredictionId, VolumeId } from '../../contract/ids.ts';
import type { ImageEntry, Library, LibrarySubject } from '../../contract/library.ts';
import type { PredictRequest } from '../../contract/queue.ts';
import { referenceRater } from '../../dataset/subject.ts';
import { checkpointMissing } from '../../run/errors.ts';
import { volumeUnknown } from '../library/errors.ts';
import { type PredictionRecord, recordFile } from '../predictions/prediction-record.ts';
import { projectPaths } from '../project/project-folder.ts';
import { runUnknown } from '../runs/errors.ts';
import { readJsonIfThere } from '../runs/run-meta.ts';
import { readMethod } from '../runs/run-method.ts';
import type { LibraryService, RunService } from '../services.ts';
import { predictChannelMissing } from './errors.ts';
import type { TaskCase } from './job-record.ts';
import type { TaskContext } from './train-task.ts';

interface SubmitContext {
  readonly project: { readonly folder: string };
  readonly library: LibraryService;
  readonly runs: RunService;
  readonly job: JobId;
}

interface Submitted {
  readonly prediction: PredictionId;
  readonly title: string;
  readonly cases: TaskCase[];
}

/**
 * Makes the prediction's folder. A run with several channels takes all of a subject's images that it was trained with, whichever
 * of them were chosen. Throws RUN_UNKNOWN, CHECKPOINT_MISSING, VOLUME_UNKNOWN, PREDICT_CHANNEL_MISSING.
 */
export async function submitPrediction(
  request: PredictRequest,
  { project, library, runs, job }: SubmitContext,
): Promise<Submitted> {
  const runFolder = join(project.folder, projectPaths.runs, request.run);
  const run = (await runs.list()).find(({ id }) => id === request.run);
  if (run === undefined) throw runUnknown({ id: request.run });
  if (!run.canPredict) throw checkpointMissing({ folder: `${projectPaths.runs}/${request.run}` });
  const chosen = findImages(await library.list(), request.images);
  const method = await readMethod(runFolder);
  const channels = method?.channels === 1 ? undefined : await channelNames(runFolder);
  const groups = channels === undefined ? chosen.map(alone) : withChannels(chosen, channels);
  const cases = groups.map(({ images, stem }) => ({
    stem,
    images: images.map(({ id }) => id),
    reference: referenceOf(images),
  }));
  const prediction = await makeFolder(join(project.folder, projectPaths.predictions), request.run);
  const record: PredictionRecord = {
    version: 1,
    run: request.run,
    runName: run.name,
    job,
    createdAt: new Date().toISOString(),
    cases: groups.map(({ stem, subject, images }) => ({ stem, subject: subject.name, image: images[0]!.id })),
  };
  await writeJsonAtomic(join(project.folder, projectPaths.predictions, prediction, recordFile), record);
  return { prediction, title: titleOf(groups), cases };
}

interface Found {
  readonly subject: LibrarySubject;
  readonly image: ImageEntry;
}

interface Group {
  readonly subject: LibrarySubject;
  readonly images: readonly ImageEntry[];
  readonly stem: string;
}

function findImages({ subjects }: Library, ids: readonly VolumeId[]): Found[] {
  const all = subjects.flatMap((subject) => subject.images.map((image) => ({ subject, image })));
  return [...new Set(ids)].map((id) => {
    const found = all.find(({ image }) => image.id === id);
    if (found === undefined) throw volumeUnknown({ id });
    return found;
  });
}

/** Names of subject and image have no dots that matter, and the two together are one image's alone, or a number is put behind. */
function alone({ subject, image }: Found, index: number, all: readonly Found[]): Group {
  const stem = `${subject.name}_${image.name}`;
  const earlier = all
    .slice(0, index)
    .filter((one) => `${one.subject.name}_${one.image.name}` === stem).length;
  return { subject, images: [image], stem: earlier === 0 ? stem : `${stem}-${earlier + 1}` };
}

/** One group a subject, in the order of the channels. */
function withChannels(chosen: readonly Found[], channels: readonly string[]): Group[] {
  return [...new Set(chosen.map(({ subject }) => subject))].map((subject) => ({
    subject,
    stem: subject.name,
    images: channels.map((channel) => {
      const image = subject.images.find(({ name }) => name === channel);
      if (image === undefined) throw predictChannelMissing({ subject: subject.name, channel });
      return image;
    }),
  }));
}

/** Names of the images that a run of this project was trained with; undefined for runs from elsewhere. */
async function channelNames(runFolder: string): Promise<string[] | undefined> {
  const list = await readJsonIfThere(join(runFolder, 'data.json'));
  const isList = typeof list === 'object' && list !== null && 'channels' in list;
  return isList && Array.isArray(list.channels) ? list.channels.map(String) : undefined;
}

/** The reference where there is one, else the first rater's. */
function referenceOf(images: readonly ImageEntry[]): VolumeId | null {
  const labels = images.flatMap((image) => image.labels);
  return (labels.find(({ rater }) => rater === referenceRater) ?? labels[0])?.id ?? null;
}

function titleOf(groups: readonly Group[]): string {
  return groups.length === 1 ? `Segment ${groups[0]!.subject.name}` : `Segment ${groups.length} volumes`;
}

async function makeFolder(parent: string, run: string): Promise<PredictionId> {
  await mkdir(parent, { recursive: true });
  for (let number = 1; ; number++) {
    const id = `${run.slice(0, 100)}-${number}` as PredictionId;
    try {
      await mkdir(join(parent, id));
      return id;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
}

const folderOf = ({ project, job }: TaskContext) =>
  join(project.folder, projectPaths.predictions, job.prediction ?? '');

/** Images are looked up when the turn has come: a subject may have been renamed since. Throws VOLUME_UNKNOWN and what prediction throws. */
export async function runPrediction(cases: readonly TaskCase[], context: TaskContext): Promise<void> {
  const { project, job, library, inWorker } = context;
  const files = cases.map(async ({ stem, images, reference }) => ({
    stem,
    images: await Promise.all(images.map((id) => library.fileOf(id))),
    ...(reference !== null && { reference: await library.fileOf(reference) }),
  }));
  await inWorker({
    kind: 'predict',
    run: join(project.folder, projectPaths.runs, job.run ?? ''),
    cases: await Promise.all(files),
    out: folderOf(context),
    device: job.device,
  });
}
