import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import * as f from '../../../src/engine/graph/functions.ts';
import { printGraph } from '../../../src/engine/graph/print.ts';
import { compilerLimits, validateGraph } from '../../../src/engine/graph/validate.ts';

const initial = { kind: 'constant', value: 0 } as const;

/** What `build` makes of x. */
async function evaluate(x: { shape: number[]; values: number[] }, build: (x: Tensor) => Tensor) {
  const builder = new GraphBuilder();
  const y = build(builder.input('x', x.shape));
  builder.output('y', y);
  const graph = builder.build();
  validateGraph(graph, compilerLimits);
  const program = makeReferenceExecutor().open().compile(graph, { seed: 1 });
  const outputs = await program.run({ x: new Float32Array(x.values) });
  return { shape: y.shape, values: [...outputs.y!] };
}

describe('a graph builder', () => {
  it('gives one tensor for one name', () => {
    const builder = new GraphBuilder();
    expect(builder.input('x', [2])).toEqual(builder.input('x', [2]));
    expect(builder.build().nodes).toHaveLength(1);
  });

  it('refuses one name with two shapes', () => {
    const builder = new GraphBuilder();
    builder.variable({ name: 'w', initial, trainable: true }, [2, 3]);
    expect(() => builder.variable({ name: 'w', initial, trainable: true }, [3, 2])).toThrow(
      'variable w is used with shape [2, 3] and with [3, 2].',
    );
  });

  it('refuses two outputs of one name', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1]);
    builder.output('y', x);
    expect(() => builder.output('y', x)).toThrow('Two outputs are named "y".');
  });

  it('says which layer was given what, where it is built', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1, 3, 8, 8]);
    const weight = builder.variable({ name: 'w', initial, trainable: true }, [4, 2, 3, 3]);
    expect(() => f.conv(x, weight)).toThrow(UserError);
    expect(() => f.conv(x, weight)).toThrow(
      'conv expects x [N, C, …], weight [O, C/1, …kernel], optional bias [O], but got f32 [1, 3, 8, 8], f32 [4, 2, 3, 3].',
    );
  });

  it('takes in another graph and shares the leaves that both know', () => {
    const other = new GraphBuilder();
    other.output('double', f.mul(other.input('x', [2]), 2));
    const builder = new GraphBuilder();
    const x = builder.input('x', [2]);
    const tensors = builder.include(other.build());
    expect(tensors[0]).toEqual(x);
    expect(builder.build().nodes.filter(({ op }) => op === 'input')).toHaveLength(1);
  });
});

describe('tensor functions', () => {
  const x = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

  it('broadcast numbers and shorter shapes', async () => {
    const row = await evaluate(x, (t) => f.sub(t, t.builder.constant([1, 2, 3], [3])));
    expect(row).toEqual({ shape: [2, 3], values: [0, 0, 0, 3, 3, 3] });
    const column = await evaluate(x, (t) => f.div(6, f.add(t, t.builder.constant([0, -3], [2, 1]))));
    expect(column).toEqual({ shape: [2, 3], values: [6, 3, 2, 6, 3, 2] });
  });

  it('refuse shapes that do not broadcast', () => {
    const builder = new GraphBuilder();
    expect(() => f.add(builder.input('a', [2, 3]), builder.input('b', [2]))).toThrow(
      'add expects shapes that broadcast, but got [2, 3] and [2].',
    );
  });

  it('take means over some axes, with and without keeping them', async () => {
    expect(await evaluate(x, (t) => f.mean(t, [1]))).toEqual({ shape: [2], values: [2, 5] });
    expect(await evaluate(x, (t) => f.mean(t, [0], { keepDims: true }))).toEqual({
      shape: [1, 3],
      values: [2.5, 3.5, 4.5],
    });
  });

  it('take log Σ eˣ without overflow', async () => {
    const large = { shape: [2, 2], values: [1000, 1000, -1000, 0] };
    const result = await evaluate(large, (t) => f.logSumExp(t, 1));
    expect(result.shape).toEqual([2]);
    expect(result.values[0]).toBeCloseTo(1000 + Math.log(2), 3);
    expect(result.values[1]).toBeCloseTo(0, 6);
  });

  it('spread labels over classes', async () => {
    const labels = { shape: [1, 3], values: [2, 0, 1] };
    expect(await evaluate(labels, (t) => f.oneHot(t, 3))).toEqual({
      shape: [1, 3, 3],
      values: [0, 1, 0, 0, 0, 1, 1, 0, 0],
    });
  });

  it('work out one size of a reshape', async () => {
    expect((await evaluate(x, (t) => f.reshape(t, [3, -1]))).shape).toEqual([3, 2]);
  });

  it('give a transposed convolution the sizes of PyTorch', () => {
    const builder = new GraphBuilder();
    const y = builder.input('y', [1, 4, 5, 6]);
    const weight = builder.variable({ name: 'w', initial, trainable: true }, [4, 2, 3, 3]);
    const options = { stride: 2, padding: 1, outputPadding: [1, 0] };
    expect(f.convTranspose(y, weight, options).shape).toEqual([1, 2, 10, 11]);
  });
});

describe('a printed graph', () => {
  it('reads like formulas', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2]);
    const w = builder.variable({ name: 'w', initial, trainable: true }, [2]);
    builder.output('y', f.leakyRelu(f.mul(x, w), 0.1));
    builder.update('w', x);
    expect(printGraph(builder.build()).split('\n')).toEqual([
      '%0: f32[2] = input(name="x")',
      '%1: f32[2] = variable(name="w", initial={"kind":"constant","value":0}, trainable=true)',
      '%2: f32[2] = mul(%0, %1)',
      '%3: f32[2] = leakyRelu(%2, slope=0.1)',
      'w ← %0',
      'return y = %3',
    ]);
  });
});
