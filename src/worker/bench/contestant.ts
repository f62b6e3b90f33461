/** @file A measuring process as seen from the job: started, asked for runs one at a time, and for its peak memory at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Cancelled } from '../../base/cancel.ts';
import { benchProcessFailed } from './errors.ts';
import type { Ready, Specification } from './specification.ts';

export interface Command {
  /** For messages: "Sagitta" or the peer. */
  readonly who: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** How much of a failed process's last words is passed on. */
const lastWords = 500;

export class Contestant {
  private readonly command: Command;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly signal: AbortSignal;
  private errors = '';

  constructor(command: Command, spec: Specification, signal: AbortSignal) {
    this.command = command;
    this.signal = signal;
    this.child = spawn(command.file, [...command.args, JSON.stringify(spec)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.on('data', (data: Buffer) => {
      this.errors = (this.errors + data).slice(-lastWords);
    });
    // A process that cannot start or has gone shows as the end of its lines.
    this.child.on('error', (error) => {
      this.errors = error.message;
    });
    this.child.stdin!.on('error', (error) => {
      this.errors ||= error.message;
    });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    signal.addEventListener('abort', this.kill);
  }

  /** Waits for the warm-up runs. */
  ready(): Promise<Ready> {
    return this.next<Ready>();
  }

  /** Seconds of one run. */
  async measure(): Promise<number> {
    return (await this.ask<{ seconds: number }>('run')).seconds;
  }

  /** Ends the process; its peak resident memory. */
  async finish(): Promise<number> {
    return (await this.ask<{ peakBytes: number }>('end')).peakBytes;
  }

  /** Ends the process whatever it does. */
  readonly kill = (): void => {
    this.signal.removeEventListener('abort', this.kill);
    this.child.kill('SIGKILL');
  };

  private ask<T>(word: string): Promise<T> {
    this.child.stdin!.write(`${word}\n`);
    return this.next<T>();
  }

  private async next<T>(): Promise<T> {
    const { done, value } = await this.lines.next();
    if (this.signal.aborted) throw new Cancelled();
    if (done) throw benchProcessFailed({ who: this.command.who, last: this.errors.trim() });
    return JSON.parse(value) as T;
  }
}
