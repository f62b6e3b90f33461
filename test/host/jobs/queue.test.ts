/** @file The queue with real worker processes: order, pausing, stopping, crashes of workers and of the host. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/base/cancel.ts';
import { invariant } from '../../../src/base/errors.ts';
import type { JobId } from '../../../src/contract/ids.ts';
import type { JobEvent } from '../../../src/contract/job-events.ts';
import type { JobSummary } from '../../../src/contract/queue.ts';
import { predictFiles } from '../../../src/worker/predict.ts';
import { codeOf, filesIn, temporaryFolder } from '../make-project.ts';
import { makePhantomProject, type OpenQueue, reopenQueue, tinyTraining, weightsOf } from './make-queue.ts';

let open: OpenQueue;
let folder: string;
let remove: () => Promise<void>;
let whole: JobSummary;
/** Of the weights after training without interruption. */
let wholeWeights: string;

beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  open = await makePhantomProject(folder);
  whole = await open.queue.train(tinyTraining);
  whole = await open.reaches(whole.id, 'done');
  wholeWeights = await weightsOf(open.project, whole.run);
});
afterAll(async () => {
  await open.close();
  await remove();
});

/** States of a job in the order in which they were published. */
function statesOf(id: JobId): string[] {
  const states = open.events.flatMap((event) =>
    event.type === 'job' && event.job.id === id ? [event.job.state] : [],
  );
  return states.filter((state, index) => state !== states[index - 1]);
}

/** Resolves when the job's training is at its `step`th update. */
function trains(job: JobSummary, step: number): Promise<unknown> {
  return open.event((event) => event.type === 'metrics' && event.run === job.run && event.step >= step);
}

describe('a training', () => {
  it('tells every number, and of its progress only as much as can be seen', async () => {
    const metrics = open.events.filter((event) => event.type === 'metrics' && event.run === whole.run);
    expect(metrics.filter((event) => event.type === 'metrics' && event.of === 'step')).toHaveLength(80);
    expect(metrics.filter((event) => event.type === 'metrics' && event.of === 'epoch')).toHaveLength(4);
    expect(statesOf(whole.id)).toEqual(['waiting', 'running', 'done']);
    const jobs = open.events.flatMap((event) =>
      event.type === 'job' && event.job.id === whole.id ? [event.job] : [],
    );
    expect(jobs.length).toBeLessThan(80);
    expect(jobs.some(({ memoryBytes }) => (memoryBytes ?? 0) > 2 ** 24)).toBe(true);
    expect(whole).toMatchObject({ title: 'Train tiny', run: 'tiny', error: null, progress: null });
  });

  it('keeps the notes of its worker, with times', async () => {
    const log = await open.queue.log(whole.id);
    expect(log[0]).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      text: 'Training on 2 subjects, validating on 1.',
    });
    expect(log.filter(({ text }) => text.startsWith('Epoch '))).toHaveLength(4);
  });

  it('leaves a run with curves and a picture of each validation', async () => {
    const [run] = await open.runs.list();
    expect(run).toMatchObject({
      id: 'tiny',
      name: 'tiny',
      preset: 'quick',
      job: whole.id,
      seed: 5,
      canPredict: true,
    });
    expect(run).toMatchObject({ step: 80, totalSteps: 80, epochs: 4, closedEpochs: 4 });
    expect(Object.keys(run!.metrics)).toEqual(['loss', 'dice', 'clDice']);
    expect([...run!.trainingSubjects, ...run!.validationSubjects].sort()).toEqual(['sub1', 'sub2', 'sub3']);
    const { steps, epochs, pictureEpochs } = await open.runs.curves(run!.id);
    expect({ steps: steps.x.length, epochs: epochs.x, pictureEpochs }).toEqual({
      steps: 80,
      epochs: [1, 2, 3, 4],
      pictureEpochs: [2, 4],
    });
    const { stream, sizeBytes } = await open.runs.picture(run!.id, 4);
    const bytes = Buffer.concat(await stream.toArray());
    expect(bytes).toHaveLength(sizeBytes);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    // Four panels of 32 voxels with gaps between.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([4 * 32 + 3 * 4, 32]);
    expect(await codeOf(open.runs.picture(run!.id, 3))).toBe('PICTURE_MISSING');
  });
});

describe('pausing', () => {
  it('and resuming ends in the weights of a training that was never paused', async () => {
    const job = await open.queue.train(tinyTraining);
    await trains(job, 20);
    expect(await open.queue.pause(job.id)).toMatchObject({ state: 'pausing' });
    expect(await codeOf(open.runs.remove(job.run!))).toBe('RUN_BUSY');
    await open.reaches(job.id, 'paused');
    const paused = (await open.runs.list()).find(({ id }) => id === job.run)!;
    expect(paused.step).toBeGreaterThan(0);
    expect(paused.step).toBeLessThan(80);
    expect(open.queue.isBusy()).toBe(false);
    await open.queue.resume(job.id);
    await open.reaches(job.id, 'done');
    expect(statesOf(job.id)).toEqual([
      'waiting',
      'running',
      'pausing',
      'paused',
      'waiting',
      'running',
      'done',
    ]);
    expect(await weightsOf(open.project, job.run)).toBe(wholeWeights);
    expect(job.run).toBe('tiny-2');
  });
});

