/** @file `sagitta demo`: the whole way on made-up data: phantoms, training, segmentation of unseen volumes, evaluation, report. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobOf } from '../../contract/jobs.ts';
import { runJob } from '../../host/jobs/run-job.ts';
import { prepareRun } from '../../host/runs/prepare-run.ts';
import type { Command, CommandContext } from '../command.ts';
import { showEvent } from '../show-event.ts';
import { metricText, table } from '../table.ts';

const trainingCount = 12;
const heldOutCount = 3;
const phantomSize = 96;
/** Seeds of held-out phantoms are far from those of training. */
const heldOutSeedOffset = 1000;
const metricNames = ['dice', 'clDice', 'precision', 'sensitivity', 'betti0Error', 'gapCount'];

export const demo: Command = {
  name: 'demo',
  summary:
    'Show the whole way on made-up data: train, segment unseen volumes, evaluate, report. About five minutes.',
  usage: '[--out DIR] [--seed S]',
  positionals: { min: 0, max: 0 },
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      help: 'Folder to write to; replaced if it is there (default demo).',
    },
    seed: { type: 'string', value: 'S', help: 'Seed of phantoms and training (default 1).' },
    set: { type: 'string', multiple: true, value: 'k=v', help: 'Settings of the plugin, as for train.' },
  },
  examples: ['sagitta demo', 'sagitta demo --out /tmp/demo --seed 7'],
  async run(args, context) {
    const out = args.text('out') ?? 'demo';
    const seed = args.integer('seed', { min: 0, max: 1e6 }) ?? 1;
    const { output } = context;
    await rm(out, { recursive: true, force: true });
    const folders = {
      train: join(out, 'phantoms'),
      test: join(out, 'held-out'),
      run: join(out, 'run'),
      results: join(out, 'segmentations'),
    };

    output.line(`1. Making ${trainingCount} phantoms to train on and ${heldOutCount} to test on.`);
    await phantoms(context, { out: folders.train, count: trainingCount, seed });
    await phantoms(context, { out: folders.test, count: heldOutCount, seed: seed + heldOutSeedOffset });

    output.line('2. Training vessel-mip, preset quick.');
    await prepareRun(
      {
        plugin: 'vessel-mip',
        data: folders.train,
        run: folders.run,
        preset: 'quick',
        settings: {},
        seed,
        resume: false,
      },
      { signal: context.signal, onProgress: output.progress },
    );
    const trained = await runJob(
      { kind: 'train', run: folders.run, data: folders.train, seed, device: 'auto', resume: false },
      { signal: context.signal, onEvent: showEvent(output) },
    );

    output.line('3. Segmenting the held-out phantoms.');
    const names = Array.from({ length: heldOutCount }, (_, i) => `vessels_${String(i + 1).padStart(3, '0')}`);
    const images = names.map((name) => join(folders.test, 'imagesTr', `${name}_0000.nii.gz`));
    const predicted = await runJob(
      { kind: 'predict', run: folders.run, inputs: images, out: folders.results, device: 'auto' },
      { signal: context.signal, onEvent: showEvent(output) },
    );

    output.line('4. Comparing with the truth, writing the report.');
    const cases = await Promise.all(
      names.map((name, i) =>
        evaluateCase(context, { name, image: images[i]!, test: folders.test, results: folders.results }),
      ),
    );
    const report = join(out, 'report.html');
    await runJob(
      { kind: 'report', run: folders.run, cases, out: report, title: 'Vessel segmentation on phantoms' },
      { signal: context.signal, onEvent: showEvent(output) },
    );
    const means = Object.fromEntries(
      metricNames.map((name) => [name, mean(cases.map(({ metrics }) => metrics[name] ?? null))]),
    );
    if (!output.json) {
      output.line(
        table([
          ['Case', ...metricNames],
          ...cases.map(({ name, metrics }) => [
            name,
            ...metricNames.map((metric) => metricText(metrics[metric])),
          ]),
          ['Mean', ...metricNames.map((metric) => metricText(means[metric]))],
        ]),
      );
      output.line(`Report: ${report}`);
      output.line(`Segmentations: ${folders.results}`);
    }
    return { ...trained, metrics: means, cases, report, outputs: [...predicted.outputs, report] };
  },
};

async function phantoms(
  { output, signal }: CommandContext,
  fields: { out: string; count: number; seed: number },
): Promise<void> {
  await runJob(
    { kind: 'phantom', ...fields, size: phantomSize, raters: 1, oblique: false },
    { signal, onEvent: showEvent(output) },
  );
}

type ReportCase = JobOf<'report'>['cases'][number];

async function evaluateCase(
  { signal }: CommandContext,
  { name, image, test, results }: { name: string; image: string; test: string; results: string },
): Promise<ReportCase> {
  const reference = join(test, 'labelsTr', `${name}.nii.gz`);
  const prediction = join(results, `${basename(image).replace('_0000.nii.gz', '')}_labels.nii.gz`);
  const metrics = await runJob({ kind: 'evaluate', prediction, reference, metrics: metricNames }, { signal });
  return { name, image, reference, prediction, metrics: metrics as ReportCase['metrics'] };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
