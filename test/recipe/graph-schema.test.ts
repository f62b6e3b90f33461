/** @file The grammar of graphs in a recipe: it takes all that the builder makes, for every op, and nothing else. */
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type Tensor } from '../../src/engine/graph/builder.ts';
import * as f from '../../src/engine/graph/functions.ts';
import type { Graph } from '../../src/engine/graph/graph.ts';
import { allOps, internalOps, type Op } from '../../src/engine/graph/ops.ts';
import { graphSchema } from '../../src/recipe/graph-schema.ts';

/** One node of each op that a recipe may hold, on x [2, 4, 6, 6]. */
function everyOp(builder: GraphBuilder): void {
  const x = builder.input('x', [2, 4, 6, 6]);
  const plain = (op: Op, ...inputs: Tensor[]) => builder.node(op, inputs, {} as never);
  for (const op of ['neg', 'abs', 'sign', 'floor', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'rsqrt'] as const)
    plain(op, x);
  for (const op of ['sigmoid', 'tanh', 'softplus', 'erf', 'sin', 'cos', 'stopGradient'] as const)
    plain(op, x);
  for (const op of ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow'] as const) plain(op, x, x);
  for (const op of ['equal', 'less', 'lessEqual'] as const) plain(op, x, x);
  plain('where', x, x, x);
  f.leakyRelu(x, 0.1);
  builder.node('leakyReluGrad', [x, x], { slope: 0.1 });
  f.clamp(x, -1, 1);
  const indices = f.cast(f.iota(x, [3], 0), 'i32');
  f.random(f.cast(builder.constant([1, 2], [2]), 'i32'), [3], { distribution: 'normal', stream: 7 });
  f.sum(x, [1, 2]);
  f.max(x);
  f.argMax(x, 1);
  f.softmax(x, 1);
  f.logSoftmax(x, 1);
  f.matmul(x, x, { transposeB: true });

  const initial = { kind: 'normal', mean: 0, deviation: 1 } as const;
  const weight = builder.variable({ name: 'w', initial, trainable: true }, [5, 4, 3, 3]);
  const y = f.conv(x, weight, { padding: 1, stride: 2 });
  const window = {
    stride: [2, 2],
    padding: [
      [1, 1],
      [1, 1],
    ] as [number, number][],
    dilation: [1, 1],
    groups: 1,
  };
  f.convTranspose(y, weight, { padding: 1, stride: 2, outputPadding: 1 });
  builder.node('convGradWeight', [x, y], { ...window, kernel: [3, 3] });
  const pool = {
    kernel: [2, 2],
    stride: [2, 2],
    padding: [
      [0, 0],
      [0, 0],
    ] as [number, number][],
  };
  const pooled = f.maxPool(x, { kernel: 2 });
  f.avgPool(x, { kernel: 2 });
  builder.node('maxPoolGrad', [pooled, x], pool);
  builder.node('avgPoolGrad', [pooled], { ...pool, spatial: [6, 6] });
  const nearest = { mode: 'nearest', alignCorners: false } as const;
  f.resize(x, [12, 12], { mode: 'linear' });
  builder.node('resizeGrad', [x], { ...nearest, spatial: [3, 3] });
  const grid = builder.input('grid', [2, 6, 6, 2]);
  const sampling = { mode: 'linear', padding: 'border', alignCorners: true } as const;
  f.gridSample(x, grid, sampling);
  builder.node('gridSampleGradInput', [x, grid], { ...sampling, spatial: [6, 6] });
  builder.node('gridSampleGradGrid', [x, x, grid], sampling);

  const norm = { kind: 'group', groups: 2, epsilon: 1e-5, slope: null } as const;
  const stats = f.normStats(x, 'group', 2);
  const ones = builder.constant(1, [4]);
  f.norm(x, { kind: 'group', groups: 2, stats });
  const sums = builder.node('normGradSums', [x, x, stats, ones, ones], norm);
  builder.node('normGradInput', [x, x, stats, ones, ones, sums], norm);

  f.reshape(x, [2, 4, 36]);
  f.transpose(x, [0, 2, 3, 1]);
  f.broadcastTo(builder.constant(1, [1, 4]), [3, 4]);
  f.concat([x, x]);
  f.slice(x, [0, 1, 0, 0], [2, 2, 6, 6]);
  const edges = { low: [0, 0, 1, 0], high: [0, 0, 0, 2], mode: 'reflect' as const };
  const padded = f.pad(x, edges);
  builder.node('padGrad', [padded], { ...edges, value: 0 });
  const gathered = f.gather(x, indices, 1);
  builder.node('scatterAdd', [gathered, indices], { axis: 1, size: 4 });
  const order = f.argSort(x, 3);
  const taken = f.takeAlong(x, order, 3);
  builder.node('putAlong', [taken, order], { axis: 3, size: 6 });
}

function graphOf(write: (builder: GraphBuilder) => void): Graph {
  const builder = new GraphBuilder();
  write(builder);
  return builder.build();
}

const graph = graphOf(everyOp);

describe('the grammar of graphs', () => {
  it('is tried with every op that a recipe may hold', () => {
    const tried = new Set(graph.nodes.map(({ op }) => op));
    expect(allOps.filter((op) => !tried.has(op) && !internalOps.has(op))).toEqual([]);
  });

  it('gives back what the builder made, through JSON', () => {
    const { error, data } = graphSchema.safeParse(JSON.parse(JSON.stringify(graph)));
    expect(error?.issues).toBeUndefined();
    expect(data).toEqual(graph);
  });

  it.each(
    graph.nodes.map((node, id) => ({ ...node, id })),
  )('refuses a further attribute of $op (node $id)', ({ id }) => {
    const nodes = graph.nodes.map((node, i) =>
      i === id ? { ...node, attributes: { ...node.attributes, shell: 'rm' } } : node,
    );
    expect(graphSchema.safeParse({ ...graph, nodes }).success).toBe(false);
  });

  it.each([
    ['an empty shape element', { shape: [0, 4, 6, 6] }],
    ['a fractional size', { shape: [1.5, 4, 6, 6] }],
    ['an unknown number type', { dtype: 'f64' }],
    ['a negative input', { inputs: [-1] }],
    ['a further field', { code: '1' }],
  ])('refuses %s', (_what, change) => {
    const nodes = graph.nodes.map((node, i) => (i === 1 ? { ...node, ...change } : node));
    expect(graphSchema.safeParse({ ...graph, nodes }).success).toBe(false);
  });

  it('refuses the compiler’s own ops', () => {
    const node = { op: 'elementwise', inputs: [0], attributes: { program: [] }, shape: [1], dtype: 'f32' };
    expect(graphSchema.safeParse({ ...graph, nodes: [...graph.nodes, node] }).success).toBe(false);
  });
});
