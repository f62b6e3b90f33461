/** @file Which function does which kind of job. */
import type { JobKind, JobOf, JobResults } from '../contract/jobs.ts';
import { bench } from './bench/bench.ts';
import { listDevices } from './devices.ts';
import { evaluateFiles } from './evaluate.ts';
import { fingerprint } from './fingerprint.ts';
import type { JobContext } from './job-context.ts';
import { makePhantoms } from './phantom.ts';
import { predictFiles } from './predict.ts';
import { writeReport } from './report.ts';
import { train } from './train.ts';

type JobFunction<K extends JobKind> = (job: JobOf<K>, context: JobContext) => Promise<JobResults[K]>;

export const jobTable: { readonly [K in JobKind]: JobFunction<K> } = {
  train,
  fingerprint,
  predict: predictFiles,
  evaluate: evaluateFiles,
  phantom: makePhantoms,
  report: writeReport,
  bench,
  devices: listDevices,
};
