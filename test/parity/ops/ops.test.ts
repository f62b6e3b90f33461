import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { allOps, type Op } from '../../../src/engine/graph/ops.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import { optimise } from '../../../src/engine/passes/index.ts';
import { difference } from '../../helpers/close.ts';
import { executors } from '../../helpers/executors.ts';
import { graphOf, opCases } from './cases.ts';

/** Of each element, or of a hundredth of the largest one. */
const tolerance = { relative: 1e-4 };

const withoutFixture: Partial<Record<Op, string>> = {
  input: 'every fixture enters by one',
  variable: 'state of the executor: test/engine/executors/session.test.ts',
};

/** Ops whose gradient is not a formula of the fixture: nothing flows, or a rule is missing by intent. */
const withoutGradient: ReadonlySet<Op> = new Set<Op>([
  ...(['input', 'variable', 'constant', 'iota', 'random', 'cast', 'stopGradient'] as const),
  ...(['equal', 'less', 'lessEqual', 'argMax', 'argSort', 'elementwise'] as const),
  ...(['maxPoolGrad', 'gridSampleGradGrid', 'normStats', 'normGradSums', 'normGradInput'] as const),
]);

describe('the fixtures', () => {
  it('cover every op, or say why not', () => {
    const covered = new Set(opCases.map(({ op }) => op));
    expect(allOps.filter((op) => !covered.has(op) && withoutFixture[op] === undefined)).toEqual([]);
  });

  it('cover the gradient of every op that has one', () => {
    const covered = new Set(opCases.filter(({ dy }) => dy !== undefined).map(({ op }) => op));
    expect(allOps.filter((op) => !covered.has(op) && !withoutGradient.has(op))).toEqual([]);
  });
});

const asWritten = executors.map((executor) => ({ ...executor, compiled: (graph: Graph) => graph }));
const reference = executors.find(({ id }) => id === 'reference')!;
const afterPasses = {
  ...reference,
  title: 'reference after all passes',
  compiled: (graph: Graph) => optimise(graph),
};

describe.each([...asWritten, afterPasses])('values and gradients of ops on $title', ({
  make,
  skipped,
  compiled,
}) => {
  it.skipIf(skipped).each(opCases)('$op $title', async (testCase) => {
    const { graph: written, inputs } = graphOf(testCase);
    validateGraph(written, compilerLimits);
    const graph = compiled(written);
    validateGraph(graph, compilerLimits);
    const session = make().open();
    const outputs = await session.compile(graph, { seed: 1 }).run(inputs);
    session.close();
    const report: Record<string, string | undefined> = {};
    const compare = (name: string, expected: readonly number[], exact: boolean) => {
      report[name] = difference(outputs[name]!, expected, exact ? { relative: 0 } : tolerance);
    };
    compare('value', testCase.value.values, testCase.value.dtype === 'i32');
    testCase.gradients.forEach((gradient, i) => {
      if (gradient !== null) compare(`gradient${i}`, gradient, false);
    });
    expect(Object.entries(report).filter(([, problem]) => problem !== undefined)).toEqual([]);
  });
});
