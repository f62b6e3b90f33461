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

export function makeOutput(
  { stdout, stderr }: Streams,
  options: { json: boolean; now: () => number },
): Output {
  const bar = { task: '', startedMs: 0, startedAt: 0, drawnMs: 0, tenth: -1, open: false };

  function endProgress(): void {
    if (bar.open && stderr.isTTY) stderr.write('\n');
    bar.open = false;
    bar.task = '';
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
      if (task !== bar.task) {
        endProgress();
        Object.assign(bar, { task, startedMs: nowMs, startedAt: done, drawnMs: 0, tenth: -1, open: true });
      }
      const finished = done >= total;
      if (stderr.isTTY) {
        if (nowMs - bar.drawnMs < redrawMs && !finished) return;
        bar.drawnMs = nowMs;
        stderr.write(`\r\x1b[K${progressLine({ ...bar, done, total, nowMs }, stderr.columns ?? 80)}`);
        if (finished) endProgress();
        return;
      }
      // In a pipe: a line for each tenth, so that a log stays short.
      const tenth = Math.floor((10 * done) / Math.max(1, total));
      if (tenth === bar.tenth) return;
      bar.tenth = tenth;
      stderr.write(`${progressLine({ ...bar, done, total, nowMs }, 100)}\n`);
    },
  };
}

interface BarState {
  task: string;
  done: number;
  total: number;
  startedMs: number;
  startedAt: number;
  nowMs: number;
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
