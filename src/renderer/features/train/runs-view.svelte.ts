/** @file Which runs are looked at and compared, and how their table is ordered. The run in `view.run` is the one that buttons act on. */
import type { JobId, RunId } from '../../../contract/ids.ts';
import type { RunSummary } from '../../../contract/runs.ts';
import { jobsState } from '../../state/jobs.svelte.ts';
import { pluginsState } from '../../state/plugins.svelte.ts';
import { runsState } from '../../state/runs.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import type { RunWithCurves } from './run-curves.ts';
import { nextSorting, type RunRow, runRows, type Sorting, type SortKey, sortRows } from './run-rows.ts';

export type RunTab = 'curves' | 'pictures' | 'settings' | 'log';

class RunsView {
  /** Job of a row that has no run yet; followed until it has one. */
  #job = $state<JobId | null>(null);
  compared = $state.raw<readonly string[]>([]);
  sorting = $state.raw<Sorting>({ by: 'startedAt', isDescending: true });
  tab = $state<RunTab>('curves');
  /** Of the curves of loss: points over which they are smoothed, 0 for none. */
  smoothing = $state(15);
  isLog = $state(false);
  dialog = $state<'rename' | 'remove' | null>(null);
  /** Ticks while the page is on the screen, for durations. */
  now = $state(Date.now());

  readonly rows: readonly RunRow[] = $derived(
    sortRows(
      runRows({
        runs: runsState.list,
        jobs: jobsState.list,
        now: this.now,
        presetLabel: (plugin, preset) =>
          pluginsState.current.plugins.find(({ manifest }) => manifest.id === plugin)?.manifest.presets[
            preset
          ]?.label ?? preset,
      }),
      this.sorting,
    ),
  );
  /** The row that is looked at: the chosen one, else the one that trains, else the first. */
  readonly row: RunRow | undefined = $derived(
    this.rows.find(({ job }) => this.#job !== null && job?.id === this.#job) ??
      this.rows.find(({ id }) => id !== null && id === view.run) ??
      this.rows.find(({ state }) => state === 'running' || state === 'pausing') ??
      this.rows[0],
  );
  /**
   * Ids of what is drawn, a line each: the runs to compare, and the one that is looked at. A text, so that a tick of the clock
   * changes nothing.
   */
  readonly #shownIds: string = $derived.by(() => {
    const known = this.compared.filter((id) => runsState.find(id as RunId) !== undefined);
    return [...new Set([...known, this.row?.id ?? ''])].join('\n');
  });
  readonly shown: readonly RunSummary[] = $derived(
    this.#shownIds.split('\n').flatMap((id) => runsState.find(id as RunId) ?? []),
  );
  readonly curves: readonly RunWithCurves[] = $derived(
    this.shown.flatMap((run, colour) => {
      const curves = runsState.curvesOf(run.id);
      return curves === undefined ? [] : [{ run, curves, colour }];
    }),
  );

  /** Its colour while several runs are drawn; undefined when it is not one of them. */
  colourOf(row: RunRow): number | undefined {
    const place = this.shown.findIndex(({ id }) => id === row.id);
    return this.shown.length > 1 && place >= 0 ? place : undefined;
  }

  choose(row: RunRow): void {
    this.#job = row.id === null ? (row.job?.id ?? null) : null;
    view.run = row.id;
  }

  /** Looks at what a job trains, as soon as it has a run. */
  follow(job: JobId): void {
    this.#job = job;
    this.compared = [];
  }

  /** The row above or below. */
  step(by: 1 | -1): void {
    const now = this.rows.findIndex(({ key }) => key === this.row?.key);
    const next = this.rows[Math.max(0, Math.min(this.rows.length - 1, now + by))];
    if (next !== undefined) this.choose(next);
  }

  compare(key: string, isCompared: boolean): void {
    this.compared = isCompared ? [...this.compared, key] : this.compared.filter((other) => other !== key);
  }

  sortBy(key: SortKey): void {
    this.sorting = nextSorting(this.sorting, key);
  }
}

export const runsView = new RunsView();
