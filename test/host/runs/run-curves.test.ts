/** @file A run's log as curves: thinning, what is newest and best, following a log that grows and one that was cut back. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Columns, RunProgress, thin } from '../../../src/host/runs/run-curves.ts';
import { RunLogFollower } from '../../../src/host/runs/run-log-follower.ts';
import { appendLog, truncateLog } from '../../../src/run/node/run-log.ts';

describe('thinning', () => {
  it('leaves up to a thousand points as they are', () => {
    const columns = new Columns();
    for (let step = 1; step <= 1000; step++) columns.add(step, { loss: 1 / step });
    expect(thin(columns)).toEqual({ x: columns.x, series: { loss: columns.series.get('loss') } });
  });

  it('averages neighbours, and leaves out what does not exist', () => {
    const columns = new Columns();
    for (let step = 1; step <= 2001; step++)
      columns.add(step, { loss: step, dice: step <= 3 ? null : step % 3 === 1 ? 6 : Number.NaN });
    const { x, series } = thin(columns);
    expect(x).toHaveLength(667);
    expect(x.slice(0, 2)).toEqual([2, 5]);
    expect(x.at(-1)).toBe(2000);
    expect(series.loss).toEqual(x);
    expect(series.dice!.slice(0, 3)).toEqual([null, 6, 6]);
  });

  it('gives a column that begins late nothing before', () => {
    const columns = new Columns();
    columns.add(1, { loss: 3 });
    columns.add(2, { loss: 2, dice: 0.5 });
    columns.add(3, { dice: 0.6 });
    expect(thin(columns)).toEqual({
      x: [1, 2, 3],
      series: { loss: [3, 2, null], dice: [null, 0.5, 0.6] },
    });
  });
});

describe('progress', () => {
  it('knows the newest validation and the best one', () => {
    const progress = new RunProgress();
    const epoch = (number: number, values: object, isBest: boolean) =>
      progress.add({ event: 'epoch', step: 10 * number, epoch: number, values, isBest });
    epoch(1, { trainLoss: 1, dice: 0.7 }, true);
    epoch(2, { trainLoss: 0.9, dice: 0.6 }, false);
    epoch(3, { trainLoss: 0.8 }, false);
    expect(progress).toMatchObject({
      step: 30,
      closedEpochs: 3,
      metrics: { dice: 0.6 },
      bestMetrics: { dice: 0.7 },
    });
  });
});

describe('a log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sagitta-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const logStep = (step: number) =>
    appendLog(folder, { event: 'step', step, epoch: 1, learningRate: 0.1, values: { loss: step } });

  it('that grows is read on, a line that is being written waits', async () => {
    const follower = new RunLogFollower(folder);
    expect((await follower.look()).step).toBe(0);
    await logStep(1);
    expect((await follower.look()).steps.x).toEqual([1]);
    await logStep(2);
    await appendFile(join(folder, 'log.ndjson'), '{"event":"step","step":3');
    expect((await follower.look()).steps.x).toEqual([1, 2]);
    await appendFile(join(folder, 'log.ndjson'), ',"epoch":1,"values":{"loss":3}}\n');
    expect((await follower.look()).steps.x).toEqual([1, 2, 3]);
  });

  it('that was cut back is read anew', async () => {
    const follower = new RunLogFollower(folder);
    for (const step of [1, 2, 3]) await logStep(step);
    expect((await follower.look()).step).toBe(3);
    await truncateLog(folder, 1);
    await logStep(2);
    const { step, steps } = await follower.look();
    expect({ step, x: steps.x, loss: steps.series.get('loss') }).toEqual({
      step: 2,
      x: [1, 2],
      loss: [1, 2],
    });
  });
});
