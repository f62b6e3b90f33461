import { describe, expect, it } from 'vitest';
import type { TensorData } from '../../../../src/engine/executor.ts';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { makeReferenceExecutor } from '../../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder } from '../../../../src/engine/graph/builder.ts';
import { add, maxPool, mul, reshape } from '../../../../src/engine/graph/functions.ts';
import type { Graph, GraphNode } from '../../../../src/engine/graph/graph.ts';
import { executors } from '../../../helpers/executors.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;

async function both(graph: Graph, inputs: Record<string, TensorData>) {
  const results = [makeReferenceExecutor(), makeCpuExecutor()].map(async (executor) => {
    const session = executor.open();
    const outputs = await session.compile(graph, { seed: 1 }).run(inputs);
    session.close();
    return outputs;
  });
  return Promise.all(results);
}

const ramp = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

describe.skipIf(skipped)('lowering', () => {
  it('tells two shapes of the same memory apart when it changes the order of axes', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1, 4, 3, 2]);
    builder.output('a', maxPool(x, { kernel: 1 }));
    builder.output('b', maxPool(reshape(x, [1, 2, 3, 4]), { kernel: 1 }));
    const [expected, found] = await both(builder.build(), { x: ramp(24) });
    expect(found).toEqual(expected);
  });

  it('fills whole numbers as whole numbers, large constants and index ramps too', async () => {
    const builder = new GraphBuilder();
    builder.output('large', builder.constant(7, [70_000], 'i32'));
    builder.output('small', builder.constant(7, [70], 'i32'));
    const ramp = builder.node('iota', [], { axis: 1 }, { shape: [2, 5, 3], dtype: 'i32' });
    builder.output('ramp', ramp);
    const [expected, found] = await both(builder.build(), {});
    expect(found).toEqual(expected);
  });

  it('gives an input that appears as two nodes the same data', async () => {
    const builder = new GraphBuilder();
    builder.output('y', add(builder.input('a', [3]), mul(builder.input('b', [3]), 10)));
    const { nodes, ...rest } = builder.build();
    const twice: GraphNode[] = [nodes[0]!, ...nodes];
    const moved = twice.map((node, id) =>
      id < 2 ? node : { ...node, inputs: node.inputs.map((input) => input + 1) },
    );
    const graph = {
      ...rest,
      nodes: moved as GraphNode[],
      outputs: Object.fromEntries(Object.entries(rest.outputs).map(([name, id]) => [name, id + 1])),
    };
    const [expected, found] = await both(graph, { a: ramp(3), b: ramp(3) });
    expect(found).toEqual(expected);
  });
});
