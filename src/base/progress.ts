/** @file What long work reports while it runs: a parameter, never a global emitter. */

export interface Progress {
  /** What is being done, in the words of the user's task, e.g. "Segmenting sub-03". */
  readonly task: string;
  readonly done: number;
  readonly total: number;
}

export type ReportProgress = (progress: Progress) => void;
