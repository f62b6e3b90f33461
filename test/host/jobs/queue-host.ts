/** @file A host process with a queue, to be killed by a test: submits two trainings and says when the first is at work. */
import { openProject } from '../../../src/host/project/project-folder.ts';
import { openQueue, tinyTraining } from './make-queue.ts';

const [folder = ''] = process.argv.slice(2);
const { queue, event } = await openQueue(await openProject(folder));
const first = await queue.train({ ...tinyTraining, name: 'first' });
const second = await queue.train({
  ...tinyTraining,
  name: 'second',
  settings: { ...tinyTraining.settings, epochs: 1 },
});
await event((one) => one.type === 'metrics' && one.step >= 40);
process.stdout.write(`${JSON.stringify({ first: first.id, second: second.id })}\n`);
