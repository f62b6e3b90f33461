import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import type { TensorData } from '../../../../src/engine/executor.ts';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { trainingStep } from '../../../../src/engine/optim/step.ts';
import { trainingGraph } from '../../../../src/worker/bench/networks.ts';
import { executors } from '../../../helpers/executors.ts';
import { graphOf, opCases } from '../../../parity/ops/cases.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;

/** Outputs and variables after two training steps of a small U-Net. */
async function train(threads: number): Promise<Record<string, TensorData>> {
  const size = { batch: 2, patch: 16, channels: [5, 16, 32] };
  const { apply } = trainingStep(trainingGraph('unet-mss', size), {
    optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    clipNorm: 1,
    accumulate: 1,
    emaDecay: 0.9,
  });
  const session = makeCpuExecutor({ threads }).open();
  const step = session.compile(apply, { seed: 3 });
  const random = new Random(1, 'image');
  const image = new Float32Array(2 * 16 ** 3).map(() => random.normal(0, 1));
  const inputs = {
    image,
    label: image.map((value) => (value > 1 ? 1 : 0)),
    learningRate: new Float32Array([0.01]),
  };
  await step.run(inputs);
  const results = await step.run(inputs);
  for (const name of session.variables.keys()) results[name] = await session.readVariable(name);
  session.close();
  return results;
}

describe.skipIf(skipped)('the number of threads', () => {
  it('does not change a bit of a training step', async () => {
    const one = await train(1);
    expect(one.loss![0]).toBeGreaterThan(0);
    expect(await train(2)).toEqual(one);
    expect(await train(3)).toEqual(one);
  });

  it('does not change a bit of any op', async () => {
    const differing: string[] = [];
    const sessions = [1, 2, 3].map((threads) => makeCpuExecutor({ threads }).open());
    for (const testCase of opCases) {
      const { graph, inputs } = graphOf(testCase);
      const [one, ...others] = await Promise.all(
        sessions.map((session) => session.compile(graph, { seed: 1 }).run(inputs)),
      );
      if (!others.every((outputs) => hasSameBits(outputs, one!)))
        differing.push(`${testCase.op} ${testCase.title}`);
    }
    for (const session of sessions) session.close();
    expect(differing).toEqual([]);
  });
});

function hasSameBits(a: Record<string, TensorData>, b: Record<string, TensorData>): boolean {
  const bits = (data: TensorData) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Object.keys(b).every((name) => bits(a[name]!).equals(bits(b[name]!)));
}
