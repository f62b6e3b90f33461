/** @file Tidies up after a job that was dismissed before anything came of it: its run or prediction would be an empty folder. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobSummary } from '../../contract/queue.ts';
import { outputsFile } from '../predictions/prediction-record.ts';
import { projectPaths } from '../project/project-folder.ts';
import { hasRecipe, isThere } from '../runs/run-meta.ts';

/** A run that has its recipe stays, and so does a prediction with a finished case. */
export async function removeUnbegun(
  project: string,
  { kind, run, prediction }: Pick<JobSummary, 'kind' | 'run' | 'prediction'>,
): Promise<void> {
  if (kind === 'train' && run !== null) {
    const folder = join(project, projectPaths.runs, run);
    if (!(await hasRecipe(folder))) await rm(folder, { recursive: true, force: true });
  }
  if (kind === 'predict' && prediction !== null) {
    const folder = join(project, projectPaths.predictions, prediction);
    if (!(await isThere(join(folder, outputsFile)))) await rm(folder, { recursive: true, force: true });
  }
}