describe('kill -9 of a worker', () => {
  it('fails its job with what to do, lets the next one go on, and can be resumed', async () => {
    const job = await open.queue.train(tinyTraining);
    const behind = await open.queue.train({
      ...tinyTraining,
      settings: { ...tinyTraining.settings, epochs: 1 },
    });
    expect(behind.state).toBe('waiting');
    await trains(job, 40);
    process.kill(Number(readFileSync(open.project.path(`runs/${job.run}/lock`), 'utf8')), 'SIGKILL');
    const failed = await open.reaches(job.id, 'failed');
    expect(failed.error).toMatchObject({
      code: 'JOB_CRASHED',
      hint: expect.stringContaining('out of memory'),
    });
    await open.reaches(behind.id, 'done');
    await open.queue.resume(job.id);
    expect((await open.reaches(job.id, 'done')).error).toBeNull();
    expect(await weightsOf(open.project, job.run)).toBe(wholeWeights);
  });
});

describe('a label map that cannot be read', () => {
  it('fails the job with the file, named from within the project', async () => {
    const path = 'subjects/sub3/labels/MRA/reference.nii.gz';
    const whole = readFileSync(open.project.path(path));
    writeFileSync(open.project.path(path), whole.subarray(0, whole.length / 2));
    const job = await open.queue.train(tinyTraining);
    const { error } = await open.reaches(job.id, 'failed');
    writeFileSync(open.project.path(path), whole);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(NIFTI|GZIP)/), file: path });
    expect((await open.queue.log(job.id)).at(-1)!.text).toContain(error!.code);
    await open.queue.dismiss(job.id);
  });
});

describe('stopping', () => {
  it('a training keeps what it has learnt; waiting jobs are paused and stopped at once', async () => {
    const job = await open.queue.train(tinyTraining);
    const waiting = await open.queue.train(tinyTraining);
    expect(await open.queue.pause(waiting.id)).toMatchObject({ state: 'paused' });
    expect(await open.queue.cancel(waiting.id)).toMatchObject({ state: 'cancelled' });
    await trains(job, 20);
    await open.queue.cancel(job.id);
    await open.reaches(job.id, 'cancelled');
    expect(existsSync(open.project.path(`runs/${job.run}/checkpoints/latest.safetensors`))).toBe(true);
    expect(await codeOf(open.queue.pause(job.id))).toBe('JOB_STATE_UNFIT');
    await open.queue.dismiss(job.id);
    await open.queue.dismiss(waiting.id);
    // Nothing was begun in it.
    expect(existsSync(open.project.path(`runs/${waiting.run}`))).toBe(false);
    expect(await codeOf(open.queue.log(job.id))).toBe('JOB_UNKNOWN');
    expect((await open.runs.list()).find(({ id }) => id === job.run)).toMatchObject({ job: null });
    expect(await codeOf(open.queue.resume(whole.id))).toBe('JOB_STATE_UNFIT');
  });
});

describe('a run', () => {
  it('is renamed, and removed to the trash', async () => {
    const [job] = (await open.queue.list()).filter(({ run }) => run === 'tiny-4');
    invariant(job !== undefined, 'the run behind the one whose worker was killed');
    expect(await open.runs.rename(job.run!, 'best yet')).toMatchObject({ name: 'best yet' });
    const renamed = (await open.runs.list()).find(({ id }) => id === job.run);
    expect(renamed).toMatchObject({ name: 'best yet', job: job.id });
    await open.runs.remove(job.run!);
    expect((await open.runs.list()).map(({ id }) => id)).not.toContain(job.run);
    const trash = await filesIn(open.project.path('trash'));
    expect(trash.some((file) => file.endsWith(`-${job.run}/recipe.json`))).toBe(true);
    expect(await codeOf(open.runs.curves(job.run!))).toBe('RUN_UNKNOWN');
  });
});

