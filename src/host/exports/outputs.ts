/** @file What each kind of export writes: one entry a file, with how to make it. */
import { constants, copyFile, stat } from 'node:fs/promises';
import { writeFileAtomic } from '../../base/node/atomic-write.ts';
import type { ExportOptions } from '../../contract/exports.ts';
import type { PredictionId, VolumeId } from '../../contract/ids.ts';
import type { JobOf } from '../../contract/jobs.ts';
import type { Library } from '../../contract/library.ts';
import type { Prediction } from '../../contract/predictions.ts';
import { referenceRater } from '../../dataset/subject.ts';
import { readVolume } from '../../imaging/node/open.ts';
import { writeVolume } from '../../imaging/node/save.ts';
import { runJob } from '../jobs/run-job.ts';
import { volumeUnknown } from '../library/errors.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import type { LibraryService, PredictionService } from '../services.ts';
import { csv } from './csv.ts';
import { exportNothing, predictionUnknown } from './errors.ts';
import { type NameOfSubject, namesOfSubjects, stemOfExport } from './names.ts';

export interface Sources {
  readonly project: ProjectFolder;
  readonly library: Pick<LibraryService, 'list' | 'fileOf'>;
  readonly predictions: Pick<PredictionService, 'list'>;
}

/** One file to be: `write` makes it at a place where nothing is yet. */
export interface Output {
  readonly stem: string;
  readonly ending: string;
  /** Null when it is not known before. */
  readonly sizeBytes: number | null;
  write(to: string): Promise<void>;
}

/** Throws VOLUME_UNKNOWN, PREDICTION_UNKNOWN, EXPORT_NOTHING. */
export async function outputsOf(options: ExportOptions, sources: Sources): Promise<Output[]> {
  const { request } = options;
  switch (request.kind) {
    case 'volumes':
      return volumeOutputs(request.ids, options, sources);
    case 'table':
      return [tableOutput(await findPrediction(request.prediction, sources), options)];
    case 'report':
      return [await reportOutput(await findPrediction(request.prediction, sources), options, sources)];
    default:
      return request satisfies never;
  }
}

async function volumeOutputs(
  ids: readonly VolumeId[],
  { withoutNames }: ExportOptions,
  { library, predictions }: Sources,
): Promise<Output[]> {
  const places = placesOf(await library.list(), await predictions.list());
  const nameOf = namesOfSubjects(withoutNames);
  const outputs: Output[] = [];
  for (const id of ids) {
    const file = await library.fileOf(id);
    const place = places.get(id);
    if (place === undefined) throw volumeUnknown({ id });
    const stem = stemOfExport(place.subject, place.parts, { nameOf, withoutNames });
    outputs.push(withoutNames ? plainVolume(file, stem) : await copyOf(file, stem));
  }
  return outputs;
}

async function copyOf(file: string, stem: string): Promise<Output> {
  const ending = /\.nii(\.gz)?$/i.exec(file)?.[0].toLowerCase() ?? '';
  const { size } = await stat(file);
  return { stem, ending, sizeBytes: size, write: (to) => copyFile(file, to, constants.COPYFILE_FICLONE) };
}

/** Written anew: texts of the header (descrip, aux_file, db_name, extensions), which can hold a patient's name, stay behind. */
function plainVolume(file: string, stem: string): Output {
  return {
    stem,
    ending: '.nii.gz',
    sizeBytes: null,
    write: async (to) => writeVolume(to, await readVolume(file)),
  };
}

interface Place {
  readonly subject: string;
  /** What follows the subject in the file's name. */
  readonly parts: readonly string[];
}

function placesOf({ subjects }: Library, predictions: readonly Prediction[]): Map<VolumeId, Place> {
  const places = new Map<VolumeId, Place>();
  const imageNames = new Map<VolumeId, string>();
  for (const { name: subject, images } of subjects) {
    for (const { id, name, labels } of images) {
      imageNames.set(id, name);
      places.set(id, { subject, parts: [name] });
      for (const label of labels) places.set(label.id, { subject, parts: [name, 'labels', label.rater] });
    }
  }
  for (const { runName, cases } of predictions)
    for (const { subject, image, maps } of cases)
      for (const { id, name } of maps)
        places.set(id, { subject, parts: [imageNames.get(image) ?? '', runName, name] });
  return places;
}

async function findPrediction(id: PredictionId, { predictions }: Sources): Promise<Prediction> {
  const found = (await predictions.list()).find((prediction) => prediction.id === id);
  if (found === undefined) throw predictionUnknown({ id });
  return found;
}

/** A row a case: metrics, then volumes by class. */
function tableOutput({ runName, cases }: Prediction, { withoutNames }: ExportOptions): Output {
  const nameOf = namesOfSubjects(withoutNames);
  const metrics = namesIn(cases.map((each) => each.metrics));
  const volumes = namesIn(cases.map((each) => each.volumesMl));
  const head = ['case', ...metrics, ...volumes.map((name) => `volume ${name} (ml)`)];
  const rows = cases.map((each) => [
    nameOf(each.subject),
    ...metrics.map((name) => each.metrics[name] ?? null),
    ...volumes.map((name) => each.volumesMl[name] ?? null),
  ]);
  // The mark in front makes spreadsheets read UTF-8.
  const text = `\ufeff${csv([head, ...rows])}`;
  const write = (to: string) => writeFileAtomic(to, text);
  return { stem: `${runName} table`, ending: '.csv', sizeBytes: Buffer.byteLength(text), write };
}

function namesIn(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

async function reportOutput(
  prediction: Prediction,
  { withoutNames }: ExportOptions,
  { project, library }: Sources,
): Promise<Output> {
  const nameOf = namesOfSubjects(withoutNames);
  const cases = await reportCases(prediction, { nameOf, library });
  if (cases.length === 0) throw exportNothing({ prediction: prediction.id });
  const run = project.path(`${projectPaths.runs}/${prediction.run}`);
  const title = `Segmentation by ${prediction.runName}`;
  const write = async (out: string) => {
    await runJob({ kind: 'report', run, cases, out, title });
  };
  return { stem: `${prediction.runName} report`, ending: '.html', sizeBytes: null, write };
}

/** Cases whose image has a label map by a person: the reference, else the first by name. */
async function reportCases(
  { cases }: Prediction,
  { nameOf, library }: { nameOf: NameOfSubject; library: Sources['library'] },
): Promise<JobOf<'report'>['cases']> {
  const { subjects } = await library.list();
  const images = new Map(subjects.flatMap((subject) => subject.images.map((image) => [image.id, image])));
  const found: JobOf<'report'>['cases'] = [];
  for (const { image: id, subject, maps, metrics } of cases) {
    const labels = images.get(id)?.labels ?? [];
    const reference = labels.find(({ rater }) => rater === referenceRater) ?? labels[0];
    const predicted = maps.find(({ kind }) => kind === 'labels');
    if (reference === undefined || predicted === undefined) continue;
    const [image, drawn, map] = await Promise.all(
      [id, reference.id, predicted.id].map((each) => library.fileOf(each)),
    );
    found.push({ name: nameOf(subject), image: image!, reference: drawn!, prediction: map!, metrics });
  }
  return found;
}
