/** @file `sagitta devices`: what this machine can compute with. */
import { runJob } from '../../host/jobs/run-job.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const devices: Command = {
  name: 'devices',
  summary: 'List the devices that can train and run models, with their measured speed.',
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {},
  examples: ['sagitta devices', 'sagitta devices --json'],
  async run(_args, { output, signal }) {
    const rows = await runJob({ kind: 'devices' }, { signal });
    const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    if (!output.json) {
      output.line(
        table([
          ['Device', 'Memory', 'Speed', 'Name', 'Features'],
          ...rows.map((row) => [
            row.id,
            gibibytes(row.memoryBytes),
            `${row.gflops.toFixed(0)} GFLOP/s`,
            row.name,
            row.features.join(', '),
          ]),
        ]),
      );
    }
    return rows;
  },
};
