/** @file Runs and their curves. Curves are fetched once and then grow with the events of the run that is trained. */
import type { HostEvent } from '../../contract/events.ts';
import type { RunId } from '../../contract/ids.ts';
import type { RunCurves, RunSummary } from '../../contract/runs.ts';
import { host } from '../client/client.ts';
import { attempt } from './messages.svelte.ts';

type Metrics = Extract<HostEvent, { type: 'metrics' }>;
type Curve = RunCurves['steps'];

/** `curve` with one more point; a series that begins late is null before, and a point that is there already is not added again. */
export function extendCurve(curve: Curve, x: number, values: Metrics['values']): Curve {
  const last = curve.x.at(-1);
  if (last !== undefined && x <= last) return curve;
  const names = new Set([...Object.keys(curve.series), ...Object.keys(values)]);
  const before = curve.x.map(() => null);
  const series = [...names].map((name) => [name, [...(curve.series[name] ?? before), values[name] ?? null]]);
  return { x: [...curve.x, x], series: Object.fromEntries(series) };
}

class RunsState {
  list = $state.raw<readonly RunSummary[]>([]);
  #curves = $state.raw<ReadonlyMap<string, RunCurves>>(new Map());

  async refresh(): Promise<void> {
    this.list = await host.runs.list();
  }

  clear(): void {
    this.list = [];
    this.#curves = new Map();
  }

  find(id: string | null): RunSummary | undefined {
    return this.list.find((run) => run.id === id);
  }

  curvesOf(id: RunId): RunCurves | undefined {
    return this.#curves.get(id);
  }

  /** Fetches the curves of a run that is looked at; again when `anew`, e.g. for the pictures of a new epoch. */
  async loadCurves(id: RunId, { anew = false } = {}): Promise<void> {
    if (!anew && this.#curves.has(id)) return;
    const curves = await attempt(() => host.runs.curves({ id }));
    if (curves) this.#curves = new Map(this.#curves).set(id, curves);
  }

  addMetrics({ run, of, step, epoch, values }: Metrics): void {
    const curves = this.#curves.get(run);
    if (curves === undefined) return;
    if (of === 'epoch') void this.loadCurves(run, { anew: true });
    const grown =
      of === 'step'
        ? { ...curves, steps: extendCurve(curves.steps, step, values) }
        : { ...curves, epochs: extendCurve(curves.epochs, epoch, values) };
    this.#curves = new Map(this.#curves).set(run, grown);
  }
}

export const runsState = new RunsState();
