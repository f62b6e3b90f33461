import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder } from '../../../src/engine/graph/builder.ts';
import { add, mul, sum } from '../../../src/engine/graph/functions.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import type { OptimiserOptions } from '../../../src/engine/optim/optimisers.ts';
import { type TrainingStepOptions, trainingStep } from '../../../src/engine/optim/step.ts';

interface Fixture {
  a: number[];
  b: number[];
  start: number[];
  rates: number[];
  cases: Record<string, { weights: number[][]; norms: number[] }>;
}
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/optimisers.json'), 'utf8'),
) as Fixture;

/** loss = Σ a·w² + b·w, with a and b as inputs so that a batch can be split in halves. */
function quadratic(): Graph {
  const builder = new GraphBuilder();
  const w = builder.variable({ name: 'w', initial: { kind: 'constant', value: 0 }, trainable: true }, [4]);
  const a = builder.input('a', [4]);
  const b = builder.input('b', [4]);
  builder.output('loss', sum(add(mul(a, mul(w, w)), mul(b, w))));
  return builder.build();
}

const plain = { clipNorm: null, accumulate: 1, emaDecay: null };

async function trained(
  options: TrainingStepOptions,
): Promise<{ weights: number[][]; norms: number[]; averages: number[][] }> {
  const { gather, apply } = trainingStep(quadratic(), options);
  validateGraph(apply, compilerLimits);
  const session = makeReferenceExecutor().open();
  const program = session.compile(apply, { seed: 1 });
  const gathering = gather === null ? undefined : session.compile(gather, { seed: 1 });
  await session.writeVariable('w', new Float32Array(fixture.start));
  const a = new Float32Array(fixture.a);
  const b = new Float32Array(fixture.b);
  const result = { weights: [] as number[][], norms: [] as number[], averages: [] as number[][] };
  for (const rate of fixture.rates) {
    // Two batches whose mean is the whole: one has twice the slope b, the other none.
    if (gathering !== undefined) await gathering.run({ a, b: b.map((x) => 2 * x) });
    const last = gathering === undefined ? { a, b } : { a, b: b.map(() => 0) };
    const outputs = await program.run({ ...last, learningRate: new Float32Array([rate]) });
    result.norms.push(outputs.gradientNorm![0]!);
    result.weights.push([...(await session.readVariable('w'))]);
    if (options.emaDecay !== null) result.averages.push([...(await session.readVariable('average.w'))]);
  }
  session.close();
  return result;
}

function expectClose(found: readonly number[][], expected: readonly number[][]): void {
  expected.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(found[i]![j]! - value, `update ${i + 1}, weight ${j}`).toBeCloseTo(0, 5);
    });
  });
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const cases: Record<string, { optimiser: OptimiserOptions; clipNorm?: number }> = {
  sgd: { optimiser: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } },
  'sgd with momentum': { optimiser: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 } },
  'sgd with nesterov momentum and decay': {
    optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  },
  adam: { optimiser: { kind: 'adam', ...adam } },
  'adam with decay and clipping': {
    optimiser: { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.05 },
    clipNorm: 1,
  },
  adamw: { optimiser: { kind: 'adamw', ...adam, weightDecay: 0.1 } },
};

describe('a training step', () => {
  it.each(Object.entries(cases))('updates weights as PyTorch does: %s', async (name, {
    optimiser,
    clipNorm = null,
  }) => {
    const { weights, norms } = await trained({ ...plain, optimiser, clipNorm });
    expectClose(weights, fixture.cases[name]!.weights);
    expectClose([norms], [fixture.cases[name]!.norms]);
  });

  it('gives the same weights when a batch is gathered from two', async () => {
    const { weights } = await trained({ ...plain, optimiser: cases.adam!.optimiser, accumulate: 2 });
    expectClose(weights, fixture.cases.adam!.weights);
  });

  it('keeps a moving average that begins at the first updated weights', async () => {
    const { weights, averages } = await trained({ ...plain, optimiser: cases.sgd!.optimiser, emaDecay: 0.5 });
    const expected: number[][] = [];
    weights.forEach((row, i) => {
      const decay = Math.min(0.5, i / (i + 10));
      expected.push(
        row.map((value, j) => (i === 0 ? value : decay * expected[i - 1]![j]! + (1 - decay) * value)),
      );
    });
    expectClose(averages, expected);
  });
});
