/** @file Rows of the table of runs. */
import { describe, expect, it } from 'vitest';
import type { JobId, RunId } from '../../../../src/contract/ids.ts';
import type { JobSummary } from '../../../../src/contract/queue.ts';
import type { RunSummary } from '../../../../src/contract/runs.ts';
import {
  canPause,
  canRemove,
  canResume,
  canStop,
  nextSorting,
  runRows,
  sortRows,
} from '../../../../src/renderer/features/train/run-rows.ts';

const run = (id: string, fields: Partial<RunSummary> = {}): RunSummary => ({
  id: id as RunId,
  name: id,
  plugin: { id: 'vessels', name: 'Vessels', version: '1.0.0' },
  createdAt: '2026-01-01T10:00:00Z',
  job: null,
  preset: 'quick',
  settings: {},
  seed: 1,
  step: 40,
  totalSteps: 100,
  epochs: 10,
  closedEpochs: 4,
  metrics: {},
  bestMetrics: {},
  canPredict: false,
  trainingSubjects: [],
  validationSubjects: [],
  ...fields,
});

const job = (id: string, fields: Partial<JobSummary> = {}): JobSummary => ({
  id: id as JobId,
  kind: 'train',
  title: `Train ${id}`,
  state: 'running',
  createdAt: '2026-01-01T10:00:00Z',
  startedAt: '2026-01-01T10:01:00Z',
  endedAt: null,
  progress: null,
  error: null,
  note: null,
  device: 'cpu',
  run: null,
  prediction: null,
  memoryBytes: null,
  ...fields,
});

const rowsOf = (runs: RunSummary[], jobs: JobSummary[]) =>
  runRows({ runs, jobs, presetLabel: (_, preset) => preset, now: Date.parse('2026-01-01T10:03:00Z') });
const jobOf = (id: string) => ({ job: id as JobId });
const runOf = (id: string) => ({ run: id as RunId });

describe('a row', () => {
  it('has the state of its job', () => {
    const [row] = rowsOf([run('a', jobOf('1'))], [job('1', { state: 'interrupted', ...runOf('a') })]);
    expect(row).toMatchObject({ key: 'a', name: 'a', state: 'interrupted' });
  });

  it('tells a complete run from an unfinished one where no job is known', () => {
    expect(rowsOf([run('a', { step: 100 }), run('b')], []).map(({ state }) => state)).toEqual([
      'done',
      'unfinished',
    ]);
  });

  it('counts steps as they come, not as they were last saved', () => {
    const progress = { task: 'Training', done: 70, total: 100, secondsLeft: null };
    const [row] = rowsOf([run('a', jobOf('1'))], [job('1', { ...runOf('a'), progress })]);
    expect(row?.share).toBe(0.7);
  });

  it('does not take the progress of a validation for that of the training', () => {
    const progress = { task: 'Validating', done: 1, total: 2, secondsLeft: null };
    const [row] = rowsOf([run('a', jobOf('1'))], [job('1', { ...runOf('a'), progress })]);
    expect(row?.share).toBe(0.4);
  });

  it('shows the weights that predict before the newest', () => {
    const [row] = rowsOf([run('a', { metrics: { dice: 0.6, loss: 0.3 }, bestMetrics: { dice: 0.8 } })], []);
    expect(row).toMatchObject({ dice: 0.8, loss: 0.3, clDice: null });
  });

  it('says how long it took, until now while it runs', () => {
    const over = { state: 'done', endedAt: '2026-01-01T10:01:30Z' } as const;
    const jobs = [job('1', { ...over, ...runOf('a') }), job('2', runOf('b'))];
    expect(rowsOf([run('a', jobOf('1')), run('b', jobOf('2'))], jobs).map(({ seconds }) => seconds)).toEqual([
      30, 120,
    ]);
  });

  it('stands for a training that waits for its folder, once', () => {
    const waiting = job('1', { state: 'waiting', startedAt: null });
    expect(rowsOf([], [waiting])).toMatchObject([{ key: '1', id: null, name: '1', state: 'waiting' }]);
    const begun = job('1', runOf('a'));
    expect(rowsOf([run('a', jobOf('1'))], [begun]).map(({ key }) => key)).toEqual(['a']);
  });

  it('does not stand for predictions, nor for a training whose run is removed', () => {
    expect(
      rowsOf([], [job('1', { kind: 'predict' }), job('2', { state: 'done', ...runOf('gone') })]),
    ).toEqual([]);
  });
});

describe('what can be done', () => {
  const rowIn = (state: JobSummary['state']) =>
    rowsOf([run('a', jobOf('1'))], [job('1', { state, ...runOf('a') })])[0]!;

  it.each([
    ['waiting', { pause: false, resume: false, stop: true, remove: false }],
    ['running', { pause: true, resume: false, stop: true, remove: false }],
    ['pausing', { pause: false, resume: false, stop: true, remove: false }],
    ['paused', { pause: false, resume: true, stop: true, remove: true }],
    ['interrupted', { pause: false, resume: true, stop: false, remove: true }],
    ['failed', { pause: false, resume: true, stop: false, remove: true }],
    ['cancelled', { pause: false, resume: true, stop: false, remove: true }],
    ['done', { pause: false, resume: false, stop: false, remove: true }],
  ] as const)('while %s', (state, expected) => {
    const row = rowIn(state);
    expect({
      pause: canPause(row),
      resume: canResume(row),
      stop: canStop(row),
      remove: canRemove(row),
    }).toEqual(expected);
  });

  it('is not resuming where no job is known', () => {
    expect(canResume(rowsOf([run('a')], [])[0]!)).toBe(false);
  });
});

describe('sorting', () => {
  const rows = rowsOf(
    [
      run('try 10', { bestMetrics: { dice: 0.7 } }),
      run('try 9', { bestMetrics: { dice: 0.9 } }),
      run('try 2'),
    ],
    [],
  );
  const namesBy = (by: 'name' | 'dice', isDescending: boolean) =>
    sortRows(rows, { by, isDescending }).map(({ name }) => name);

  it('reads numbers in names', () => {
    expect(namesBy('name', false)).toEqual(['try 2', 'try 9', 'try 10']);
  });

  it('puts what has no value last either way', () => {
    expect(namesBy('dice', true)).toEqual(['try 9', 'try 10', 'try 2']);
    expect(namesBy('dice', false)).toEqual(['try 10', 'try 9', 'try 2']);
  });

  it('begins with the best, then turns round', () => {
    const byDice = nextSorting({ by: 'name', isDescending: false }, 'dice');
    expect(byDice).toEqual({ by: 'dice', isDescending: true });
    expect(nextSorting(byDice, 'dice').isDescending).toBe(false);
    expect(nextSorting(byDice, 'loss')).toEqual({ by: 'loss', isDescending: false });
  });
});
