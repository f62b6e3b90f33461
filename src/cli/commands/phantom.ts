/** @file `sagitta phantom`: made-up volumes with exact truth, to try methods on. */
import { runJob } from '../../host/jobs/run-job.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { showEvent } from '../show-event.ts';

const maxSeed = 0xffffffff;

export const phantom: Command = {
  name: 'phantom',
  summary: 'Make phantom volumes with exact truth: vessel trees as a time-of-flight angiogram shows them.',
  usage: 'vessels --out DIR [--count N] [--seed S] [--size N] [--raters N] [--oblique]',
  positionals: { min: 1, max: 1 },
  options: {
    out: { type: 'string', value: 'DIR', help: 'Folder to write to, in nnU-Net layout. Required.' },
    count: { type: 'string', value: 'N', help: 'How many volumes (default 1).' },
    seed: { type: 'string', value: 'S', help: 'Seed; the same seed gives the same bytes (default 1).' },
    size: { type: 'string', value: 'N', help: 'Voxels along each axis, 32 to 512 (default 96).' },
    raters: {
      type: 'string',
      value: 'N',
      help: 'How many imperfect raters label each volume besides the truth, 1 to 5 (default 1).',
    },
    oblique: { type: 'boolean', help: 'Tilt the volumes against the scanner axes.' },
  },
  examples: [
    'sagitta phantom vessels --out phantoms --count 8',
    'sagitta phantom vessels --out raters --count 4 --raters 5 --size 128',
  ],
  async run(args, { output, signal }) {
    const kind = args.positionals[0];
    if (kind !== 'vessels') {
      throw usageError({ what: `There is no phantom "${kind}".`, next: 'Known phantoms: vessels.' });
    }
    const result = await runJob(
      {
        kind: 'phantom',
        out: args.required('out'),
        count: args.integer('count', { min: 1, max: 10_000 }) ?? 1,
        seed: args.integer('seed', { min: 0, max: maxSeed }) ?? 1,
        size: args.integer('size', { min: 32, max: 512 }) ?? 96,
        raters: args.integer('raters', { min: 1, max: 5 }) ?? 1,
        oblique: args.flag('oblique'),
      },
      { signal, onEvent: showEvent(output) },
    );
    if (!output.json) output.line(`Wrote ${result.outputs.length} files to ${args.required('out')}`);
    return result;
  },
};
