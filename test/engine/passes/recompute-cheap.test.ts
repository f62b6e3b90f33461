import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import type { TensorData } from '../../../src/engine/executor.ts';
import { lower } from '../../../src/engine/executors/cpu/lower.ts';
import { placeBuffers } from '../../../src/engine/executors/cpu/place.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import { trainingStep } from '../../../src/engine/optim/step.ts';
import { optimise, passes } from '../../../src/engine/passes/index.ts';
import { recomputeCheapValues } from '../../../src/engine/passes/recompute-cheap.ts';
import { inferenceGraph, trainingGraph } from '../../../src/worker/bench/networks.ts';

const size = { batch: 1, patch: 8, channels: [4, 8] };
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

/** All passes but this one. */
const withoutThis = (graph: Graph) =>
  passes.reduce((current, { run }) => (run === recomputeCheapValues ? current : run(current)), graph);

const training = trainingStep(trainingGraph('unet3d', size), {
  optimiser: adam,
  clipNorm: null,
  accumulate: 1,
  emaDecay: null,
}).apply;

async function twoSteps(graph: Graph): Promise<Record<string, TensorData>> {
  const session = makeReferenceExecutor().open();
  const program = session.compile(graph, { seed: 2 });
  const random = new Random(1, 'image');
  const image = new Float32Array(8 ** 3).map(() => random.normal(0, 1));
  const inputs = {
    image,
    label: image.map((value) => (value > 1 ? 1 : 0)),
    learningRate: new Float32Array([0.01]),
  };
  await program.run(inputs);
  const results = await program.run(inputs);
  for (const name of session.variables.keys()) results[name] = await session.readVariable(name);
  session.close();
  return results;
}

describe('recomputing cheap values', () => {
  it('takes at least a quarter less memory in a training step', () => {
    const bytes = (graph: Graph) => placeBuffers(lower(graph)).arenaBytes;
    const kept = withoutThis(training);
    expect(bytes(recomputeCheapValues(kept))).toBeLessThan(0.75 * bytes(kept));
  });

  it('changes no bit of a training step', async () => {
    const kept = withoutThis(training);
    const recomputed = recomputeCheapValues(kept);
    validateGraph(recomputed, compilerLimits);
    expect(recomputed.nodes.length).toBeGreaterThan(kept.nodes.length);
    expect(await twoSteps(recomputed)).toEqual(await twoSteps(kept));
  });

  it('computes nothing twice where nothing is kept anyway', () => {
    const kept = withoutThis(inferenceGraph('unet3d', size));
    expect(recomputeCheapValues(kept)).toEqual(kept);
  });

  it('never computes a convolution twice', () => {
    const convolutions = (graph: Graph) => graph.nodes.filter(({ op }) => op.startsWith('conv')).length;
    expect(convolutions(optimise(training))).toBe(convolutions(withoutThis(training)));
  });
});
