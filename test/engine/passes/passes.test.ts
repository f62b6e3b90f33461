import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../src/engine/autodiff/differentiate.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import {
  add,
  conv,
  exp,
  leakyRelu,
  mul,
  norm,
  reshape,
  sigmoid,
  sub,
  sum,
} from '../../../src/engine/graph/functions.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import type { Op } from '../../../src/engine/graph/ops.ts';
import { printGraph } from '../../../src/engine/graph/print.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';
import { optimise } from '../../../src/engine/passes/index.ts';

/** Builds, runs all passes with the validator after each, and counts ops. */
function compiled(build: (builder: GraphBuilder) => void): { graph: Graph; count: (op: Op) => number } {
  const builder = new GraphBuilder();
  build(builder);
  const graph = optimise(builder.build(), (_name, after) => validateGraph(after, compilerLimits));
  return { graph, count: (op) => graph.nodes.filter((node) => node.op === op).length };
}

const weightOf = (builder: GraphBuilder, name: string, shape: number[]): Tensor =>
  builder.variable({ name, initial: { kind: 'constant', value: 0.1 }, trainable: true }, shape);

describe('the passes', () => {
  it('drop what no output needs but keep the signature', () => {
    const { graph, count } = compiled((builder) => {
      const x = builder.input('x', [4]);
      builder.input('unused', [2]);
      exp(sigmoid(x));
      builder.output('y', x);
    });
    expect([count('input'), graph.nodes.length]).toEqual([2, 2]);
  });

  it('work out constants and drop operations that do nothing', () => {
    const { graph } = compiled((builder) => {
      const x = builder.input('x', [4]);
      builder.output('y', mul(add(x, sub(builder.constant(2), 2)), 1));
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['input']);
  });

  it('compute equal things once', () => {
    const { count } = compiled((builder) => {
      const x = builder.input('x', [1, 1, 8]);
      const weight = weightOf(builder, 'w', [1, 1, 3]);
      builder.output('y', add(sum(conv(x, weight)), sum(conv(x, weight))));
    });
    expect(count('conv')).toBe(1);
  });

  it('join a chain of elementwise ops and its broadcasts into one program', () => {
    const { graph, count } = compiled((builder) => {
      const x = builder.input('x', [2, 3, 5]);
      const bias = reshape(weightOf(builder, 'b', [3]), [1, 3, 1]);
      builder.output('y', sigmoid(mul(add(x, bias), 0.5)));
    });
    expect([count('elementwise'), count('broadcast'), count('add')]).toEqual([1, 0, 0]);
    const program = graph.nodes.find((node) => node.op === 'elementwise')!;
    expect(program.attributes.program.map(({ op }) => op)).toEqual(['add', 'constant', 'mul', 'sigmoid']);
  });

  it('keep a value that two programs need in memory instead of computing it twice', () => {
    const { count } = compiled((builder) => {
      const x = builder.input('x', [8]);
      const shared = exp(x);
      builder.output('a', sum(mul(shared, 2)));
      builder.output('b', mul(shared, 3));
    });
    expect(count('elementwise')).toBe(3);
  });

  it('fold a leaky ReLU into the norm before it, forward and backward', () => {
    const { graph, count } = compiled((builder) => {
      const x = builder.input('x', [1, 2, 4, 4]);
      const hidden = conv(x, weightOf(builder, 'w', [2, 2, 3, 3]), { padding: 1 });
      const scale = weightOf(builder, 'scale', [2]);
      const loss = sum(leakyRelu(norm(hidden, { kind: 'group', groups: 2, scale })));
      const [gradient] = differentiate(loss, [
        builder.variable(
          { name: 'w', initial: { kind: 'constant', value: 0.1 }, trainable: true },
          [2, 2, 3, 3],
        ),
      ]);
      builder.output('gradient', gradient!);
      builder.output('loss', loss);
    });
    expect([count('leakyRelu'), count('leakyReluGrad')]).toEqual([0, 0]);
    const slopes = graph.nodes.flatMap((node) =>
      node.op === 'normApply' || node.op === 'normGradSums' || node.op === 'normGradInput'
        ? [node.attributes.slope]
        : [],
    );
    expect(slopes).toEqual([0.01, 0.01, 0.01]);
  });

  it('leave the norm alone when its own value is an output', () => {
    const { count } = compiled((builder) => {
      const x = builder.input('x', [1, 2, 4]);
      const normed = norm(x, { kind: 'group', groups: 1 });
      builder.output('normed', normed);
      builder.output('y', leakyRelu(normed));
    });
    expect(count('elementwise')).toBe(1);
  });
});

describe('a printed graph', () => {
  it('reads like formulas', () => {
    const builder = new GraphBuilder();
    builder.output('y', leakyRelu(builder.input('x', [2, 3]), 0.1));
    expect(printGraph(builder.build())).toBe(
      '%0: f32[2, 3] = input(name="x")\n%1: f32[2, 3] = leakyRelu(%0, slope=0.1)\nreturn y = %1',
    );
  });
});
