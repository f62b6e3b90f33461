/** @file `sagitta bench`: our speed against a named peer in the same run. */
import { runJob } from '../../host/jobs/run-job.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { showEvent } from '../show-event.ts';
import { table } from '../table.ts';

const kinds = ['train', 'infer', 'load'] as const;

export const bench: Command = {
  name: 'bench',
  summary: 'Measure training, inference or loading against PyTorch or nibabel, in the same run.',
  usage: 'train|infer|load [--net NAME] [--device D] [--repeat N]',
  positionals: { min: 1, max: 1 },
  options: {
    net: { type: 'string', value: 'NAME', help: 'unet3d or unet-mss (default unet3d).' },
    device: { type: 'string', value: 'D', help: 'auto or cpu (default auto).' },
    repeat: { type: 'string', value: 'N', help: 'Measurements; medians are printed (default 5).' },
    sweep: { type: 'boolean', help: 'Also measure other patch sizes and widths.' },
  },
  examples: ['sagitta bench train', 'sagitta bench infer --sweep --json'],
  async run(args, { output, signal }) {
    const what = kinds.find((kind) => kind === args.positionals[0]);
    if (what === undefined)
      throw usageError({
        what: `There is no benchmark "${args.positionals[0]}".`,
        next: `Known: ${kinds.join(', ')}.`,
      });
    const rows = await runJob(
      {
        kind: 'bench',
        what,
        net: args.text('net') ?? 'unet3d',
        device: args.device(),
        repeat: args.integer('repeat', { min: 1, max: 1000 }) ?? 5,
        sweep: args.flag('sweep'),
      },
      { signal, onEvent: showEvent(output) },
    );
    const milliseconds = (seconds: number | null) =>
      seconds === null ? '–' : `${(seconds * 1000).toFixed(1)} ms`;
    const mebibytes = (bytes: number | null) =>
      bytes === null ? '–' : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    if (!output.json) {
      output.line(
        table([
          ['Benchmark', 'Sagitta', 'Peer', 'Ratio', 'Memory', "Peer's memory", 'Peer is'],
          ...rows.map((row) => [
            row.name,
            milliseconds(row.ours),
            milliseconds(row.peer),
            row.ratio === null ? '–' : row.ratio.toFixed(2),
            mebibytes(row.oursPeakBytes),
            mebibytes(row.peerPeakBytes),
            row.peerName,
          ]),
        ]),
      );
    }
    return rows;
  },
};
