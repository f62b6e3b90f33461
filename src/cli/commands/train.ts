/** @file `sagitta train`: learn a model from a folder of volumes and labels. */
import { Cancelled } from '../../base/cancel.ts';
import { runJob } from '../../host/jobs/run-job.ts';
import { prepareRun } from '../../host/runs/prepare-run.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { showEvent } from '../show-event.ts';
import { metricText, table } from '../table.ts';

export const train: Command = {
  name: 'train',
  summary: 'Train a model on a folder of volumes and labels.',
  usage:
    'PLUGIN --data DIR --out RUN [--preset P] [--set k=v]… [--seed S] [--device D] [--resume] [--max-steps N]',
  positionals: { min: 1, max: 1 },
  options: {
    data: { type: 'string', value: 'DIR', help: 'Data set: nnU-Net layout, or image/label pairs. Required.' },
    out: { type: 'string', value: 'RUN', help: 'Run folder: recipe, log, checkpoints. Required.' },
    preset: { type: 'string', value: 'P', help: "The plugin's preset, e.g. quick, standard, paper." },
    set: {
      type: 'string',
      multiple: true,
      value: 'k=v',
      help: "One of the plugin's settings; may be repeated (see: sagitta plugin list PLUGIN).",
    },
    seed: { type: 'string', value: 'S', help: 'Seed of everything random (default 1).' },
    device: { type: 'string', value: 'D', help: 'auto, cpu or gpu[:n] (default auto).' },
    resume: {
      type: 'boolean',
      help: 'Go on from the last checkpoint in RUN; ends in the same weights as an uninterrupted run.',
    },
    'max-steps': { type: 'string', value: 'N', help: 'Stop after this many steps, with a checkpoint.' },
  },
  examples: [
    'sagitta train vessel-mip --data phantoms --out runs/first --preset quick',
    'sagitta train vessel-mip --data mra --out runs/mip --set mip=multi --seed 7',
    'sagitta train vessel-mip --data mra --out runs/mip --resume',
  ],
  async run(args, { output, signal }) {
    const run = args.required('out');
    const data = args.required('data');
    const seed = args.integer('seed', { min: 0, max: 0xffffffff });
    const maxSteps = args.integer('max-steps', { min: 1, max: 1e9 });
    const resume = args.flag('resume');
    const prepared = await prepareRun(
      {
        plugin: args.positionals[0]!,
        data,
        run,
        preset: args.text('preset'),
        settings: parseSettings(args.texts('set')),
        seed,
        resume,
      },
      { signal, onProgress: output.progress },
    );
    const result = await runJob(
      {
        kind: 'train',
        run,
        data,
        seed: prepared.seed,
        device: args.device(),
        resume,
        ...(maxSteps !== undefined && { maxSteps }),
      },
      { signal, onEvent: showEvent(output) },
    ).catch((error: unknown) => {
      if (error instanceof Cancelled)
        output.line('Stopped. What was learnt is kept: the same command with --resume goes on from there.');
      throw error;
    });
    if (!output.json) {
      output.line(`Trained to step ${result.steps}. Run folder: ${run}`);
      output.line(table(Object.entries(result.metrics).map(([name, value]) => [name, metricText(value)])));
    }
    return result;
  },
};

/** "k=v" texts as a record; values stay texts until the plugin's schema reads them. */
export function parseSettings(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const split = text.indexOf('=');
      if (split < 1)
        throw usageError({
          what: `--set takes name=value, not "${text}".`,
          field: '--set',
          next: 'For instance: --set mip=multi',
        });
      return [text.slice(0, split), text.slice(split + 1)];
    }),
  );
}
