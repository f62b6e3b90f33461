/** @file The form of prediction while the window is open: run, images, device; starting; telling when what was started here is done. */
import type { ErrorReport } from '../../../base/errors.ts';
import type { JobId, PredictionId, RunId, VolumeId } from '../../../contract/ids.ts';
import type { JobSummary } from '../../../contract/queue.ts';
import type { RunSummary } from '../../../contract/runs.ts';
import { host } from '../../client/client.ts';
import { reportOf } from '../../client/errors.ts';
import { isActive, jobsState } from '../../state/jobs.svelte.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { messages } from '../../state/messages.svelte.ts';
import { pluginsState } from '../../state/plugins.svelte.ts';
import { predictionsState } from '../../state/predictions.svelte.ts';
import { runsState } from '../../state/runs.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { firstChoice, type ImageGroup, imagesOf, type PredictRow, predictRows } from './predict-form.ts';

class PredictForm {
  #chosen = $state.raw<ReadonlySet<VolumeId> | null>(null);
  #device = $state<string | null>(null);
  #started: ReadonlySet<JobId> = new Set();
  isStarting = $state(false);
  error = $state.raw<ErrorReport | null>(null);

  readonly runs: readonly RunSummary[] = $derived(runsState.list.filter(({ canPredict }) => canPredict));
  readonly run: RunSummary | undefined = $derived(
    this.runs.find(({ id }) => id === view.run) ?? this.runs[0],
  );
  readonly rows: readonly PredictRow[] = $derived(predictRows(libraryState.current.subjects));
  /** In the order of the library; images that were removed are not among them. */
  readonly images: readonly VolumeId[] = $derived.by(() => {
    const chosen = this.#chosen ?? new Set(firstChoice(this.rows, this.run));
    return this.rows.map(({ id }) => id).filter((id) => chosen.has(id));
  });
  readonly device: string = $derived(this.#device ?? pluginsState.preferences.device);
  /** Waiting, running, or failed and not put away. */
  readonly jobs: readonly JobSummary[] = $derived(
    jobsState.list.filter(
      (job) =>
        job.kind === 'predict' && (isActive(job) || job.state === 'failed' || job.state === 'interrupted'),
    ),
  );
  readonly canStart: boolean = $derived(this.run !== undefined && this.images.length > 0 && !this.isStarting);

  chooseRun(id: RunId): void {
    view.run = id;
  }

  chooseDevice(device: string): void {
    this.#device = device;
  }

  chooseGroup(group: ImageGroup): void {
    this.#chosen = new Set(imagesOf(group, this.rows, this.run));
  }

  chooseNone(): void {
    this.#chosen = new Set();
  }

  choose(id: VolumeId, isChosen: boolean): void {
    const chosen = new Set(this.images);
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    this.#chosen = chosen;
  }

  async start(): Promise<void> {
    if (this.run === undefined || !this.canStart) return;
    this.isStarting = true;
    this.error = null;
    try {
      const request = { run: this.run.id, images: [...this.images], device: this.device };
      const job = await host.queue.predict(request);
      jobsState.put(job);
      this.#started = new Set(this.#started).add(job.id);
    } catch (error) {
      this.error = reportOf(error);
    } finally {
      this.isStarting = false;
    }
  }

  /** Run it when jobs or predictions change: tells of what was started here, once its prediction can be opened. */
  tellOfDone(): void {
    for (const id of this.#started) {
      const job = jobsState.find(id);
      const isThere = job?.prediction != null && predictionsState.find(job.prediction) !== undefined;
      if (job?.state !== 'done' || !isThere) continue;
      this.#started = new Set([...this.#started].filter((one) => one !== id));
      messages.tell(`Done: ${job.title}`, { label: 'Review', run: () => openReview(job.prediction!) });
    }
  }
}

/** Shows a prediction, or one case of it, with its overlays. */
export function openReview(prediction: PredictionId, image?: VolumeId): void {
  view.prediction = prediction;
  view.image = image ?? predictionsState.find(prediction)?.cases[0]?.image ?? view.image;
  view.page = 'review';
}

export const predictForm = new PredictForm();
