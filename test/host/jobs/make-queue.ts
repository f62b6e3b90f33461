/** @file A real project with three small phantoms and its queue; tests wait for its events, never for time. */
import { join } from 'node:path';
import type { HostEvent } from '../../../src/contract/events.ts';
import type { JobId, RunId } from '../../../src/contract/ids.ts';
import type { JobState, JobSummary, TrainRequest } from '../../../src/contract/queue.ts';
import { makeQueue } from '../../../src/host/jobs/queue.ts';
import { runJob } from '../../../src/host/jobs/run-job.ts';
import { makeLibrary, type ProjectLibrary } from '../../../src/host/library/library.ts';
import { listPlugins } from '../../../src/host/plugins/plugins.ts';
import { makePredictions } from '../../../src/host/predictions/predictions.ts';
import { createProject, openProject, type ProjectFolder } from '../../../src/host/project/project-folder.ts';
import { makeRuns } from '../../../src/host/runs/runs.ts';
import type { PredictionService, QueueService, RunService } from '../../../src/host/services.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { isTrainingState } from '../../../src/run/checkpoint.ts';
import { weightsSha256 } from '../../../src/run/node/checkpoint-file.ts';
import { readLatestCheckpoint } from '../../../src/run/node/checkpoints.ts';

export interface OpenQueue {
  readonly project: ProjectFolder;
  readonly library: ProjectLibrary;
  readonly runs: RunService;
  readonly predictions: PredictionService;
  readonly queue: QueueService;
  readonly events: HostEvent[];
  /** Resolves with the first event, past or to come, that fits. */
  event(fits: (event: HostEvent) => boolean): Promise<HostEvent>;
  /** Resolves when the job is in this state; throws when it ends in another. */
  reaches(id: JobId, state: JobState): Promise<JobSummary>;
  close(): Promise<void>;
}

const ends: readonly JobState[] = ['done', 'failed', 'cancelled'];

export async function openQueue(project: ProjectFolder): Promise<OpenQueue> {
  const events: HostEvent[] = [];
  const watchers = new Set<() => void>();
  const publish = (event: HostEvent) => {
    events.push(event);
    for (const watch of watchers) watch();
  };
  const library = await makeLibrary({ project, publish });
  const runs = makeRuns({ project, publish });
  const predictions = makePredictions({ project, library, publish });
  const queue = await makeQueue({ project, library, runs, predictions, publish, listPlugins: pluginList });

  /** Asks at each event. */
  function when<T>(ask: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const watch = () => {
        try {
          const found = ask();
          if (found === undefined) return;
          watchers.delete(watch);
          resolve(found);
        } catch (error) {
          watchers.delete(watch);
          reject(error);
        }
      };
      watchers.add(watch);
      watch();
    });
  }

  return {
    project,
    library,
    runs,
    predictions,
    queue,
    events,
    event: (fits) => when(() => events.find(fits)),
    async reaches(id, state) {
      let job = (await queue.list()).find((one) => one.id === id);
      return when(() => {
        const newest = events.findLast((event) => event.type === 'job' && event.job.id === id);
        if (newest?.type === 'job') job = newest.job;
        if (job?.state === state) return job;
        if (job !== undefined && ends.includes(job.state))
          throw new Error(`${job.title} is ${job.state}: ${JSON.stringify(job.error)}`);
        return undefined;
      });
    },
    async close() {
      await queue.close();
      await library.close();
      await project.close();
    },
  };
}

export async function pluginList() {
  const found = (await listPlugins()).filter((plugin) => 'manifest' in plugin);
  const plugins = found.map(({ manifest, version, license }) => {
    return { manifest, version, license, origin: 'built-in' as const, isEnabled: true };
  });
  return { plugins, broken: [] };
}

/** Three subjects with one image and a label map by `reference` each, of 32 voxels an edge. */
export async function makePhantomProject(folder: string): Promise<OpenQueue> {
  const project = await createProject({ folder: join(folder, 'project'), name: 'Phantoms' });
  const out = join(folder, 'phantoms');
  await runJob({ kind: 'phantom', out, count: 3, seed: 3, size: 32, raters: 1, oblique: false });
  for (const number of [1, 2, 3]) {
    const subject = join(project.folder, 'subjects', `sub${number}`);
    const image = await readVolume(join(out, `imagesTr/vessels_00${number}_0000.nii.gz`));
    const label = await readVolume(join(out, `labelsTr/vessels_00${number}.nii.gz`));
    await writeVolume(join(subject, 'images/MRA.nii.gz'), image);
    await writeVolume(join(subject, 'labels/MRA/reference.nii.gz'), label);
  }
  return openQueue(project);
}

export const reopenQueue = async (folder: string) => openQueue(await openProject(folder));

/** So small that an update takes milliseconds; long enough to be caught at work. */
export const tinyTraining: TrainRequest = {
  name: 'tiny',
  plugin: 'vessel-mip',
  preset: 'quick',
  settings: {
    baseChannels: 4,
    levels: 2,
    patchSize: 16,
    batchSize: 1,
    windowSize: 32,
    overlap: 0,
    epochs: 4,
    stepsPerEpoch: 20,
    validateEvery: 2,
  },
  seed: 5,
  device: 'auto',
};

/** SHA-256 of the weights that a run has now. */
export async function weightsOf(project: ProjectFolder, run: RunId | null): Promise<string> {
  const checkpoint = await readLatestCheckpoint(project.path(`runs/${run}`));
  const weights = [...checkpoint!.tensors].filter(([name]) => !isTrainingState(name));
  return weightsSha256(new Map(weights));
}
