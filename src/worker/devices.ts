/** @file Job "devices": what this machine can compute with, measured. */
import { cpus, totalmem } from 'node:os';
import type { JobOf, JobResults } from '../contract/jobs.ts';
import { makeCpuExecutor } from '../engine/executors/cpu/executor.ts';
import { GraphBuilder } from '../engine/graph/builder.ts';
import { conv, sum } from '../engine/graph/functions.ts';
import type { JobContext } from './job-context.ts';

const channels = 32;
const size = 32;

export async function listDevices(
  _job: JobOf<'devices'>,
  _context: JobContext,
): Promise<JobResults['devices']> {
  const executor = makeCpuExecutor();
  const session = executor.open();
  const builder = new GraphBuilder();
  const x = builder.variable({ name: 'x', initial: { kind: 'constant', value: 1 }, trainable: false }, [
    1,
    channels,
    size,
    size,
    size,
  ]);
  const weight = builder.variable(
    { name: 'weight', initial: { kind: 'constant', value: 0.01 }, trainable: false },
    [channels, channels, 3, 3, 3],
  );
  builder.output('y', sum(conv(x, weight, { padding: 1 })));
  const program = session.compile(builder.build(), { seed: 1 });
  const flop = 2 * channels * channels * 27 * size ** 3;
  let bestS = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 12; repeat++) {
    const started = performance.now();
    await program.run({});
    bestS = Math.min(bestS, (performance.now() - started) / 1000);
  }
  session.close();
  const [, instructionSet, threads] = executor.description.split(', ');
  return [
    {
      id: 'cpu',
      kind: 'cpu',
      name: cpus()[0]?.model.trim() ?? 'CPU',
      memoryBytes: totalmem(),
      features: [instructionSet!, threads!],
      gflops: flop / bestS / 1e9,
    },
  ];
}
