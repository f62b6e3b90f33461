/** @file A run's log as columns: numbers per update and per epoch, and thinned ones for a chart. */
import type { RunCurves } from '../../contract/runs.ts';
import type { LogEntry } from '../../run/log.ts';

type Value = number | null;

/** Columns of equal length; a number that a row does not have is null. */
export class Columns {
  readonly x: number[] = [];
  readonly series = new Map<string, Value[]>();

  add(x: number, values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      const column = this.series.get(name) ?? new Array<Value>(this.x.length).fill(null);
      this.series.set(name, column);
      column.push(typeof value === 'number' ? value : null);
    }
    this.x.push(x);
    for (const column of this.series.values()) if (column.length < this.x.length) column.push(null);
  }
}

/** All that the lists and charts show of a log. */
export class RunProgress {
  readonly steps = new Columns();
  readonly epochs = new Columns();
  /** Updates done. */
  step = 0;
  closedEpochs = 0;
  /** Of the newest validation. */
  metrics: Record<string, Value> = {};
  /** Of the epoch whose weights predict. */
  bestMetrics: Record<string, Value> = {};

  add(entry: LogEntry): void {
    const { event, step, epoch, values } = entry;
    if (typeof values !== 'object' || values === null || typeof epoch !== 'number') return;
    this.step = Math.max(this.step, step);
    if (event === 'step') this.steps.add(step, { ...values, learningRate: entry.learningRate });
    if (event === 'epoch') this.addEpoch(epoch, values as Record<string, Value>, entry.isBest === true);
  }

  private addEpoch(epoch: number, values: Record<string, Value>, isBest: boolean): void {
    this.epochs.add(epoch, values);
    this.closedEpochs = epoch;
    const { trainLoss: _, ...metrics } = values;
    if (Object.keys(metrics).length > 0) this.metrics = metrics;
    if (isBest) this.bestMetrics = metrics;
  }
}

const mostPoints = 1000;

/** At most a thousand points: neighbours are averaged, x as well; a mean of nothing is null. */
export function thin({ x, series }: Columns): RunCurves['steps'] {
  const size = Math.max(1, Math.ceil(x.length / mostPoints));
  return {
    x: averageNeighbours(x, size).map((value) => value ?? 0),
    series: Object.fromEntries([...series].map(([name, values]) => [name, averageNeighbours(values, size)])),
  };
}

function averageNeighbours(values: readonly Value[], size: number): Value[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const known = values
      .slice(index * size, (index + 1) * size)
      .filter((value) => value !== null && Number.isFinite(value));
    return known.length === 0 ? null : known.reduce<number>((sum, value) => sum + value!, 0) / known.length;
  });
}
