/** @file What the command line prints: progress bars with time left on a terminal, plain lines in a pipe, one document with `--json`. */

export interface Output {
  readonly json: boolean;
  /** A line for people: stdout, or stderr with `--json`. */
  line(text: string): void;
  /** Shows how far a task is. */
  progress(progress: { task: string; done: number; total: number }): void;
  /** Ends the progress bar in view, so that what follows starts on a fresh line. */
  endProgress(): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

const redrawMs = 100;

/** In a pipe, a task that ends sooner has one line: its last. */
const quietMs = 2000;

export function makeOutput(
  { stdout, stderr }: Streams,
  options: { json: boolean; now: () => number },
): Output {
  /** Kept until a task is done: training goes on after each epoch's validation, and its pace with it. */
  const tasks = new Map<string, Task>();
  const bar = { task: '', drawnMs: 0, open: false };

  function endProgress(): void {
    if (bar.open && stderr.isTTY) stderr.write('\n');
    bar.open = false;
  }

  function begin(task: string, done: number): Task {
    const state = { startedMs: options.now(), startedAt: done, tenth: 0 };
    tasks.set(task, state);
    return state;
  }

  return {
    json: options.json,
    line: (text) => {
      endProgress();
      (options.json ? stderr : stdout).write(`${text}\n`);
    },
    endProgress,
    progress: ({ task, done, total }) => {
      const nowMs = options.now();
      const state = tasks.get(task) ?? begin(task, done);
      const finished = done >= total;
      if (finished) tasks.delete(task);
      const text = (columns: number) => progressLine({ ...state, task, done, total, nowMs }, columns);
      if (!stderr.isTTY) {
        // A line for each tenth, so that a log stays short.
        const tenth = Math.floor((10 * done) / Math.max(1, total));
        if (!finished && (tenth <= state.tenth || nowMs - state.startedMs < quietMs)) return;
        state.tenth = tenth;
        stderr.write(`${text(100)}\n`);
        return;
      }
      if (bar.open && task !== bar.task) endProgress();
      if (bar.open && nowMs - bar.drawnMs < redrawMs && !finished) return;
      Object.assign(bar, { task, drawnMs: nowMs, open: true });
      stderr.write(`\r\x1b[K${text(stderr.columns ?? 80)}`);
      if (finished) endProgress();
    },
  };
}

interface Task {
  readonly startedMs: number;
  /** How far it was when it began here; above 0 when resumed. */
  readonly startedAt: number;
  /** The tenth that the last line in a pipe told of. */
  tenth: number;
}

interface BarState extends Pick<Task, 'startedMs' | 'startedAt'> {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  readonly nowMs: number;
}

/** "Training ━━━━━━━━────────  42 %  1 min 20 s left". */
export function progressLine(
  { task, done, total, startedMs, startedAt, nowMs }: BarState,
  columns: number,
): string {
  const share = Math.min(1, done / Math.max(1, total));
  const width = Math.max(8, Math.min(30, columns - task.length - 30));
  const filled = Math.round(share * width);
  const bar = `${'━'.repeat(filled)}${'─'.repeat(width - filled)}`;
  const elapsedMs = nowMs - startedMs;
  const progressed = done - startedAt;
  const leftMs = progressed > 0 ? (elapsedMs / progressed) * (total - done) : undefined;
  const time =
    share >= 1 ? `in ${duration(elapsedMs)}` : leftMs === undefined ? '' : `${duration(leftMs)} left`;
  return `${task} ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${time}`;
}

/** "45 s", "3 min 05 s", "2 h 10 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
