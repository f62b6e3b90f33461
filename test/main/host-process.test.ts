/** @file The host as a child: real processes that start, die and leave. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostState } from '../../src/contract/shell.ts';
import { makeForward } from '../../src/main/forward.ts';
import { HostProcess, type HostProcessOptions, hostEnvironment } from '../../src/main/host-process.ts';
import { socketPath } from '../../src/main/locations.ts';

const program = join(import.meta.dirname, 'small-host.ts');

let folder: string;
let host: HostProcess;
let states: HostState[];
let lines: string[];
let now: number;
/** Called at each state, for tests that wait for one. */
let onState: (state: HostState) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
  states = [];
  lines = [];
  now = 0;
  onState = () => undefined;
});

afterEach(async () => {
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

function makeHost(behaviour: string, options: Partial<HostProcessOptions> = {}): HostProcess {
  let startCount = 0;
  host = new HostProcess({
    begin: () => {
      const socket = socketPath({ platform: process.platform, folder, startCount: ++startCount });
      return { file: process.execPath, args: [program, behaviour, '--socket', socket], socket };
    },
    env: process.env,
    platform: process.platform,
    logFile: '/logs/host.log',
    onLine: (line) => lines.push(line),
    onState: (state) => {
      states.push(state);
      onState(state);
    },
    now: () => now,
    ...options,
    limits: { leaveMs: 5000, ...options.limits },
  });
  host.start();
  return host;
}

function nextState(wanted: HostState['state']): Promise<HostState> {
  return new Promise((resolve) => {
    onState = (state) => state.state === wanted && resolve(state);
  });
}

function ask(path: string): Promise<Response> {
  return makeForward({ socket: () => host.whenReady() })(new Request(`sagitta://app${path}`));
}

describe('a host', () => {
  it('is ready when its line says so, on standard output and nowhere else', async () => {
    makeHost('good');
    const socket = await host.whenReady();
    expect(socket).toBe(join(folder, 'host-1.sock'));
    expect(await (await ask('/')).json()).toMatchObject({ pid: host.pid });
    expect(states).toEqual([{ state: 'ready' }]);
    expect(lines).toContain('{ this is not a document');
  });

  it('comes back when it is killed, at another socket, and requests wait for it', async () => {
    makeHost('good');
    await host.whenReady();
    const first = host.pid;
    const restarting = nextState('restarting');
    expect((await ask('/die')).status).toBe(503);
    await restarting;
    const answer = (await (await ask('/')).json()) as { pid: number };
    expect(answer.pid).toBe(host.pid);
    expect(answer.pid).not.toBe(first);
    expect(states.map(({ state }) => state)).toEqual(['ready', 'restarting', 'ready']);
    expect(states[1]).toMatchObject({ message: expect.stringContaining('by SIGKILL') });
  });

  it('stays down after three new starts within a minute, and says how it ended', async () => {
    makeHost('broken');
    const error = await host.whenReady().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HOST_STOPPED', file: '/logs/host.log' });
    expect(states.map(({ state }) => state)).toEqual(['restarting', 'restarting', 'restarting', 'stopped']);
    expect(states[3]).toMatchObject({ message: expect.stringContaining('exit code 3), after 3 new starts') });
  });

  it('may be started by hand after it stayed down', async () => {
    makeHost('broken', { limits: { restartCount: 0 } });
    await expect(host.whenReady()).rejects.toMatchObject({ code: 'HOST_STOPPED' });
    host.start();
    await expect(host.whenReady()).rejects.toMatchObject({ code: 'HOST_STOPPED' });
    expect(states.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('has its starts forgotten after the minute', async () => {
    makeHost('good', { limits: { restartCount: 1, restartWindowMs: 1000 } });
    for (let death = 0; death < 3; death++) {
      await host.whenReady();
      now += 1000;
      const back = nextState('ready');
      process.kill(host.pid!, 'SIGKILL');
      await back;
    }
    expect(states.filter(({ state }) => state === 'stopped')).toEqual([]);
  });

  it('that says nothing is ended when its time is over', async () => {
    makeHost('silent', { limits: { readyMs: 300, restartCount: 0 } });
    await expect(host.whenReady()).rejects.toMatchObject({ code: 'HOST_STOPPED' });
    expect(lines).toContain('No ready line within 0.3 s.');
  });

  it('that cannot be started at all stays down, and says so', async () => {
    makeHost('good', { begin: () => ({ file: '/nowhere/node', args: [], socket: '' }) });
    await expect(host.whenReady()).rejects.toMatchObject({
      code: 'HOST_STOPPED',
      what: expect.stringContaining('ENOENT'),
    });
  });
});

describe('on quitting', () => {
  it.skipIf(process.platform === 'win32')('it is asked by SIGTERM, and not started again', async () => {
    makeHost('good');
    await host.whenReady();
    expect(await host.stop()).toBe('left');
    expect(lines).toContain('asked by SIGTERM');
    expect(states).toEqual([{ state: 'ready' }]);
  });

  it('it is asked by a message where signals do not exist', async () => {
    makeHost('good', { platform: 'win32' });
    await host.whenReady();
    expect(await host.stop()).toBe('left');
    expect(lines).toContain('asked by message');
  });

  it('it is ended when it does not go in time', async () => {
    makeHost('stubborn', { limits: { leaveMs: 300 } });
    await host.whenReady();
    expect(await host.stop()).toBe('ended');
  });

  it('one that is not running has left', async () => {
    makeHost('broken', { limits: { restartCount: 0 } });
    await expect(host.whenReady()).rejects.toThrow();
    expect(await host.stop()).toBe('left');
  });
});

describe('its environment', () => {
  it("holds none of Electron's variables, and none that change how Node runs", () => {
    const environment = hostEnvironment({
      HOME: '/home/x',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect',
      NODE_CHANNEL_FD: '3',
    });
    expect(environment).toEqual({ HOME: '/home/x' });
  });
});
