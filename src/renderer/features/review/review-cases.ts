/** @file The cases of a prediction as rows to review, and the order in which they are worth a look. */
import type { Prediction, PredictionCase } from '../../../contract/predictions.ts';

export const caseOrders = ['listed', 'unsure', 'worst'] as const;
export type CaseOrder = (typeof caseOrders)[number];

/** Volume of all regions in which the model was unsure. */
export function unsureMl({ uncertainRegions }: Pick<PredictionCase, 'uncertainRegions'>): number {
  return uncertainRegions.reduce((sum, { volumeMl }) => sum + volumeMl, 0);
}

/** Name of the metric that stands for the whole: Dice where there is one, else the first. */
export function mainMetric({ metrics }: Pick<PredictionCase, 'metrics'>): string | undefined {
  const names = Object.keys(metrics);
  return names.find((name) => /^dice$/i.test(name)) ?? names.find((name) => /dice/i.test(name)) ?? names[0];
}

export function mainValue(one: Pick<PredictionCase, 'metrics'>): number | null {
  const name = mainMetric(one);
  return name === undefined ? null : (one.metrics[name] ?? null);
}

/** Those without a metric come last when the worst come first; equal ones stay as they were. */
export function orderCases(cases: readonly PredictionCase[], order: CaseOrder): PredictionCase[] {
  if (order === 'unsure') return [...cases].sort((a, b) => unsureMl(b) - unsureMl(a));
  if (order === 'worst')
    return [...cases].sort(
      (a, b) => (mainValue(a) ?? Number.POSITIVE_INFINITY) - (mainValue(b) ?? Number.POSITIVE_INFINITY) || 0,
    );
  return [...cases];
}

/** Mean of the main metric over the cases that have it; null when none has. */
export function meanMetric({ cases }: Pick<Prediction, 'cases'>): number | null {
  const values = cases.map(mainValue).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
