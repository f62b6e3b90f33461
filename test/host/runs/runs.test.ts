/** @file The list of runs: those of the command line, those half made, and broken ones that hide no other. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/contract/events.ts';
import type { RunId } from '../../../src/contract/ids.ts';
import { makeRuns } from '../../../src/host/runs/runs.ts';
import type { RunService } from '../../../src/host/services.ts';
import { createRun } from '../../../src/run/node/run-folder.ts';
import { appendLog } from '../../../src/run/node/run-log.ts';
import { tinyRecipe } from '../../training/tiny-recipe.ts';
import { codeOf, filesIn, temporaryFolder } from '../make-project.ts';

let folder: string;
let remove: () => Promise<void>;
let runs: RunService;
let events: HostEvent[];

beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  events = [];
  runs = makeRuns({ project: { folder }, publish: (event) => events.push(event) });
});
afterEach(() => remove());

const id = (name: string) => name as RunId;

/** As the command line leaves it: no meta.json. */
async function addRun(name: string, createdAt = '2026-01-02T03:04:05.000Z') {
  await createRun(join(folder, 'runs', name), {
    recipe: tinyRecipe(),
    record: {
      version: 1,
      createdAt,
      seed: 7,
      versions: { sagitta: '0.1.0', node: 'v24.0.0', plugin: '1.0.0' },
      device: { executor: 'cpu', description: 'CPU' },
      settings: { strength: 1 },
      split: { training: ['a', 'b'], validation: ['c'] },
      raters: ['reference'],
      dataSha256: {},
    },
  });
}

it('is empty without runs', async () => {
  expect(await runs.list()).toEqual([]);
});

it('knows a run from elsewhere by its folder', async () => {
  await addRun('from-elsewhere');
  await appendLog(join(folder, 'runs/from-elsewhere'), {
    event: 'epoch',
    step: 4,
    epoch: 1,
    values: { trainLoss: 0.5, dice: 0.4 },
    isBest: true,
  });
  expect(await runs.list()).toEqual([
    {
      id: 'from-elsewhere',
      name: 'from-elsewhere',
      plugin: { id: 'tiny', name: 'tiny', version: '1.0.0' },
      createdAt: '2026-01-02T03:04:05.000Z',
      job: null,
      preset: null,
      settings: { strength: 1 },
      seed: 7,
      step: 4,
      totalSteps: 12,
      epochs: 3,
      closedEpochs: 1,
      metrics: { dice: 0.4 },
      bestMetrics: { dice: 0.4 },
      canPredict: false,
      trainingSubjects: ['a', 'b'],
      validationSubjects: ['c'],
    },
  ]);
});

it('leaves out what is no run, and shows a run whose record is broken by what is left', async () => {
  await addRun('older', '2025-01-01T00:00:00.000Z');
  await addRun('newer');
  await addRun('broken');
  await writeFile(join(folder, 'runs/broken/run.json'), '{"version": 1');
  await mkdir(join(folder, 'runs/empty'));
  await mkdir(join(folder, 'runs/garbage'));
  await writeFile(join(folder, 'runs/garbage/recipe.json'), '[]');
  const list = await runs.list();
  expect(list.map((run) => run.id)).toEqual(['broken', 'newer', 'older']);
  expect(list[0]).toMatchObject({ seed: 0, trainingSubjects: [], totalSteps: 12 });
});

it('renames and removes a run from elsewhere', async () => {
  await addRun('one');
  expect(await runs.rename(id('one'), 'The one')).toMatchObject({ id: 'one', name: 'The one' });
  expect(await runs.list()).toMatchObject([{ id: 'one', name: 'The one', job: null }]);
  await runs.remove(id('one'));
  expect(await runs.list()).toEqual([]);
  expect((await filesIn(join(folder, 'trash'))).some((file) => file.endsWith('-one/run.json'))).toBe(true);
  expect(events).toEqual([{ type: 'runs' }, { type: 'runs' }]);
});

it.each(['none', '..', '../subjects'])('refuses %s, which is no run of the project', async (name) => {
  expect(await codeOf(runs.remove(id(name)))).toBe('RUN_UNKNOWN');
  expect(await codeOf(runs.picture(id(name), 1))).toBe('RUN_UNKNOWN');
  expect(await codeOf(runs.curves(id(name)))).toBe('RUN_UNKNOWN');
  expect(await codeOf(runs.rename(id(name), 'x'))).toBe('RUN_UNKNOWN');
});
