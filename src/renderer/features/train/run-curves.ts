/** @file Which curves are drawn of which runs, in which colour and line. One run: a colour a quantity. Several: a colour a run, a line style a quantity. */
import type { RunCurves, RunSummary } from '../../../contract/runs.ts';
import type { ChartCurve } from '../../widgets/Chart.svelte';
import { smooth } from '../../widgets/curves.ts';

export interface RunWithCurves {
  readonly run: Pick<RunSummary, 'id' | 'name' | 'totalSteps' | 'epochs'>;
  readonly curves: RunCurves;
  /** Which colour is this run's when there are several. */
  readonly colour: number;
}

const labels: Readonly<Record<string, string>> = {
  dice: 'Dice',
  clDice: 'clDice',
  loss: 'Validation loss',
  trainLoss: 'Training loss',
  iou: 'Intersection over union',
  hausdorff95: 'Hausdorff distance, 95 % (mm)',
  assd: 'Average surface distance (mm)',
  auc: 'Area under the ROC curve',
};

/** What people call a quantity: "skeletonRecall" becomes "Skeleton recall". */
export function quantityLabel(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])/g, ' ').toLowerCase();
  return labels[name] ?? words.replace(/^./, (first) => first.toUpperCase());
}

/** Measured quantities of validation besides the loss, Dice and clDice first. */
export function metricNames(runs: readonly RunWithCurves[]): string[] {
  const measured = runs.flatMap(({ curves }) =>
    Object.entries(curves.epochs.series).filter(([, values]) => values.some((value) => value !== null)),
  );
  const names = new Set(measured.map(([name]) => name));
  names.delete('loss');
  names.delete('trainLoss');
  const first = ['dice', 'clDice'].filter((name) => names.has(name));
  return [...first, ...[...names].filter((name) => !first.includes(name)).sort()];
}

/** Training loss (raw and faint, smoothed over it) and validation loss (marked), all over steps. */
export function lossCurves(runs: readonly RunWithCurves[], smoothing: number): ChartCurve[] {
  const isOne = runs.length === 1;
  return runs.flatMap(({ run, curves, colour }) => {
    const { x, series } = curves.steps;
    const raw = series.loss ?? [];
    const own = isOne ? 0 : colour;
    const group = isOne ? {} : { group: run.name };
    const stepsPerEpoch = run.epochs > 0 ? run.totalSteps / run.epochs : 0;
    const isSmoothed = smoothing > 0 && raw.length > smoothing;
    const faint: ChartCurve = { id: `${run.id}:raw`, x, y: raw, colour: own, isFaint: true };
    return [
      // Several raw curves over each other hide what is to be compared.
      ...(isSmoothed && isOne ? [faint] : []),
      {
        id: `${run.id}:train`,
        label: 'Training',
        ...group,
        x,
        y: isSmoothed ? smooth(raw, smoothing) : raw,
        colour: own,
      },
      {
        id: `${run.id}:validation`,
        label: 'Validation',
        ...group,
        x: curves.epochs.x.map((epoch) => Math.round(epoch * stepsPerEpoch)),
        y: curves.epochs.series.loss ?? [],
        colour: isOne ? 1 : own,
        dash: 1,
        hasMarks: true,
      },
    ];
  });
}

/** The chosen metrics over epochs. */
export function metricCurves(runs: readonly RunWithCurves[], names: readonly string[]): ChartCurve[] {
  const isOne = runs.length === 1;
  return runs.flatMap(({ run, curves, colour }) =>
    names.map((name, index) => ({
      id: `${run.id}:${name}`,
      label: quantityLabel(name),
      ...(!isOne && { group: run.name }),
      x: curves.epochs.x,
      y: curves.epochs.series[name] ?? [],
      colour: isOne ? index : colour,
      dash: index,
      hasMarks: true,
    })),
  );
}

/** 0 to 1 when all values are shares; undefined, so that the chart fits itself, when one is not. */
export function shareRange(curves: readonly ChartCurve[]): readonly [number, number] | undefined {
  const fits = curves.every(({ y }) => y.every((value) => value === null || (value >= 0 && value <= 1)));
  return fits ? [0, 1] : undefined;
}
