import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/engine/autodiff/differentiate.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import {
  add,
  argMax,
  cast,
  conv,
  exp,
  max,
  maxPool,
  mul,
  norm,
  normStats,
  relu,
  slice,
  stopGradient,
  sum,
} from '../../../src/engine/graph/functions.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';

const countOf = (graph: Graph, op: string) => graph.nodes.filter((node) => node.op === op).length;

/** Gradient of the loss that `build` makes of one input x. */
async function gradientOf(values: readonly number[], build: (x: Tensor) => Tensor): Promise<number[]> {
  const builder = new GraphBuilder();
  const x = builder.input('x', [values.length]);
  builder.output('gradient', differentiate(build(x), [x])[0]!);
  const graph = builder.build();
  validateGraph(graph, compilerLimits);
  const session = makeReferenceExecutor().open();
  const outputs = await session.compile(graph, { seed: 1 }).run({ x: new Float32Array(values) });
  return [...outputs.gradient!];
}

/** A small network: image → convolution → norm → ReLU → convolution, summed; the weights are its variables. */
function network() {
  const builder = new GraphBuilder();
  const initial = { kind: 'normal', mean: 0, deviation: 1 } as const;
  const image = builder.input('image', [1, 1, 6, 6]);
  const first = builder.variable({ name: 'first', initial, trainable: true }, [2, 1, 3, 3]);
  const second = builder.variable({ name: 'second', initial, trainable: true }, [1, 2, 3, 3]);
  const hidden = relu(norm(conv(image, first), { kind: 'group', groups: 2 }));
  return { builder, image, first, second, loss: sum(conv(hidden, second)) };
}

describe('differentiate', () => {
  it('adds the gradients of all uses of a tensor', async () => {
    expect(await gradientOf([2, -3], (x) => sum(add(mul(x, mul(x, x)), x)))).toEqual([13, 28]);
  });

  it('follows one output of a tensor that is used in parts', async () => {
    const gradient = await gradientOf([5, 6, 7], (x) => sum(mul(slice(x, [1], [2]), 4)));
    expect(gradient).toEqual([0, 4, 4]);
  });

  it('shares the gradient of a maximum among ties', async () => {
    expect(await gradientOf([3, 1, 3], (x) => max(x))).toEqual([0.5, 0, 0.5]);
  });

  it('stops at stopGradient', async () => {
    expect(await gradientOf([3, 4], (x) => sum(mul(x, stopGradient(x))))).toEqual([3, 4]);
  });

  it('gives zeros for a tensor on which the loss does not depend', async () => {
    const builder = new GraphBuilder();
    const [x, other] = [builder.input('x', [2]), builder.input('other', [3])];
    builder.output('gradient', differentiate(sum(x), [other])[0]!);
    const program = makeReferenceExecutor().open().compile(builder.build(), { seed: 1 });
    const outputs = await program.run({ x: new Float32Array(2), other: new Float32Array(3) });
    expect([...outputs.gradient!]).toEqual([0, 0, 0]);
  });

  it('passes a cast that changes nothing', async () => {
    expect(await gradientOf([2], (x) => sum(x.builder.node('cast', [x], { to: 'f32' })))).toEqual([1]);
  });

  it('gives zeros through a choice of index', async () => {
    expect(await gradientOf([1, 5, 2], (x) => cast(sum(cast(argMax(x, 0), 'f32')), 'f32'))).toEqual([
      0, 0, 0,
    ]);
  });

  it('gives the gradient of a tensor in the middle of the graph', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2]);
    const middle = exp(x);
    const [gradient] = differentiate(sum(mul(middle, middle)), [middle]);
    builder.output('gradient', gradient!);
    const program = makeReferenceExecutor().open().compile(builder.build(), { seed: 1 });
    const outputs = await program.run({ x: new Float32Array([0, 0]) });
    expect([...outputs.gradient!]).toEqual([2, 2]);
  });

  it('makes no gradient of the image when only weights are wanted', () => {
    const { builder, first, second, loss } = network();
    differentiate(loss, [first, second]);
    const graph = builder.build();
    expect(countOf(graph, 'convGradWeight')).toBe(2);
    expect(countOf(graph, 'convTranspose')).toBe(1);
  });

  it('walks back no further than the wanted weight', () => {
    const { builder, second, loss } = network();
    differentiate(loss, [second]);
    const graph = builder.build();
    expect(countOf(graph, 'convGradWeight')).toBe(1);
    expect(countOf(graph, 'convTranspose')).toBe(0);
    expect(countOf(graph, 'normGradInput')).toBe(0);
  });

  it('makes the sums of a norm once for input, scale and bias', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2, 3, 4]);
    const [scale, bias] = [builder.input('scale', [3]), builder.input('bias', [3])];
    differentiate(sum(norm(x, { kind: 'batch', groups: 3, scale, bias })), [x, scale, bias]);
    expect(countOf(builder.build(), 'normGradSums')).toBe(1);
  });

  it('differentiates its own gradients', async () => {
    // d/dx Σ (d/dx Σ x³)² = d/dx Σ 9x⁴ = 36x³
    const gradient = await gradientOf([1, 2], (x) => {
      const [first] = differentiate(sum(mul(x, mul(x, x))), [x]);
      return sum(mul(first!, first!));
    });
    expect(gradient).toEqual([36, 288]);
  });

  it('refuses a loss of more than one element', () => {
    const x = new GraphBuilder().input('x', [2]);
    expect(() => differentiate(x, [x])).toThrow('The loss has the shape [2]; it must be one number.');
  });

  it('refuses statistics outside a norm rather than dropping their gradient', () => {
    const x = new GraphBuilder().input('x', [2, 3, 4]);
    const loss = sum(normStats(x, 'batch', 3));
    expect(() => differentiate(loss, [x])).toThrow(/normStats, which has no gradient: statistics/);
  });

  it('refuses second derivatives that are not offered, but not their first', () => {
    const x = new GraphBuilder().input('x', [1, 1, 4]);
    const pooled = maxPool(x, { kernel: 2 });
    const [first] = differentiate(sum(mul(pooled, pooled)), [x]);
    expect(() => differentiate(sum(first!), [x])).toThrow(/maxPoolGrad, which has no gradient/);
  });
});
