/** @file What happens when the window is closed: at once, or after a question while something runs. */
import type { BusyState } from '../contract/shell.ts';

/** `keep`: the window hides and the work goes on; `quit`: jobs are paused with a checkpoint; `stay`: nothing happens. */
export type CloseAnswer = 'keep' | 'quit' | 'stay';

export interface CloseQuestion {
  readonly type: 'question';
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly defaultId: number;
  /** What Escape chooses. */
  readonly cancelId: number;
  readonly noLink: true;
  /** The person's leave to be told when the work is done; ticked at first, then as it was left. */
  readonly checkboxLabel: string;
  readonly checkboxChecked: boolean;
}

export interface CloseSituation {
  readonly busy: BusyState | null;
  readonly platform: NodeJS.Platform;
  readonly mayNotify: boolean;
}

const answers = ['keep', 'quit', 'stay'] as const satisfies readonly CloseAnswer[];

/** Undefined when nothing runs: then nobody is asked. */
export function closeQuestion({ busy, platform, mayNotify }: CloseSituation): CloseQuestion | undefined {
  if (busy === null) return undefined;
  const where = platform === 'darwin' ? 'the Dock' : 'the notification area';
  return {
    type: 'question',
    message: 'Keep working in the background?',
    detail: `${busy.text}\n\nKeep it: the window closes, Sagitta stays in ${where} and goes on. Start it again to see it.\nPause and quit: a checkpoint is written; resume when you open the project again.`,
    buttons: ['Keep in background', 'Pause and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
    checkboxLabel: 'Notify me when it is done',
    checkboxChecked: mayNotify,
  };
}

/** What the chosen button means; anything unknown changes nothing. */
export function closeAnswer(buttonIndex: number): CloseAnswer {
  return answers[buttonIndex] ?? 'stay';
}

/** Whether to tell that the work is done: only to somebody who does not see the window, and who allowed it. */
export function shouldNotify(change: {
  before: BusyState | null;
  now: BusyState | null;
  isWindowVisible: boolean;
  mayNotify: boolean;
}): boolean {
  return change.mayNotify && change.before !== null && change.now === null && !change.isWindowVisible;
}
