/** @file What the export dialog asks for, as plain data: which choices there are, and the requests to the host that they become. */
import type { ExportOptions, ExportPlan } from '../../../contract/exports.ts';
import type { VolumeId } from '../../../contract/ids.ts';
import type { ImageEntry } from '../../../contract/library.ts';
import type { Prediction } from '../../../contract/predictions.ts';

/** Of a prediction: maps by kind, its table, its report. */
export const predictionParts = ['labels', 'probability', 'uncertainty', 'image', 'table', 'report'] as const;
export type PredictionPart = (typeof predictionParts)[number];

const mapKinds = [
  'labels',
  'probability',
  'uncertainty',
  'image',
] as const satisfies readonly PredictionPart[];

export interface ExportForm {
  /** Undefined when only labels of the library leave. */
  readonly prediction: Prediction | undefined;
  readonly parts: ReadonlySet<PredictionPart>;
  /** Images whose maps leave; tables and reports are of the whole prediction. */
  readonly cases: ReadonlySet<VolumeId>;
  /** Label maps of the library. */
  readonly labels: ReadonlySet<VolumeId>;
  readonly folder: string | undefined;
  readonly withoutNames: boolean;
}

/** What a prediction has to give. A report needs a reference for at least one case. */
export function partsOf({ cases }: Prediction): PredictionPart[] {
  const kinds = new Set(cases.flatMap(({ maps }) => maps.map(({ kind }) => kind)));
  const hasReference = cases.some(({ metrics }) => Object.values(metrics).some((value) => value !== null));
  return [
    ...mapKinds.filter((kind) => kinds.has(kind)),
    ...(cases.length > 0 ? (['table'] as const) : []),
    ...(hasReference ? (['report'] as const) : []),
  ];
}

/** One request a kind, in the order in which their files are listed; none when nothing is chosen. */
export function exportRequests(form: ExportForm): ExportOptions[] {
  const { prediction, parts, folder, withoutNames } = form;
  const where = { withoutNames, ...(folder !== undefined && { folder }) };
  const ids = [...mapsOf(form), ...form.labels];
  const requests: ExportOptions[] = [];
  if (ids.length > 0) requests.push({ request: { kind: 'volumes', ids }, ...where });
  if (prediction === undefined) return requests;
  if (parts.has('table')) requests.push({ request: { kind: 'table', prediction: prediction.id }, ...where });
  if (parts.has('report'))
    requests.push({ request: { kind: 'report', prediction: prediction.id }, ...where });
  return requests;
}

function mapsOf({ prediction, parts, cases }: ExportForm): VolumeId[] {
  const chosen = (prediction?.cases ?? []).filter(({ image }) => cases.has(image));
  return chosen.flatMap(({ maps }) => maps.filter(({ kind }) => parts.has(kind)).map(({ id }) => id));
}

/** Label maps of the library with whose image they are of, for a list. */
export function labelRows(
  images: readonly ImageEntry[],
  subjectOf: (image: VolumeId) => string | undefined,
): { id: VolumeId; label: string }[] {
  return images.flatMap(({ id: image, name, labels }) =>
    labels.map(({ id, rater }) => ({ id, label: `${subjectOf(image) ?? ''} · ${name} · ${rater}` })),
  );
}

export interface PlanSummary {
  readonly fileCount: number;
  /** Of the files whose size is known before. */
  readonly sizeBytes: number;
  /** Whether some sizes are only known afterwards. */
  readonly isAtLeast: boolean;
  readonly replacedCount: number;
}

export function summarisePlan(files: ExportPlan['files']): PlanSummary {
  return {
    fileCount: files.length,
    sizeBytes: files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0),
    isAtLeast: files.some((file) => file.sizeBytes === null),
    replacedCount: files.filter((file) => file.replaces).length,
  };
}
