import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import type { Executor, TensorData } from '../../../../src/engine/executor.ts';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { makeReferenceExecutor } from '../../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../../../src/engine/graph/builder.ts';
import {
  add,
  broadcastTo,
  clamp,
  concat,
  maximum,
  maxPool,
  neg,
  reshape,
  slice,
  sub,
  sum,
  transpose,
} from '../../../../src/engine/graph/functions.ts';
import type { Graph } from '../../../../src/engine/graph/graph.ts';
import { executors } from '../../../helpers/executors.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;

const shape = [2, 3, 4];

/** Values stay whole and small, so that both executors are exact. */
const bounded = (x: Tensor) => clamp(x, -1000, 1000);

type Draw = (pick: () => Tensor) => Tensor;

const draws: readonly Draw[] = [
  (pick) => bounded(add(pick(), pick())),
  (pick) => bounded(sub(pick(), pick())),
  (pick) => maximum(pick(), neg(pick())),
  // Two halves in the other order.
  (pick) => concat([slice(pick(), [0, 1, 0], [2, 2, 4]), slice(pick(), [0, 0, 0], [2, 1, 4])], 1),
  (pick) => slice(concat([pick(), pick()], 2), [0, 0, 3], shape),
  (pick) => bounded(broadcastTo(sum(pick(), [1], { keepDims: true }), shape)),
  (pick) => reshape(transpose(pick(), [2, 1, 0]), shape),
  // Lies channels-last from here on.
  (pick) => maxPool(pick(), { kernel: 1 }),
];

/** Variables, some of which change (to each other's values, too), and outputs, some of which are old values of variables. */
function randomProgram(seed: number): Graph {
  const random = new Random(seed, 'program');
  const builder = new GraphBuilder();
  const names = ['a', 'b', 'c'];
  const tensors = [
    builder.input('x', shape),
    ...names.map((name, i) =>
      builder.variable({ name, initial: { kind: 'constant', value: i + 1 }, trainable: true }, shape),
    ),
  ];
  // The last few more often, so that most values die young.
  const pick = () =>
    random.chance(0.6) ? tensors[Math.max(0, tensors.length - 1 - random.integer(3))]! : random.pick(tensors);
  for (let i = 0; i < 14; i++) tensors.push(random.pick(draws)(pick));
  for (const name of names) if (random.chance(0.7)) builder.update(name, random.pick(tensors));
  for (const name of ['first', 'second', 'third']) builder.output(name, random.pick(tensors));
  return builder.build();
}

async function threeRuns(executor: Executor, graph: Graph): Promise<number[][]> {
  const session = executor.open();
  const program = session.compile(graph, { seed: 1 });
  const seen: TensorData[] = [];
  for (let run = 0; run < 3; run++) {
    const x = Float32Array.from({ length: 24 }, (_, i) => ((i * 7 + run * 5) % 19) - 9);
    seen.push(...Object.values(await program.run({ x })));
  }
  for (const name of session.variables.keys()) seen.push(await session.readVariable(name));
  session.close();
  // Adding zero makes −0 and 0 the same: which of them a maximum of equals is, nothing promises.
  return seen.map((values) => Array.from(values, (value) => value + 0));
}

describe.skipIf(skipped)('sharing memory', () => {
  it('never loses a value that is still needed', async () => {
    const cpu = makeCpuExecutor({ threads: 2 });
    const differing: number[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const graph = randomProgram(seed);
      const expected = await threeRuns(makeReferenceExecutor(), graph);
      const found = await threeRuns(cpu, graph);
      if (JSON.stringify(found) !== JSON.stringify(expected)) differing.push(seed);
    }
    expect(differing).toEqual([]);
  });
});
