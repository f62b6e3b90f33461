/** @file Whether a job still needs its run or prediction. Asked of the disk, so that runs need not know the queue. */
import { join } from 'node:path';
import type { JobState } from '../../contract/queue.ts';
import { projectPaths } from '../project/project-folder.ts';
import { readJobRecord } from './job-record.ts';

const active: readonly JobState[] = ['waiting', 'running', 'pausing'];

export async function isJobActive(project: string, job: string): Promise<boolean> {
  const record = await readJobRecord(join(project, projectPaths.jobs, job));
  return record !== undefined && active.includes(record.summary.state);
}

export async function isJobListed(project: string, job: string): Promise<boolean> {
  return (await readJobRecord(join(project, projectPaths.jobs, job))) !== undefined;
}
