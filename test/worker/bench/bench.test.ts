import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityAffine } from '../../../src/imaging/geometry/affine.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { bench } from '../../../src/worker/bench/bench.ts';
import { type Command, Contestant } from '../../../src/worker/bench/contestant.ts';
import { parameterCount, trainingGraph } from '../../../src/worker/bench/networks.ts';
import { findPeer } from '../../../src/worker/bench/python.ts';
import type { Specification } from '../../../src/worker/bench/specification.ts';
import { executors } from '../../helpers/executors.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;
const source = join(import.meta.dirname, '../../../src/worker/bench');
const ours: Command = { who: 'Sagitta', file: process.execPath, args: [join(source, 'ours.ts')] };
const torch = await findPeer('torch');
const nibabel = await findPeer('nibabel');
const never = new AbortController().signal;

const tiny = { net: 'unet-mss', threads: 1, batch: 1, patch: 8, channels: [2, 4, 8] } as const;

/** Warm-up, one run, the end. */
async function match(command: Command, spec: Specification) {
  const contestant = new Contestant(command, spec, never);
  const ready = await contestant.ready();
  const seconds = await contestant.measure();
  const peakBytes = await contestant.finish();
  expect(seconds).toBeGreaterThan(0);
  expect(peakBytes).toBeGreaterThan(2 ** 20);
  return ready;
}

describe.skipIf(skipped)('our measuring process', () => {
  it.each(['train', 'infer'] as const)('runs a small network: %s', async (what) => {
    const { parameters, peer } = await match(ours, { what, ...tiny });
    expect(parameters).toBeGreaterThan(0);
    expect(peer).toBeUndefined();
  });

  it('ends with its last words when its work fails', async () => {
    const contestant = new Contestant(ours, { what: 'load', file: '/nowhere/volume.nii.gz' }, never);
    await expect(contestant.ready()).rejects.toMatchObject({
      code: 'BENCH_PROCESS_FAILED',
      why: expect.stringContaining('volume.nii.gz'),
    });
  });

  it('says so when its program cannot be started', async () => {
    const contestant = new Contestant(
      { who: 'nobody', file: '/nowhere/python3', args: [] },
      { what: 'train', ...tiny },
      never,
    );
    await expect(contestant.ready()).rejects.toMatchObject({ code: 'BENCH_PROCESS_FAILED' });
  });

  it('ends when the job is cancelled', async () => {
    const abort = new AbortController();
    const contestant = new Contestant(ours, { what: 'train', ...tiny }, abort.signal);
    abort.abort();
    await expect(contestant.ready()).rejects.toThrow('cancelled');
  });
});

const noTorch = torch === null ? ' (skipped: no Python with torch)' : '';

describe.skipIf(torch === null)(`PyTorch's measuring process${noTorch}`, () => {
  it.each([
    'unet3d',
    'unet-mss',
  ] as const)('has the network %s with as many parameters as ours', async (net) => {
    const { parameters, peer } = await match(torch!, { what: 'train', ...tiny, net });
    expect(parameters).toBe(parameterCount(trainingGraph(net, tiny)));
    expect(peer).toMatch(/^PyTorch \d/);
  });
});

describe('loading', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sagitta-bench-test-'));
  const file = join(folder, 'volume.nii.gz');
  beforeAll(() =>
    writeVolume(file, {
      data: new Int16Array(8 ** 3).fill(7),
      dtype: 'int16',
      dims: [8, 8, 8],
      timePoints: 1,
      components: 1,
      spacingMm: [1, 1, 1],
      timeStepS: 0,
      rasFromIjk: identityAffine,
      slope: 1,
      intercept: 0,
    }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs on our side', async () => {
    await match(ours, { what: 'load', file });
  });

  it.skipIf(nibabel === null)("runs on nibabel's side", async () => {
    expect((await match(nibabel!, { what: 'load', file })).peer).toMatch(/^nibabel \d/);
  });
});

describe('the job', () => {
  const job = { kind: 'bench', what: 'train', sweep: false, device: 'auto', repeat: 1 } as const;
  const context = { signal: never, report: () => undefined };

  it.skipIf(skipped)('names the networks that it knows', async () => {
    await expect(bench({ ...job, net: 'resnet' }, context)).rejects.toMatchObject({
      code: 'BENCH_NETWORK_UNKNOWN',
      next: expect.stringContaining('unet-mss'),
    });
  });
});

describe('the reference network', () => {
  it('has the parameters of its layers: 27·in·out + out a convolution, 2·out a norm, 1·in + 1 a head', () => {
    const round = (before: number, after: number) => 27 * before * after + 3 * after;
    const block = (before: number, after: number) => round(before, after) + round(after, after);
    const [a, b, c, d] = [16, 32, 64, 128] as const;
    const down = block(1, a) + block(a, b) + block(b, c) + block(c, d);
    const up = [
      [d, c],
      [c, b],
      [b, a],
    ].reduce((total, [below, width]) => total + round(below!, width!) + block(2 * width!, width!), 0);
    const graph = trainingGraph('unet3d', { batch: 2, patch: 16, channels: [a, b, c, d] });
    expect(parameterCount(graph)).toBe(down + up + a + 1);
  });
});
