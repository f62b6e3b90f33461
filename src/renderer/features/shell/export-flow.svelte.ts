/** @file The export dialog's state: what is chosen, the plan that the host made of it, and what was written. */
import type { ErrorReport } from '../../../base/errors.ts';
import type { ExportPlan, ExportResult } from '../../../contract/exports.ts';
import type { VolumeId } from '../../../contract/ids.ts';
import { host } from '../../client/client.ts';
import { isAbort, reportOf } from '../../client/errors.ts';
import { predictionsState } from '../../state/predictions.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { type ExportForm, exportRequests, type PredictionPart, partsOf } from './export-form.ts';

const planDelayMs = 200;

export class ExportFlow {
  form = $state.raw<ExportForm>({
    prediction: undefined,
    parts: new Set(),
    cases: new Set(),
    labels: new Set(),
    folder: undefined,
    withoutNames: false,
  });
  plan = $state.raw<ExportPlan | null>(null);
  isPlanning = $state(false);
  isWriting = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  result = $state.raw<ExportResult | null>(null);
  #abort: AbortController | undefined;

  constructor() {
    this.choosePrediction(view.prediction ?? predictionsState.list[0]?.id ?? '');
  }

  /** With all its cases, its label maps and its table: what most people want. */
  choosePrediction(id: string): void {
    const prediction = predictionsState.find(id);
    const usual: readonly PredictionPart[] = ['labels', 'table'];
    this.form = {
      ...this.form,
      prediction,
      parts: new Set(
        prediction === undefined ? [] : partsOf(prediction).filter((part) => usual.includes(part)),
      ),
      cases: new Set(prediction?.cases.map(({ image }) => image)),
    };
  }

  change(changes: Partial<ExportForm>): void {
    this.form = { ...this.form, ...changes };
  }

  togglePart(part: PredictionPart, isChosen: boolean): void {
    this.change({ parts: toggled(this.form.parts, part, isChosen) });
  }

  toggleCase(image: VolumeId, isChosen: boolean): void {
    this.change({ cases: toggled(this.form.cases, image, isChosen) });
  }

  toggleLabel(id: VolumeId, isChosen: boolean): void {
    this.change({ labels: toggled(this.form.labels, id, isChosen) });
  }

  /** Asks the host what would be written, once choosing has come to rest. Run it when the form changes; returns how to stop. */
  follow(form: ExportForm): () => void {
    const requests = exportRequests(form);
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.plan = null;
    this.error = null;
    this.isPlanning = requests.length > 0;
    const timer = setTimeout(() => void this.#makePlan(requests, abort.signal), planDelayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }

  async #makePlan(requests: ReturnType<typeof exportRequests>, signal: AbortSignal): Promise<void> {
    if (requests.length === 0) return;
    try {
      const plans = await Promise.all(requests.map((options) => host.exports.plan(options, { signal })));
      if (!signal.aborted)
        this.plan = { folder: plans[0]!.folder, files: plans.flatMap(({ files }) => files) };
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.error = reportOf(error);
    } finally {
      if (!signal.aborted) this.isPlanning = false;
    }
  }

  /** One request after the other. When one fails, what was written before it is listed all the same. */
  async write(): Promise<void> {
    const requests = exportRequests(this.form);
    this.isWriting = true;
    this.error = null;
    try {
      for (const options of requests) {
        const { folder, files } = await host.exports.write(options);
        this.result = { folder, files: [...(this.result?.files ?? []), ...files] };
      }
    } catch (error) {
      this.error = reportOf(error);
    } finally {
      this.isWriting = false;
    }
  }

  /** Back to the choices. */
  again(): void {
    this.result = null;
    this.error = null;
    this.form = { ...this.form };
  }
}

function toggled<T>(set: ReadonlySet<T>, value: T, isIn: boolean): ReadonlySet<T> {
  const next = new Set(set);
  if (isIn) next.add(value);
  else next.delete(value);
  return next;
}
