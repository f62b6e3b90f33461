/** @file Job "report": the HTML page on a run and its held-out cases. */
import { basename } from 'node:path';
import { throwIfCancelled } from '../base/cancel.ts';
import { writeFileAtomic } from '../base/node/atomic-write.ts';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { isMetricName, metrics as metricTable } from '../evaluation/metrics.ts';
import { pictureCase } from '../export/case-pictures.ts';
import { type ReportCase, renderReport, reportLegend } from '../export/report.ts';
import { readVolume } from '../imaging/node/open.ts';
import { readRun } from '../run/node/run-folder.ts';
import { readLog } from '../run/node/run-log.ts';
import type { JobContext } from './job-context.ts';
import { chartsOf, factsOf } from './report-content.ts';

export async function writeReport(
  job: JobOf<'report'>,
  { signal, report }: JobContext,
): Promise<JobResults['report']> {
  const run = await readRun(job.run);
  const cases: ReportCase[] = [];
  for (const entry of job.cases) {
    throwIfCancelled(signal);
    report({ type: 'progress', task: 'Making the report', done: cases.length, total: job.cases.length });
    const [image, reference, prediction] = await Promise.all(
      [entry.image, entry.reference, entry.prediction].map((file) => readVolume(file)),
    );
    cases.push({
      name: entry.name,
      metrics: entry.metrics,
      pictures: pictureCase(image!, reference!, prediction!),
    });
  }
  const names = Object.keys(job.cases[0]?.metrics ?? {});
  const page = renderReport({
    title: job.title,
    facts: factsOf(run, basename(job.run)),
    charts: chartsOf(await readLog(job.run)),
    columns: Object.fromEntries(names.map((name) => [name, isMetricName(name) ? heading(name) : name])),
    cases,
    legend: reportLegend,
  });
  await writeFileAtomic(job.out, page);
  report({ type: 'progress', task: 'Making the report', done: job.cases.length, total: job.cases.length });
  return { outputs: [job.out] };
}

function heading(name: keyof typeof metricTable): string {
  const { label, unit } = metricTable[name];
  return unit === '' ? label : `${label} (${unit})`;
}
