/** @file Validation: whole volumes through the predictor, metrics from the evaluation table, and the loss on fixed patches. */
import { throwIfCancelled } from '../base/cancel.ts';
import type { PreparedSubject } from '../dataset/prepared-subject.ts';
import type { Program } from '../engine/executor.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { decideLabels } from '../inference/label-map.ts';
import type { Predictor } from '../inference/predictor.ts';
import { slideWindows } from '../inference/sliding-window.ts';
import { decisiveOutput } from '../inference/uncertainty.ts';
import { makeBatch } from '../sampling/batch.ts';
import type { PatchSource } from '../sampling/patch.ts';
import type { Values } from './events.ts';
import { measureCase } from './measure.ts';
import { pickInputs } from './step.ts';

export interface ValidateOptions {
  readonly predictor: Predictor;
  /** Of the recipe's `validate` graph; null when it has none. */
  readonly lossProgram: Program | null;
  readonly metrics: readonly MetricName[];
  readonly subjects: readonly PreparedSubject[];
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly report: (done: number, total: number) => void;
  /** Sees the first subject as it was validated, e.g. to draw it. */
  readonly onFirstCase?: ((validated: ValidatedCase) => Promise<void>) | undefined;
}

/** A validation subject beside what the network made of it, on the prepared grid. */
export interface ValidatedCase {
  readonly subject: PreparedSubject;
  /** Class indices, x fastest. */
  readonly prediction: Uint8Array;
}

/** Patches are few beside the whole volumes, but enough that the loss does not jump from epoch to epoch. */
const lossBatches = 8;

/**
 * `loss` (where the recipe has a validation graph) and the recipe's metrics, means over subjects and classes; a metric that does not exist
 * for a case is left out of its mean, and is null when it exists for none. Empty without subjects. Throws Cancelled.
 */
export async function validate(options: ValidateOptions): Promise<Values> {
  if (options.subjects.length === 0) return {};
  const rows: Values[] = [];
  for (const [index, subject] of options.subjects.entries()) {
    options.report(index, options.subjects.length);
    rows.push(await validateSubject(subject, options, index === 0 ? options.onFirstCase : undefined));
  }
  const loss = await validationLoss(options);
  return { ...(loss !== undefined && { loss }), ...meanOfRows(rows, options.metrics) };
}

async function validateSubject(
  subject: PreparedSubject,
  options: ValidateOptions,
  onCase: ValidateOptions['onFirstCase'],
): Promise<Values> {
  const { predictor, metrics, signal } = options;
  const { recipe } = predictor;
  const { channels, dims } = subject;
  const maps = await slideWindows({ predictor, channels, dims, signal });
  const probability = maps.get(decisiveOutput(recipe).name)!;
  const classCount = recipe.classes.length;
  const prediction = decideLabels(probability, dims, { inference: recipe.inference, classCount });
  await onCase?.({ subject, prediction });
  return meanOfRows(measureCase({ prediction, probability, subject, classCount }, metrics), metrics);
}

/** Mean loss over the same patches each time, without augmentation. */
async function validationLoss(options: ValidateOptions): Promise<number | undefined> {
  const { lossProgram, predictor, seed } = options;
  if (lossProgram === null) return undefined;
  const { recipe } = predictor;
  const source: PatchSource = {
    subjects: options.subjects,
    sampling: { ...recipe.sampling, augmentation: [] },
    divideByMaximum: recipe.preparation.normalisation.kind === 'patchMax',
    seed,
  };
  let sum = 0;
  for (let index = 0; index < lossBatches; index++) {
    throwIfCancelled(options.signal);
    const key = Int32Array.of(seed | 0, index);
    const outputs = await lossProgram.run(pickInputs(lossProgram, { ...makeBatch(source, index), key }));
    sum += outputs.loss![0]!;
  }
  return sum / lossBatches;
}

function meanOfRows(rows: readonly Values[], names: readonly string[]): Values {
  return Object.fromEntries(
    names.map((name) => {
      const values = rows
        .map((row) => row[name])
        .filter((value) => typeof value === 'number' && Number.isFinite(value));
      const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0);
      return [name, values.length > 0 ? sum / values.length : null];
    }),
  );
}
