/** @file Runs as rows of a table: what the run and its job say together, in words, and how rows are ordered. */
import type { RunId } from '../../../contract/ids.ts';
import type { JobState, JobSummary } from '../../../contract/queue.ts';
import type { RunSummary } from '../../../contract/runs.ts';

export type RunState = JobState | 'unfinished';
export type Tone = 'plain' | 'accent' | 'good' | 'warning' | 'danger';

export interface RunRow {
  /** The run's id; the job's while it has no run folder yet. */
  readonly key: string;
  readonly id: RunId | null;
  readonly run: RunSummary | null;
  readonly job: JobSummary | null;
  readonly name: string;
  readonly plugin: string;
  readonly preset: string;
  readonly state: RunState;
  /** 0 to 1. */
  readonly share: number;
  readonly dice: number | null;
  readonly clDice: number | null;
  readonly loss: number | null;
  readonly startedAt: string;
  /** Seconds of the present or last stretch of training; null when no job is known. */
  readonly seconds: number | null;
}

export const stateWords: Readonly<Record<RunState, { readonly word: string; readonly tone: Tone }>> = {
  waiting: { word: 'Waiting', tone: 'plain' },
  running: { word: 'Training', tone: 'accent' },
  pausing: { word: 'Pausing', tone: 'accent' },
  paused: { word: 'Paused', tone: 'warning' },
  interrupted: { word: 'Interrupted', tone: 'warning' },
  done: { word: 'Finished', tone: 'good' },
  failed: { word: 'Failed', tone: 'danger' },
  cancelled: { word: 'Stopped', tone: 'plain' },
  unfinished: { word: 'Unfinished', tone: 'plain' },
};

const resumable: ReadonlySet<RunState> = new Set(['paused', 'interrupted', 'failed', 'cancelled']);
const busy: ReadonlySet<RunState> = new Set(['waiting', 'running', 'pausing']);

export const canPause = (row: RunRow) => row.state === 'running';
export const canResume = (row: RunRow) => row.job !== null && resumable.has(row.state);
export const canStop = (row: RunRow) => row.job !== null && (busy.has(row.state) || row.state === 'paused');
export const canRemove = (row: RunRow) => row.run !== null && !busy.has(row.state);

/** Where presets are called by what the form calls them. */
export type PresetLabel = (plugin: string, preset: string) => string;

/** A row a run, and one for each training that waits for its run folder. `now` in milliseconds ends what still runs. */
export function runRows({
  runs,
  jobs,
  presetLabel,
  now,
}: {
  runs: readonly RunSummary[];
  jobs: readonly JobSummary[];
  presetLabel: PresetLabel;
  now: number;
}): RunRow[] {
  const trainings = jobs.filter(({ kind }) => kind === 'train');
  const known = new Set<string>(runs.map(({ id }) => id));
  const rows = runs.map((run) => {
    const job = trainings.find(({ id, run: of }) => id === run.job || of === run.id) ?? null;
    return rowOf({ run, job, presetLabel, now });
  });
  const waiting = trainings
    .filter(
      ({ run, state }) => (run === null || !known.has(run)) && state !== 'done' && state !== 'cancelled',
    )
    .map((job) => rowOf({ run: null, job, presetLabel, now }));
  return [...waiting, ...rows];
}

type RowParts = { run: RunSummary | null; job: JobSummary | null; presetLabel: PresetLabel; now: number };

function rowOf({ run, job, presetLabel, now }: RowParts): RunRow {
  const value = (name: string) => run?.bestMetrics[name] ?? run?.metrics[name] ?? null;
  return {
    key: run?.id ?? job?.id ?? '',
    id: run?.id ?? null,
    run,
    job,
    name: run?.name ?? nameOf(job),
    plugin: run?.plugin.name ?? '',
    preset: run?.preset == null ? '' : presetLabel(run.plugin.id, run.preset),
    state: stateOf(run, job),
    share: run !== null && run.totalSteps > 0 ? Math.min(1, stepOf(run, job) / run.totalSteps) : 0,
    dice: value('dice'),
    clDice: value('clDice'),
    loss: value('loss'),
    startedAt: job?.startedAt ?? run?.createdAt ?? job?.createdAt ?? '',
    seconds: secondsOf(job, now),
  };
}

/** Before there is a run, its name is known from the job's title ("Train first try"). */
const nameOf = (job: JobSummary | null) => job?.title.replace(/^Train /, '') ?? '';

/** The job counts steps as they come, the run's record only at checkpoints. */
function stepOf(run: RunSummary, job: JobSummary | null): number {
  const { progress } = job ?? {};
  return progress && progress.total === run.totalSteps ? Math.max(run.step, progress.done) : run.step;
}

function stateOf(run: RunSummary | null, job: JobSummary | null): RunState {
  if (job !== null) return job.state;
  return run !== null && run.step >= run.totalSteps ? 'done' : 'unfinished';
}

function secondsOf(job: JobSummary | null, now: number): number | null {
  if (job?.startedAt == null) return null;
  const end = job.endedAt === null ? now : Date.parse(job.endedAt);
  return Math.max(0, (end - Date.parse(job.startedAt)) / 1000);
}

export const sortKeys = [
  'name',
  'plugin',
  'preset',
  'state',
  'share',
  'dice',
  'clDice',
  'loss',
  'startedAt',
  'seconds',
] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sorting {
  readonly by: SortKey;
  readonly isDescending: boolean;
}

/** Ordered anew; what has no value comes last whichever way, and equal rows keep their order. */
export function sortRows(rows: readonly RunRow[], { by, isDescending }: Sorting): RunRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [one[by], other[by]];
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b), undefined, { numeric: true });
  });
}

const isMissing = (value: unknown) => value === null || value === '';

const bestFirst: ReadonlySet<SortKey> = new Set(['dice', 'clDice', 'share', 'startedAt', 'seconds']);

/** A click on a heading: the useful way first, then the other. */
export function nextSorting(now: Sorting, by: SortKey): Sorting {
  return { by, isDescending: now.by === by ? !now.isDescending : bestFirst.has(by) };
}
