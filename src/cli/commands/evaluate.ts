/** @file `sagitta evaluate`: how well a segmentation matches a reference. */
import { runJob } from '../../host/jobs/run-job.ts';
import type { Command } from '../command.ts';
import { showEvent } from '../show-event.ts';
import { metricText, table } from '../table.ts';

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Compare a segmentation with a reference on the same grid.',
  usage: 'PREDICTION REFERENCE [--metrics a,b]',
  positionals: { min: 2, max: 2 },
  options: {
    metrics: { type: 'string', value: 'a,b', help: 'Names of metrics (default: all that apply to masks).' },
  },
  examples: [
    'sagitta evaluate result.nii.gz truth.nii.gz',
    'sagitta evaluate result.nii.gz truth.nii.gz --metrics dice,clDice --json',
  ],
  async run(args, { output, signal }) {
    const metrics = args
      .text('metrics')
      ?.split(',')
      .filter((name) => name !== '');
    const result = await runJob(
      {
        kind: 'evaluate',
        prediction: args.positionals[0]!,
        reference: args.positionals[1]!,
        ...(metrics !== undefined && { metrics }),
      },
      { signal, onEvent: showEvent(output) },
    );
    if (!output.json) output.line(evaluationText(result));
    return result;
  },
};

/** One label: a row a metric. Several: a column a label. */
function evaluationText(result: Record<string, unknown>): string {
  const labels = result.labels as Record<string, Record<string, unknown>> | undefined;
  if (labels === undefined)
    return table(Object.entries(result).map(([name, value]) => [name, metricText(value)]));
  const names = Object.keys(Object.values(labels)[0] ?? {});
  return table([
    ['Label', ...Object.keys(labels)],
    ...names.map((name) => [name, ...Object.values(labels).map((values) => metricText(values[name]))]),
  ]);
}
