/** @file Runs the real command line as a child process in a temporary folder, and stops it in all the ways a person or a system can. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

export const repository = join(import.meta.dirname, '../..');
const cliEntry = join(repository, 'src/cli/main.ts');
const launcherEntry = join(repository, 'build/sagitta.mjs');

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly child: ChildProcess;
  /** Settles when the process and all that hold its output have ended. */
  readonly finished: Promise<Finished>;
  /** Resolves once stdout and stderr together hold a match, or the process has ended; says which. */
  printed(pattern: RegExp): Promise<boolean>;
}

export interface StartOptions {
  readonly cwd: string;
  /** Through build/sagitta.mjs, as in a checkout. */
  readonly launcher?: boolean;
}

/** Starts `sagitta …args` on the Node that runs the tests. */
export function start(args: readonly string[], { cwd, launcher = false }: StartOptions): Running {
  const child = spawn(process.execPath, [launcher ? launcherEntry : cliEntry, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const watch of watchers) watch();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...texts, code, signal }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<boolean>((resolve) => {
      const watch = () => {
        if (!pattern.test(texts.stdout + texts.stderr)) return;
        watchers.delete(watch);
        resolve(true);
      };
      watchers.add(watch);
      watch();
      void finished.then(() => resolve(pattern.test(texts.stdout + texts.stderr)));
    });
  return { child, finished, printed };
}

export async function sagitta(args: readonly string[], options: StartOptions): Promise<Finished> {
  return start(args, options).finished;
}

/** The document that `--json` prints, from a command that must succeed and print nothing else. */
export async function documentOf<T>(args: readonly string[], options: StartOptions): Promise<T> {
  const { stdout, stderr, code } = await sagitta([...args, '--json'], options);
  expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly field?: string;
  readonly hint?: string;
}

/** Exit code and error of a command that must fail; checks the shape of the document and that no stack trace shows. */
export async function errorOf(args: readonly string[], options: StartOptions) {
  const { stdout, stderr, code } = await sagitta([...args, '--json'], options);
  const { error, ...others } = JSON.parse(stdout) as { error: ErrorDocument };
  expect(others).toEqual({});
  expect(Object.keys(error).filter((key) => !/^(code|message|file|field|hint)$/.test(key))).toEqual([]);
  expect(stdout + stderr).not.toMatch(/\n\s+at |\.ts:\d+:\d+/);
  return { exitCode: code, ...error };
}

/** Makes a temporary folder; `remove` takes it away with all that is in it. */
export async function temporaryFolder(name: string) {
  const folder = await mkdtemp(join(tmpdir(), `sagitta-e2e-${name}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Settings of a network so small that a step takes milliseconds, for volumes of 48 voxels. */
export const tiny: readonly string[] = settings({
  baseChannels: 4,
  levels: 2,
  patchSize: 16,
  batchSize: 1,
  windowSize: 48,
  overlap: 0,
  epochs: 3,
  stepsPerEpoch: 4,
  validateEvery: 2,
});

/** As `--set` options. */
export function settings(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

/** A folder with `count` phantoms of 48 voxels in nnU-Net layout. */
export async function makePhantoms(cwd: string, { out, count }: { out: string; count: number }) {
  const options = ['--out', out, '--count', String(count), '--seed', '3', '--size', '48'];
  const { outputs } = await documentOf<{ outputs: string[] }>(['phantom', 'vessels', ...options], { cwd });
  return outputs;
}
