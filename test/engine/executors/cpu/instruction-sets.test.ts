import { describe, expect, it } from 'vitest';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { loadNative } from '../../../../src/engine/executors/cpu/native.ts';
import { difference } from '../../../helpers/close.ts';
import { executors } from '../../../helpers/executors.ts';
import { graphOf, opCases } from '../../../parity/ops/cases.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;
/** The best one is that of all other suites. */
const others = skipped === undefined ? loadNative().instructionSets().slice(1) : [];
const tolerance = { relative: 1e-4 };

describe.skipIf(skipped)('older instruction sets', () => {
  it('include the plainest', () => {
    expect(loadNative().instructionSets().at(-1)).toBe('baseline');
  });

  it('are refused by name when there is no such one', () => {
    expect(() => makeCpuExecutor({ instructionSet: 'mmx' })).toThrow(
      expect.objectContaining({ code: 'INSTRUCTION_SET_UNAVAILABLE' }),
    );
  });

  it.each(others)('%s gives the values and gradients of PyTorch', async (instructionSet) => {
    const problems: string[] = [];
    const session = makeCpuExecutor({ instructionSet }).open();
    for (const testCase of opCases) {
      const { graph, inputs } = graphOf(testCase);
      const outputs = await session.compile(graph, { seed: 1 }).run(inputs);
      const expected = { value: testCase.value.values } as Record<string, readonly number[]>;
      testCase.gradients.forEach((gradient, i) => {
        if (gradient !== null) expected[`gradient${i}`] = gradient;
      });
      for (const [name, values] of Object.entries(expected)) {
        const problem = difference(outputs[name]!, values, tolerance);
        if (problem !== undefined) problems.push(`${testCase.op} ${testCase.title} ${name}: ${problem}`);
      }
    }
    session.close();
    expect(problems).toEqual([]);
  });
});
