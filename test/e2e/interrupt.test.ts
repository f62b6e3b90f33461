/** @file Training that is stopped, killed or pulled from under its parents ends, resumed, in the same weights byte for byte. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { philox } from '../../src/base/random.ts';
import { documentOf, errorOf, makePhantoms, type Running, start, temporaryFolder, tiny } from './helpers.ts';

interface Trained {
  readonly steps: number;
  readonly weightsSha256: string;
}

/** Long enough to be caught at any stage: several epochs, checkpoints and validations. */
const recipe = [...tiny, '--set', 'stepsPerEpoch=12', '--set', 'epochs=4'];

let cwd: string;
let remove: () => Promise<void>;
let whole: Trained;
/** From "Training on …" to the end, of the uninterrupted run. */
let trainingMs: number;

const fresh = (run: string) =>
  [
    'train',
    'vessel-mip',
    '--data',
    'phantoms',
    '--out',
    run,
    '--preset',
    'quick',
    ...recipe,
    '--json',
  ] as const;
const resume = (run: string) => ['train', 'vessel-mip', '--data', 'phantoms', '--out', run, '--resume'];

beforeAll(async () => {
  ({ folder: cwd, remove } = await temporaryFolder('interrupt'));
  await makePhantoms(cwd, { out: 'phantoms', count: 3 });
  const running = start(fresh('whole'), { cwd });
  await running.printed(/Training on/);
  const startedMs = performance.now();
  const { stdout } = await running.finished;
  trainingMs = performance.now() - startedMs;
  whole = JSON.parse(stdout) as Trained;
  expect(whole.steps).toBe(48);
});
afterAll(() => remove());

/** Uniform in 0-1, the same for the same moment. */
function seeded(moment: number): number {
  const out = new Uint32Array(4);
  philox([20_24, 7], [moment, 0, 0, 0], out);
  return out[0]! / 2 ** 32;
}

/** The process that trains, as the run's lock names it. */
function workerOf(run: string): number | undefined {
  const lock = join(cwd, run, 'lock');
  return existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : undefined;
}

/** Resumes at once, as a person would; an orphan may hold the run for the time of a few such tries, each the start of a process. */
async function resumeSoon(run: string): Promise<Trained> {
  for (let attempt = 1; attempt <= 4; attempt++) {
    const { stdout } = await start([...resume(run), '--json'], { cwd }).finished;
    const document = JSON.parse(stdout) as Trained & { error?: { code: string } };
    if (document.error === undefined) return document;
    expect(document.error).toMatchObject({ code: 'RUN_LOCKED' });
  }
  throw new Error(`${run} stayed locked after its processes were killed`);
}

type Victim = 'command line' | 'worker' | 'launcher';

async function kill({ child }: Running, victim: Victim, run: string): Promise<void> {
  const worker = workerOf(run);
  if (victim === 'worker' && worker !== undefined && child.exitCode === null) process.kill(worker, 'SIGKILL');
  else child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe('kill -9', () => {
  const victims: Victim[] = [
    'command line',
    'worker',
    'launcher',
    'command line',
    'command line',
    'command line',
    'worker',
    'command line',
    'launcher',
    'command line',
  ];

  it.each(
    victims.map((victim, moment) => ({ victim, moment })),
  )('of the $victim at random moment $moment', async ({ victim, moment }) => {
    const run = `killed-${moment}`;
    const running = start(fresh(run), { cwd, launcher: victim === 'launcher' });
    await running.printed(/Training on/);
    await delay(seeded(moment) * trainingMs);
    await kill(running, victim, run);
    const { weightsSha256 } = await resumeSoon(run);
    expect(weightsSha256).toBe(whole.weightsSha256);
  });

  it('of the worker is reported as a failed job: exit 4, and what to do', async () => {
    const running = start(fresh('crash'), { cwd });
    expect(await running.printed(/Training on/)).toBe(true);
    process.kill(workerOf('crash')!, 'SIGKILL');
    const { code, stdout } = await running.finished;
    expect({ code, document: JSON.parse(stdout) }).toEqual({
      code: 4,
      document: {
        error: {
          code: 'JOB_CRASHED',
          message: 'The worker process of this train job ended by signal SIGKILL.',
          hint: expect.stringContaining('--resume'),
        },
      },
    });
  });

  it('before training began: the run starts anew', async () => {
    const running = start(fresh('early'), { cwd });
    await delay(seeded(100) * 500);
    running.child.kill('SIGKILL');
    await running.finished;
    const { weightsSha256 } = await documentOf<Trained>([...fresh('early').slice(0, -1), '--resume'], {
      cwd,
    });
    expect(weightsSha256).toBe(whole.weightsSha256);
  });
});

describe('a signal', () => {
  it.each([
    { signal: 'SIGINT', launcher: false },
    { signal: 'SIGTERM', launcher: true },
  ] as const)('$signal leaves a checkpoint and exits 130 (launcher: $launcher)', async (row) => {
    const run = row.signal;
    const running = start(fresh(run), { cwd, launcher: row.launcher });
    expect(await running.printed(/Epoch 1 of 4/)).toBe(true);
    running.child.kill(row.signal);
    const { code, stdout, stderr } = await running.finished;
    expect({ code, document: JSON.parse(stdout) }).toEqual({
      code: 130,
      document: { error: { code: 'CANCELLED', message: 'Cancelled.' } },
    });
    expect(stderr).toContain('--resume');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(cwd, run, 'checkpoints/latest.safetensors'))).toBe(true);
    expect(existsSync(join(cwd, run, 'lock'))).toBe(false);
    const resumed = await documentOf<Trained>(resume(run), { cwd });
    expect(resumed).toEqual({ ...whole, run });
  });

  it('while phantoms are made ends the command as well', async () => {
    const args = ['phantom', 'vessels', '--out', 'many', '--count', '1000', '--size', '32', '--json'];
    const running = start(args, { cwd });
    while (!existsSync(join(cwd, 'many/labelsTr'))) await delay(20);
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.finished;
    expect({ code, document: JSON.parse(stdout) }).toMatchObject({
      code: 130,
      document: { error: { code: 'CANCELLED' } },
    });
  });
});

describe('a run that trains', () => {
  it('is not taken by a second process', async () => {
    const running = start(fresh('busy'), { cwd });
    await running.printed(/Training on/);
    // Held still, so that it is training for certain while the second one asks.
    const worker = workerOf('busy')!;
    process.kill(worker, 'SIGSTOP');
    const error = await errorOf(resume('busy'), { cwd });
    process.kill(worker, 'SIGCONT');
    expect(error).toMatchObject({ exitCode: 3, code: 'RUN_LOCKED', file: 'busy' });
    expect(error.message).toContain(String(worker));
    expect((await running.finished).code).toBe(0);
  });
});
