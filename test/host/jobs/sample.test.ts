/** @file The sample study: six subjects where the library finds them, and a first training whose settings the plugin takes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplePhantoms, sampleTraining } from '../../../src/contract/sample.ts';
import { makeSample, sampleLabelNames } from '../../../src/host/jobs/sample.ts';
import { createProject } from '../../../src/host/project/project-folder.ts';
import { filesIn, temporaryFolder } from '../make-project.ts';
import { type OpenQueue, openQueue } from './make-queue.ts';

let open: OpenQueue;
let remove: () => Promise<void>;
const tasks = new Set<string>();

beforeAll(async () => {
  let folder: string;
  ({ folder, remove } = await temporaryFolder());
  const project = await createProject({ folder: `${folder}/project`, name: 'Sample' });
  await makeSample({ project, onProgress: ({ task }) => tasks.add(task) });
  await project.setLabelNames(sampleLabelNames);
  open = await openQueue(project);
});
afterAll(async () => {
  await open.close();
  await remove();
});

it('has six subjects with an angiogram and its truth', async () => {
  const { subjects } = await open.library.list();
  expect(subjects.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((number) => `sample-${number}`));
  for (const { images } of subjects) {
    expect(images).toMatchObject([{ name: 'angiogram', dims: Array(3).fill(samplePhantoms.size) }]);
    expect(images[0]!.labels.map(({ rater }) => rater)).toEqual(['reference']);
  }
  expect(tasks).toEqual(new Set(['Making phantoms']));
});

it('leaves nothing else behind', async () => {
  const files = await filesIn(open.project.path('.sagitta'));
  expect(files.filter((file) => file.startsWith('sample-'))).toEqual([]);
});

it('is ready for the training that is offered', async () => {
  const checks = await open.queue.checkTraining(sampleTraining);
  expect(checks.filter(({ state }) => state !== 'good')).toEqual([]);
});
