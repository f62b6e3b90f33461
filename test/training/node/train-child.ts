/** @file A process that trains the tiny run and says what it does, to be killed by a test. */
import { openDataset } from '../../../src/dataset/node/open-dataset.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { trainRun } from '../../../src/training/node/train-run.ts';
import { tinyRecipe } from '../tiny-recipe.ts';

const [runFolder = '', dataFolder = ''] = process.argv.slice(2);
await trainRun({
  runFolder,
  dataset: await openDataset(dataFolder),
  recipe: tinyRecipe(),
  executor: makeReferenceExecutor(),
  seed: 11,
  threads: 1,
  resume: true,
  checkpointEveryS: 0,
  report: ({ type }) => process.stdout.write(`${type}\n`),
});
