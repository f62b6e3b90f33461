/** @file The run folder: round trips, damage, and what is left after a crash. */
import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/run/checkpoint.ts';
import { keepUntilStep } from '../../../src/run/log.ts';
import { readCheckpointFile, weightsSha256 } from '../../../src/run/node/checkpoint-file.ts';
import {
  readBestCheckpoint,
  readLatestCheckpoint,
  removeUnfinished,
  writeBestCheckpoint,
  writeLatestCheckpoint,
} from '../../../src/run/node/checkpoints.ts';
import { createRun, hasRun, readRun } from '../../../src/run/node/run-folder.ts';
import { lockRun } from '../../../src/run/node/run-lock.ts';
import { appendLog, readLog, truncateLog } from '../../../src/run/node/run-log.ts';
import { parseRunRecord, runRecordSchema } from '../../../src/run/run-record.ts';
import { tinyRecipe } from '../../training/tiny-recipe.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

function checkpoint(step: number): Checkpoint {
  return {
    state: {
      version: 1,
      step,
      closedEpochs: 0,
      best: { step: 1, value: 0.5 },
      metrics: { dice: 0.5, none: null },
    },
    tensors: new Map([
      ['b.weight', { shape: [2, 3], values: Float32Array.from({ length: 6 }, (_, i) => i + step) }],
      ['a.bias', { shape: [3], values: Float32Array.of(-0, 1e-40, Number.NaN) }],
      ['optimiser.count', { shape: [], values: Float32Array.of(step) }],
      ['7', { shape: [1], values: Float32Array.of(7) }],
    ]),
  };
}

const latest = () => join(folder, 'checkpoints/latest.safetensors');
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

describe('a checkpoint', () => {
  it('comes back bit by bit', async () => {
    await writeLatestCheckpoint(folder, checkpoint(4));
    const back = await readLatestCheckpoint(folder);
    expect(back?.state).toEqual(checkpoint(4).state);
    expect(back?.damaged).toBeUndefined();
    expect(weightsSha256(back!.tensors)).toBe(weightsSha256(checkpoint(4).tensors));
    expect(back?.tensors.get('b.weight')).toEqual(checkpoint(4).tensors.get('b.weight'));
    expect(Object.is(back?.tensors.get('a.bias')?.values[0], -0)).toBe(true);
  });

  it('is a safetensors file: length, JSON header, aligned numbers', async () => {
    await writeLatestCheckpoint(folder, checkpoint(4));
    const bytes = await readFile(latest());
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    const entry = header['b.weight'];
    expect(length % 8).toBe(0);
    expect(entry).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    expect(bytes.readFloatLE(8 + length + entry.data_offsets[0] + 4)).toBe(5);
  });

  it('falls back to the one before when the latest is damaged', async () => {
    await writeLatestCheckpoint(folder, checkpoint(1));
    await writeLatestCheckpoint(folder, checkpoint(2));
    const bytes = await readFile(latest());
    bytes[bytes.length - 9]! ^= 1;
    await writeFile(latest(), bytes);
    const found = await readLatestCheckpoint(folder);
    expect(found?.state.step).toBe(1);
    expect(found?.damaged?.code).toBe('CHECKPOINT_DAMAGED');
  });

  it.each([
    'cut off in the header',
    'cut off in the numbers',
    'empty',
    'state changed by hand',
    'not JSON',
  ])('says so when it is %s', async (fault) => {
    await writeLatestCheckpoint(folder, checkpoint(3));
    const bytes = await readFile(latest());
    if (fault === 'cut off in the header') await truncate(latest(), 40);
    if (fault === 'cut off in the numbers') await truncate(latest(), bytes.length - 4);
    if (fault === 'empty') await truncate(latest(), 0);
    if (fault === 'state changed by hand') {
      const text = bytes.toString('latin1').replace('\\"step\\":3', '\\"step\\":9');
      await writeFile(latest(), Buffer.from(text, 'latin1'));
    }
    if (fault === 'not JSON') await writeFile(latest(), bytes.fill(0x7b, 8, 30));
    expect(await codeOf(readCheckpointFile(latest()))).toBe('CHECKPOINT_DAMAGED');
    expect(await codeOf(readLatestCheckpoint(folder))).toBe('CHECKPOINT_DAMAGED');
  });

  it('is found at each moment of being replaced', async () => {
    await writeLatestCheckpoint(folder, checkpoint(1));
    // Between the two renames there is no `latest`; a leftover of an unfinished write changes nothing.
    await rename(latest(), join(folder, 'checkpoints/previous.safetensors'));
    await writeFile(join(folder, 'checkpoints/next.safetensors.1234.tmp'), 'half');
    expect((await readLatestCheckpoint(folder))?.state.step).toBe(1);
    await removeUnfinished(folder);
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['previous.safetensors']);
  });

  it('to predict with holds no state of the optimiser, and is the latest when none was chosen', async () => {
    expect(await readBestCheckpoint(folder)).toBeUndefined();
    await writeLatestCheckpoint(folder, checkpoint(5));
    expect((await readBestCheckpoint(folder))?.state.step).toBe(5);
    await writeBestCheckpoint(folder, checkpoint(2));
    const best = await readBestCheckpoint(folder);
    expect(best?.state.step).toBe(2);
    expect([...best!.tensors.keys()].sort()).toEqual(['7', 'a.bias', 'b.weight']);
  });
});

