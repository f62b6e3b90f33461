/** @file The predictions of a project, as their folders say. */
import { join } from 'node:path';
import type { PredictionId, VolumeId } from '../../contract/ids.ts';
import type { PredictedMap, Prediction, PredictionCase } from '../../contract/predictions.ts';
import { isJobActive } from '../jobs/active-job.ts';
import { moveToTrash } from '../project/move-to-trash.ts';
import { projectPaths } from '../project/project-folder.ts';
import { foldersOf, isThere, readJsonIfThere, readRunMeta } from '../runs/run-meta.ts';
import type { LibraryService, PredictionService, Publish } from '../services.ts';
import { predictionBusy, predictionUnknown } from './errors.ts';
import {
  outputsFile,
  type PredictionOutputs,
  type PredictionRecord,
  predictionOutputsSchema,
  predictionRecordSchema,
  recordFile,
} from './prediction-record.ts';

export interface PredictionsOptions {
  readonly project: { readonly folder: string };
  readonly library: LibraryService;
  readonly publish: Publish;
}

/** Predictions with at least one finished case, newest first. */
export function makePredictions({ project, library, publish }: PredictionsOptions): PredictionService {
  const root = join(project.folder, projectPaths.predictions);
  return {
    async list() {
      const ids = await foldersOf(root);
      const subjectOf = await currentSubjects(library);
      const found = await Promise.all(
        ids.map((id) => readPrediction(project.folder, id as PredictionId, subjectOf)),
      );
      return found
        .filter((prediction) => prediction !== undefined)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    async remove(id) {
      if (!(await foldersOf(root)).includes(id)) throw predictionUnknown({ id });
      const record = await readRecord(join(root, id));
      if (record !== undefined && (await isJobActive(project.folder, record.job)))
        throw predictionBusy({ runName: record.runName });
      await moveToTrash(project.folder, `${projectPaths.predictions}/${id}`);
      publish({ type: 'predictions' });
    },
  };
}

/** A subject may have been renamed since; the image's place tells nothing then, and the old name is shown. */
async function currentSubjects(library: LibraryService): Promise<ReadonlyMap<string, string>> {
  const { subjects } = await library.list();
  return new Map(subjects.flatMap(({ name, images }) => images.map(({ id }) => [id, name] as const)));
}

async function readRecord(folder: string): Promise<PredictionRecord | undefined> {
  const parsed = predictionRecordSchema.safeParse(await readJsonIfThere(join(folder, recordFile)));
  return parsed.success ? parsed.data : undefined;
}

/** Undefined for a folder that is no prediction, or one without a finished case. */
async function readPrediction(
  project: string,
  id: PredictionId,
  subjectOf: ReadonlyMap<string, string>,
): Promise<Prediction | undefined> {
  const folder = join(project, projectPaths.predictions, id);
  const record = await readRecord(folder);
  const outputs = predictionOutputsSchema.safeParse(await readJsonIfThere(join(folder, outputsFile)));
  if (record === undefined || !outputs.success) return undefined;
  const { run, runName, createdAt } = record;
  const runFolder = join(project, projectPaths.runs, run);
  const meta = await readRunMeta(runFolder);
  const cases = outputs.data.cases.map((row) =>
    caseOf(row, { id, record, outputs: outputs.data, subjectOf }),
  );
  return {
    id,
    run,
    runName: (await isThere(runFolder)) ? (meta?.name ?? run) : runName,
    createdAt,
    classes: outputs.data.classes.map(({ value, name, colour }) => ({ value, name, colour })),
    cases: cases.filter((row) => row !== undefined),
  };
}

function caseOf(
  row: PredictionOutputs['cases'][number],
  {
    id,
    record,
    outputs,
    subjectOf,
  }: {
    id: PredictionId;
    record: PredictionRecord;
    outputs: PredictionOutputs;
    subjectOf: ReadonlyMap<string, string>;
  },
): PredictionCase | undefined {
  const asked = record.cases.find(({ stem }) => stem === row.stem);
  if (asked === undefined) return undefined;
  const { image } = asked;
  const { metrics, volumesMl, uncertainRegions } = row;
  const maps = Object.entries(row.files).map(([name, file]) =>
    mapOf(name, `${projectPaths.predictions}/${id}/${file}` as VolumeId, outputs),
  );
  const subject = subjectOf.get(image) ?? asked.subject;
  return { image, subject, maps, metrics, volumesMl, uncertainRegions };
}

function mapOf(name: string, id: VolumeId, { outputs, classes }: PredictionOutputs): PredictedMap {
  const output = outputs.find((one) => one.name === name);
  if (output !== undefined) {
    const { label, kind, unit, range, colourMap } = output;
    return { id, name, label, kind, unit, range, colourMap };
  }
  const highest = Math.max(1, ...classes.map(({ value }) => value));
  return {
    id,
    name,
    label: 'Segmentation',
    kind: 'labels',
    unit: '',
    range: [0, highest],
    colourMap: 'classes',
  };
}
