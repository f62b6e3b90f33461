import { describe, expect, it } from 'vitest';
import type { Executor, TensorData } from '../../../src/engine/executor.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import { optimise } from '../../../src/engine/passes/index.ts';
import { difference } from '../../helpers/close.ts';
import { executors } from '../../helpers/executors.ts';
import { randomGraph } from './random-graph.ts';

/**
 * Of each element, or of a hundredth of the largest: rounding passes through eight layers and back. The reference adds up in double;
 * executors that add up in f32 differ by 3e-6 an op, which some of these networks magnify a thousandfold (as they do a change of
 * their input by one unit in the last place). A wrong order of axes or a wrong fusion shows as an error of the size of the values.
 */
const relativeOf = (id: string) => (id === 'reference' ? 1e-3 : 2e-2);
/** A gradient that is nothing but rounding, such as that of a bias before a norm, is measured against the largest one. */
const shareOfLargest = 1e-2;
const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

const largestOf = (values: TensorData) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

async function evaluate(
  executor: Executor,
  graph: Graph,
  x: Float32Array,
): Promise<Record<string, TensorData>> {
  const session = executor.open();
  const outputs = await session.compile(graph, { seed: 1 }).run({ x });
  session.close();
  return outputs;
}

const reference = {
  id: 'reference',
  title: 'reference after all passes',
  make: makeReferenceExecutor,
  skipped: undefined,
};
const others = executors.filter(({ id }) => id !== 'reference');

describe.each([reference, ...others])('random networks on $title', ({ id, make, skipped }) => {
  it.skipIf(skipped).each(seeds)('agree with the definitions of the ops, seed %i', async (seed) => {
    const { graph, x } = randomGraph(seed);
    validateGraph(graph, compilerLimits);
    const expected = await evaluate(makeReferenceExecutor(), graph, x);
    const found = await evaluate(make(), id === 'reference' ? optimise(graph) : graph, x);
    const largest = Math.max(...Object.values(expected).map(largestOf));
    const tolerance = { relative: relativeOf(id), least: shareOfLargest * largest };
    const problems = Object.entries(expected).flatMap(([name, values]) => {
      const problem = difference(found[name]!, values, tolerance);
      return problem === undefined ? [] : [`${name}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });
});
