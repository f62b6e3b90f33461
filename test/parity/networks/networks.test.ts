import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount, type Graph, nodesOf } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import { trainingStep } from '../../../src/engine/optim/step.ts';
import { optimise } from '../../../src/engine/passes/index.ts';
import { difference } from '../../helpers/close.ts';
import { executors } from '../../helpers/executors.ts';
import { seed, trainingData, trainingGraph } from './networks.ts';

interface Curve {
  parameters: number;
  losses: number[];
  gradientNorms: number[];
  weightSums: Record<string, number>;
}
const file = join(import.meta.dirname, 'fixtures/curves.json');
const curves = JSON.parse(readFileSync(file, 'utf8')) as Record<'unet' | 'unetMss', Curve>;

const tolerance = { relative: 1e-3 };
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;
const clipNorm = { unet: null, unetMss: 1 };
const names = ['unet', 'unetMss'] as const;

function stepGraph(name: 'unet' | 'unetMss'): Graph {
  const options = { optimiser: adam, clipNorm: clipNorm[name], accumulate: 1, emaDecay: null };
  return trainingStep(trainingGraph(name), options).apply;
}

describe.each(names)('the graph of %s', (name) => {
  it('has as many parameters as in PyTorch', () => {
    const weights = nodesOf(trainingGraph(name), 'variable');
    expect(weights.reduce((sum, { node }) => sum + elementCount(node.shape), 0)).toBe(
      curves[name].parameters,
    );
  });

  it('stays legal through differentiation and every pass', () => {
    const graph = stepGraph(name);
    validateGraph(graph, compilerLimits);
    optimise(graph, (_, after) => validateGraph(after, compilerLimits));
  });
});

describe.each(executors)('training on $title', ({ make, skipped }) => {
  it.skipIf(skipped).each([
    ['unet', 'as written', stepGraph],
    ['unetMss', 'as written', stepGraph],
    ['unet', 'after all passes', (name: 'unet') => optimise(stepGraph(name))],
    ['unetMss', 'after all passes', (name: 'unetMss') => optimise(stepGraph(name))],
  ] as const)('%s follows PyTorch for 20 steps of Adam, %s', async (name, _, graphOf) => {
    const session = make().open();
    const program = session.compile((graphOf as typeof stepGraph)(name), { seed });
    const inputs = { ...trainingData(), learningRate: new Float32Array([5e-3]) };
    const { losses, gradientNorms, weightSums } = curves[name];
    const found = { losses: [] as number[], gradientNorms: [] as number[] };
    for (let step = 0; step < losses.length; step++) {
      const outputs = await program.run(inputs);
      found.losses.push(outputs.loss![0]!);
      found.gradientNorms.push(outputs.gradientNorm![0]!);
    }
    expect(difference(found.losses, losses, tolerance)).toBeUndefined();
    expect(difference(found.gradientNorms, gradientNorms, { relative: 1e-2 })).toBeUndefined();
    for (const [weight, expected] of Object.entries(weightSums)) {
      const sum = (await session.readVariable(weight)).reduce((total, w) => total + Math.abs(w), 0);
      expect(Math.abs(sum / expected - 1), weight).toBeLessThan(1e-3);
    }
    session.close();
  });
});
