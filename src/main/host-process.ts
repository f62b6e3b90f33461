/**
 * @file The host as the shell's child: started on plain Node, awaited, started again when it dies, asked to leave on quitting.
 * Knows nothing of windows; what happens is told through `onState`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { invariant, type UserError } from '../base/errors.ts';
import { type HostState, hostReadySchema, leaveMessage } from '../contract/shell.ts';
import { hostStopped } from './errors.ts';
import { RecentCount } from './recent-count.ts';

export interface HostProcessOptions {
  /** Called at each start: a socket that a killed host left behind is not in the way of the next one. */
  readonly begin: () => HostStart;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Shown to the person when the host stays down. */
  readonly logFile: string;
  readonly onState: (state: HostState) => void;
  /** Each line that the host prints, without its end. */
  readonly onLine: (line: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly limits?: Partial<HostLimits>;
}

export interface HostStart {
  readonly file: string;
  readonly args: readonly string[];
  /** Where it will listen. */
  readonly socket: string;
}

export interface HostLimits {
  /** New starts within the window before it stays down. */
  readonly restartCount: number;
  readonly restartWindowMs: number;
  /** From its start to its ready line. */
  readonly readyMs: number;
  /** From being asked to leave to being ended: jobs are paused with a checkpoint meanwhile. */
  readonly leaveMs: number;
}

const defaultLimits: HostLimits = {
  restartCount: 3,
  restartWindowMs: 60_000,
  readyMs: 60_000,
  leaveMs: 15_000,
};

/** Variables that would make Node behave as in somebody else's session, or as Electron. */
const foreignVariables = /^(ELECTRON_.*|NODE_OPTIONS|NODE_PATH|NODE_CHANNEL_.*)$/i;

export function hostEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreignVariables.test(name)));
}

export class HostProcess {
  readonly #options: HostProcessOptions;
  readonly #limits: HostLimits;
  #child: ChildProcess | undefined;
  #ready = freshPromise();
  #isReady = false;
  #isLeaving = false;
  /** New starts. */
  #restarts: RecentCount;

  constructor(options: HostProcessOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#restarts = new RecentCount(this.#limits.restartWindowMs);
  }

  /** Starts it; also after it stayed down. Does nothing while it runs or leaves. */
  start(): void {
    if (this.#child !== undefined || this.#isLeaving) return;
    this.#restarts = new RecentCount(this.#limits.restartWindowMs);
    this.#ready = freshPromise();
    this.#spawn();
  }

  /** Resolves with its socket once it accepts connections, after a restart too. Rejects with HOST_STOPPED when it stays down. */
  whenReady(): Promise<string> {
    return this.#ready.promise;
  }

  /** The present child's id, for tests and the log. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks it to leave and waits. `ended`: it did not in time and was killed. */
  async stop(): Promise<'left' | 'ended'> {
    this.#isLeaving = true;
    const child = this.#child;
    if (child === undefined) return 'left';
    let outcome: 'left' | 'ended' = 'left';
    const timer = setTimeout(() => {
      outcome = 'ended';
      child.kill('SIGKILL');
    }, this.#limits.leaveMs);
    const gone = new Promise((resolve) => child.once('close', resolve));
    // Windows has no SIGTERM: a kill there is immediate and nothing would be paused.
    if (this.#options.platform === 'win32' && child.connected) child.send(leaveMessage);
    else child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
    return outcome;
  }

  #spawn(): void {
    const { begin, env, onLine } = this.#options;
    const { file, args, socket } = begin();
    // The channel lets the host see that the shell is gone, however that came about.
    const child = spawn(file, args, {
      env: hostEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.#child = child;
    this.#isReady = false;
    const timer = setTimeout(() => {
      onLine(`No ready line within ${this.#limits.readyMs / 1000} s.`);
      child.kill('SIGKILL');
    }, this.#limits.readyMs);
    invariant(child.stdout !== null && child.stderr !== null, 'the host is started with pipes');
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        onLine(line);
        if (stream !== child.stdout || this.#isReady || !isReadyLine(line)) return;
        clearTimeout(timer);
        this.#isReady = true;
        this.#ready.resolve(socket);
        this.#options.onState({ state: 'ready' });
      });
    }
    let failure: string | undefined;
    child.on('error', (error) => {
      onLine(error.message);
      failure = error.message;
      // A program that cannot be started at all has no exit to wait for.
      if (child.pid === undefined) this.#onGone(failure);
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      if (child.pid !== undefined)
        this.#onGone(failure ?? (signal ? `by ${signal}` : `exit code ${exitCode}`));
    });
  }

  #onGone(how: string): void {
    this.#child = undefined;
    if (this.#isLeaving) return;
    if (this.#isReady) this.#ready = freshPromise();
    this.#isReady = false;
    const now = this.#options.now();
    const restartCount = this.#restarts.at(now);
    if (restartCount >= this.#limits.restartCount) {
      this.#giveUp(hostStopped({ how, restartCount, logFile: this.#options.logFile }));
      return;
    }
    this.#restarts.add(now);
    this.#options.onState({ state: 'restarting', message: restartMessage(how) });
    this.#spawn();
  }

  #giveUp(error: UserError): void {
    this.#ready.reject(error);
    this.#options.onState({
      state: 'stopped',
      message: [error.what, error.why, error.next].filter(Boolean).join(' '),
    });
  }
}

function restartMessage(how: string): string {
  return `The part of Sagitta that works with your data went down (${how}) and is starting again. Nothing that was saved is lost; a run goes on from its last checkpoint.`;
}

function isReadyLine(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    return hostReadySchema.safeParse(JSON.parse(line)).success;
  } catch (error) {
    // Some other program's output may look like the beginning of a document.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** A promise whose rejection counts as seen: nobody may be waiting for the host just then. */
function freshPromise(): PromiseWithResolvers<string> {
  const fresh = Promise.withResolvers<string>();
  fresh.promise.catch(() => undefined);
  return fresh;
}