describe('the hash of weights', () => {
  it('does not depend on their order, but on every bit and name', () => {
    const { tensors } = checkpoint(1);
    const hash = weightsSha256(tensors);
    expect(weightsSha256(new Map([...tensors].reverse()))).toBe(hash);
    expect(weightsSha256(checkpoint(2).tensors)).not.toBe(hash);
    const renamed = new Map([...tensors].map(([name, tensor]) => [`x${name}`, tensor]));
    expect(weightsSha256(renamed)).not.toBe(hash);
  });
});

const record = runRecordSchema.parse({
  version: 1,
  createdAt: '2026-01-02T03:04:05.000Z',
  seed: 1,
  versions: { sagitta: '0.1.0', node: 'v24', plugin: '1.0.0' },
  device: { executor: 'reference', description: 'plain TypeScript' },
  settings: { levels: 3 },
  split: { training: ['a'], validation: ['b'] },
  raters: ['reference'],
  dataSha256: { a: 'ff', b: 'ee' },
});

describe('the run folder', () => {
  it('keeps recipe and record, and refuses a second run', async () => {
    const recipe = tinyRecipe();
    expect(await hasRun(folder)).toBe(false);
    await createRun(folder, { recipe, record });
    expect(await readRun(folder)).toEqual({ recipe, record });
    expect(await codeOf(createRun(folder, { recipe, record }))).toBe('RUN_FOLDER_IN_USE');
  });

  it('names what is missing or wrong', async () => {
    expect(await codeOf(readRun(folder))).toBe('RUN_MISSING');
    await writeFile(join(folder, 'run.json'), '{"version": 1');
    expect(await codeOf(readRun(folder))).toBe('RUN_RECORD_INVALID');
    expect(() => parseRunRecord({ ...record, version: 2 }, 'run.json')).toThrow(/format 2.*up to 1/);
    expect(() => parseRunRecord({ ...record, seed: 'x' }, 'run.json')).toThrow(/seed/);
    expect(() => parseRunRecord([], 'run.json')).toThrow(/version/);
  });

  it('is locked while a process trains in it, and free after that process has died', async () => {
    const unlock = await lockRun(folder);
    expect(await codeOf(lockRun(folder))).toBe('RUN_LOCKED');
    await unlock();
    // No process has the largest id that Linux allows.
    await writeFile(join(folder, 'lock'), '4194304');
    await (await lockRun(folder))();
  });
});

describe('the log', () => {
  it('goes back to a step, dropping what was cut off', async () => {
    for (const step of [1, 2, 3]) await appendLog(folder, { event: 'step', step });
    await truncateLog(folder, 2);
    expect((await readLog(folder)).map(({ step }) => step)).toEqual([1, 2]);
    expect(keepUntilStep('{"event":"step","step":1}\n{"event":"st', 9)).toBe('{"event":"step","step":1}\n');
    expect(keepUntilStep('', 9)).toBe('');
  });
});