describe('a prediction', () => {
  it('writes maps, volumes, uncertain regions and metrics, and is removed to the trash', async () => {
    const { subjects } = await open.library.list();
    const images = subjects.slice(0, 2).map((subject) => subject.images[0]!.id);
    const job = await open.queue.predict({ run: whole.run!, images, device: 'auto' });
    expect(job).toMatchObject({ kind: 'predict', title: 'Segment 2 volumes', prediction: 'tiny-1' });
    expect(await codeOf(open.queue.pause(job.id))).toBe('JOB_NOT_PAUSABLE');
    await open.reaches(job.id, 'done');
    const [prediction] = await open.predictions.list();
    expect(prediction).toMatchObject({ id: 'tiny-1', run: 'tiny', runName: 'tiny' });
    expect(prediction!.cases.map(({ image, subject }) => ({ image, subject }))).toEqual(
      images.map((image, index) => ({ image, subject: `sub${index + 1}` })),
    );
    const [first] = prediction!.cases;
    expect(first!.maps.map(({ name, kind, unit, colourMap }) => ({ name, kind, unit, colourMap }))).toEqual([
      { name: 'labels', kind: 'labels', unit: '', colourMap: 'classes' },
      { name: 'probability', kind: 'probability', unit: '', colourMap: 'magma' },
      { name: 'uncertainty', kind: 'uncertainty', unit: 'bit', colourMap: 'magma' },
    ]);
    for (const { id } of first!.maps) expect(existsSync(await open.library.fileOf(id))).toBe(true);
    expect(first!.metrics).toMatchObject({ dice: expect.any(Number), sensitivity: expect.any(Number) });
    expect(Object.keys(first!.volumesMl)).toEqual(['Vessel']);
    for (const { peak, volumeMl } of first!.uncertainRegions) {
      expect(peak).toBeGreaterThan(0.5);
      expect(volumeMl).toBeGreaterThan(0);
    }
    await open.predictions.remove(prediction!.id);
    expect(await open.predictions.list()).toEqual([]);
    expect(await codeOf(open.library.fileOf(first!.maps[0]!.id))).toBe('VOLUME_UNKNOWN');
  });

  it('that is stopped between two volumes keeps the first', async () => {
    const { subjects } = await open.library.list();
    const files = await Promise.all(subjects.map((subject) => open.library.fileOf(subject.images[0]!.id)));
    const abort = new AbortController();
    const out = join(folder, 'stopped');
    const job = {
      kind: 'predict',
      run: open.project.path('runs/tiny'),
      cases: files.map((file, index) => ({ stem: `case${index}`, images: [file] })),
      out,
      device: 'cpu',
    } as const;
    const report = (event: JobEvent) => {
      if (event.type === 'progress' && event.task === 'Segmenting case1 (2 of 3)') abort.abort();
    };
    await expect(predictFiles(job, { signal: abort.signal, report })).rejects.toThrow(Cancelled);
    const outputs = JSON.parse(readFileSync(join(out, 'outputs.json'), 'utf8')) as {
      cases: { stem: string }[];
    };
    // The second has one window, which is finished.
    expect(outputs.cases.map(({ stem }) => stem)).toEqual(['case0', 'case1']);
    expect(await filesIn(out)).toHaveLength(2 * 3 + 1);
  });

  it('is refused for a run that is not there and for an image that is not', async () => {
    const { subjects } = await open.library.list();
    const images = [subjects[0]!.images[0]!.id];
    const none = 'none' as typeof whole.run & string;
    expect(await codeOf(open.queue.predict({ run: none, images, device: 'auto' }))).toBe('RUN_UNKNOWN');
    const gone = ['subjects/x/images/y.nii.gz'] as unknown as typeof images;
    expect(await codeOf(open.queue.predict({ run: whole.run!, images: gone, device: 'auto' }))).toBe(
      'VOLUME_UNKNOWN',
    );
  });
});

describe('kill -9 of the host', () => {
  it('interrupts what ran, starts what waited, and ends in the same weights', async () => {
    await open.close();
    const host = spawn(process.execPath, [join(import.meta.dirname, 'queue-host.ts'), open.project.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(host.stdout!, 'data')) as [Buffer];
    const { first, second } = JSON.parse(String(line)) as { first: JobId; second: JobId };
    host.kill('SIGKILL');
    await once(host, 'exit');
    open = await reopenQueue(open.project.folder);
    const jobs = await open.queue.list();
    expect(jobs.find(({ id }) => id === first)).toMatchObject({ state: 'interrupted', memoryBytes: null });
    const done = await open.reaches(second, 'done');
    expect(done.run).toBe('second');
    await open.queue.resume(first);
    const { run } = await open.reaches(first, 'done');
    expect(await weightsOf(open.project, run)).toBe(wholeWeights);
  });
});

describe('closing', () => {
  it('pauses the training and waits until its worker is gone', async () => {
    const job = await open.queue.train(tinyTraining);
    await trains(job, 10);
    await open.close();
    expect(existsSync(open.project.path(`runs/${job.run}/lock`))).toBe(false);
    open = await reopenQueue(open.project.folder);
    expect((await open.queue.list()).find(({ id }) => id === job.id)).toMatchObject({ state: 'paused' });
  });
});
