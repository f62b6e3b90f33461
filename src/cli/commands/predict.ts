/** @file `sagitta predict`: segment volumes with a trained run. */

import { runJob } from '../../host/jobs/run-job.ts';
import { listVolumes } from '../../host/volumes/volume-files.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { showEvent } from '../show-event.ts';

export const predict: Command = {
  name: 'predict',
  summary: 'Segment volumes with a trained model.',
  usage: 'RUN INPUT… --out DIR [--device D]',
  positionals: { min: 2, max: Number.POSITIVE_INFINITY },
  options: {
    out: { type: 'string', value: 'DIR', help: 'Folder for segmentations and probability maps. Required.' },
    device: { type: 'string', value: 'D', help: 'auto, cpu or gpu[:n] (default auto).' },
    samples: { type: 'string', value: 'N', help: 'Segmentations to draw; this build offers 1.' },
    format: { type: 'string', value: 'nifti', help: 'Formats to write; this build writes nifti.' },
  },
  examples: [
    'sagitta predict runs/first scan.nii.gz --out results',
    'sagitta predict runs/first incoming/ --out results',
  ],
  async run(args, { output, signal }) {
    const next = 'See: sagitta predict --help';
    const format = args.text('format') ?? 'nifti';
    if (format !== 'nifti')
      throw usageError({
        what: `Cannot write "${format}"; this build writes nifti.`,
        field: '--format',
        next,
      });
    args.integer('samples', { min: 1, max: 1 });
    const [run, ...given] = args.positionals;
    const inputs = await listVolumes(given);
    const result = await runJob(
      {
        kind: 'predict',
        run: run!,
        inputs,
        out: args.required('out'),
        device: args.device(),
      },
      { signal, onEvent: showEvent(output) },
    );
    if (!output.json) for (const file of result.outputs) output.line(`Wrote ${file}`);
    return result;
  },
};
