/** @file Layers and blocks of the SDK: names, shapes, initialisers, and running statistics between graphs. */
import { describe, expect, it } from 'vitest';
import { makeReferenceExecutor } from '../../src/engine/executors/reference/executor.ts';
import { type Graph, nodesOf } from '../../src/engine/graph/graph.ts';
import { compilerLimits, validateGraph } from '../../src/engine/graph/validate.ts';
import * as sdk from '../../src/sdk/index.ts';

const shapesOf = (graph: Graph) =>
  Object.fromEntries(
    nodesOf(graph, 'variable').map(({ node }) => [node.attributes.name, node.shape.join('×')]),
  );

/** A graph of one layer on an input [2, 4, 6, 6, 6], and the shape of what it gives. */
function layer(write: (scope: sdk.Scope, x: sdk.Tensor) => sdk.Tensor, purpose: sdk.GraphPurpose = 'train') {
  let shape: readonly number[] = [];
  const graph = sdk.makeGraph(purpose, (scope) => {
    const y = write(scope, scope.builder.input('x', [2, 4, 6, 6, 6]));
    shape = y.shape;
    scope.builder.output('y', y);
  });
  validateGraph(graph, compilerLimits);
  return { graph, shape };
}

describe('layers', () => {
  it.each([
    ['a convolution keeps sizes', sdk.convolution, { channels: 8 }, [2, 8, 6, 6, 6], '8×4×3×3×3'],
    ['a dilated one too', sdk.convolution, { channels: 8, dilation: 2 }, [2, 8, 6, 6, 6], '8×4×3×3×3'],
    ['a stride halves them', sdk.convolution, { channels: 8, stride: 2 }, [2, 8, 3, 3, 3], '8×4×3×3×3'],
    ['groups share channels', sdk.convolution, { channels: 4, groups: 4 }, [2, 4, 6, 6, 6], '4×1×3×3×3'],
    [
      'a kernel may be flat',
      sdk.convolution,
      { channels: 2, kernel: [1, 3, 3] },
      [2, 2, 6, 6, 6],
      '2×4×1×3×3',
    ],
    [
      'a transposed one doubles them',
      sdk.transposedConvolution,
      { channels: 3 },
      [2, 3, 12, 12, 12],
      '4×3×2×2×2',
    ],
  ] as const)('%s', (_what, make, options, expected, weight) => {
    const { graph, shape } = layer((scope, x) => make(sdk.inner(scope, 'a'), x, options));
    expect(shape).toEqual(expected);
    expect(shapesOf(graph)['a.weight']).toBe(weight);
    expect(shapesOf(graph)['a.bias']).toBe(String(options.channels));
  });

  it('leave out the bias when told', () => {
    const { graph } = layer((scope, x) => sdk.convolution(scope, x, { channels: 2, bias: false }));
    expect(shapesOf(graph)).toEqual({ weight: '2×4×3×3×3' });
  });

  it('name their variables by the path of their scope', () => {
    const { graph } = layer((scope, x) =>
      sdk.convBlock(sdk.inner(sdk.inner(scope, 'encoder'), 0), x, {
        channels: 8,
        norm: 'batch',
        activation: 'relu',
      }),
    );
    expect(Object.keys(shapesOf(graph)).sort()).toEqual(
      [1, 2]
        .flatMap((n) => [
          ...['weight', 'bias'].map((name) => `encoder.0.conv${n}.${name}`),
          ...['weight', 'bias', 'runningMean', 'runningVariance'].map((name) => `encoder.0.norm${n}.${name}`),
        ])
        .sort(),
    );
  });

  it('begin as PyTorch’s do: uniform within 1/√fanIn', () => {
    const { graph } = layer((scope, x) => sdk.convolution(scope, x, { channels: 8 }));
    const bound = 1 / Math.sqrt(4 * 27);
    for (const { node } of nodesOf(graph, 'variable'))
      expect(node.attributes.initial).toEqual({ kind: 'uniform', low: -bound, high: bound });
  });

  it.each([
    ['instance', 4],
    ['group', 4],
    ['layer', 1],
  ] as const)('%s norm has its groups, the same in every graph', (kind, groups) => {
    for (const purpose of ['train', 'predict'] as const) {
      const { graph } = layer((scope, x) => sdk.normalise(scope, x, { kind }), purpose);
      expect(nodesOf(graph, 'normStats').map(({ node }) => node.attributes.groups)).toEqual([groups]);
      expect(graph.updates).toEqual([]);
    }
  });

  it('no norm is no node', () => {
    const { graph } = layer((scope, x) => sdk.normalise(scope, x, { kind: 'none' }));
    expect(graph.nodes).toHaveLength(1);
  });
});

describe('blocks', () => {
  const style = { norm: 'instance', activation: 'leakyRelu' } as const;

  it('a residual block gets a skip convolution only where shapes change', () => {
    const same = layer((scope, x) => sdk.residualBlock(scope, x, { channels: 4, ...style }));
    const other = layer((scope, x) => sdk.residualBlock(scope, x, { channels: 6, stride: 2, ...style }));
    expect([same.shape, other.shape]).toEqual([
      [2, 4, 6, 6, 6],
      [2, 6, 3, 3, 3],
    ]);
    expect(Object.keys(shapesOf(same.graph))).not.toContain('skip.weight');
    expect(shapesOf(other.graph)['skip.weight']).toBe('6×4×1×1×1');
  });

  it.each(sdk.upsamplingKinds)('an up block doubles sizes: %s', (kind) => {
    const { shape } = layer((scope, x) => sdk.upBlock(scope, x, { channels: 3, kind, ...style }));
    expect(shape).toEqual([2, 3, 12, 12, 12]);
  });

  it('an attention gate weighs the skip by one value a voxel', async () => {
    const { graph } = layer((scope, x) =>
      sdk.attentionGate(scope, sdk.mul(x, 2), x, { channels: 2, norm: 'none' }),
    );
    const session = makeReferenceExecutor().open();
    const program = session.compile(graph, { seed: 3 });
    const x = Float32Array.from({ length: 2 * 4 * 216 }, (_, i) => 1 + Math.sin(i));
    const { y } = await program.run({ x });
    const weight = (n: number, c: number, i: number) => {
      const at = (n * 4 + c) * 216 + i;
      return y![at]! / x[at]!;
    };
    for (const [n, i] of [
      [0, 0],
      [1, 100],
    ] as const) {
      expect(weight(n, 0, i)).toBeGreaterThan(0);
      expect(weight(n, 0, i)).toBeLessThan(1);
      for (const c of [1, 2, 3]) expect(weight(n, c, i)).toBeCloseTo(weight(n, 0, i), 5);
    }
  });

  it.each(sdk.activationKinds)('the activation %s gives what its formula does', async (kind) => {
    const graph = sdk.makeGraph('train', (scope) =>
      scope.builder.output('y', sdk.activate(scope.builder.input('x', [2]), kind)),
    );
    const { y } = await makeReferenceExecutor()
      .open()
      .compile(graph, { seed: 1 })
      .run({ x: Float32Array.of(-1, 2) });
    const expected = {
      relu: [0, 2],
      leakyRelu: [-0.01, 2],
      silu: [-0.268941, 1.761594],
      gelu: [-0.158655, 1.9545],
      sigmoid: [0.268941, 0.880797],
      tanh: [-0.761594, 0.964028],
      none: [-1, 2],
    }[kind];
    expect(y![0]).toBeCloseTo(expected[0]!, 4);
    expect(y![1]).toBeCloseTo(expected[1]!, 4);
  });
});

describe('batch norm', () => {
  const normGraph = (purpose: sdk.GraphPurpose, calls = 1) =>
    sdk.makeGraph(purpose, (scope) => {
      let y = scope.builder.input('x', [2, 1, 2]);
      for (let call = 0; call < calls; call++)
        y = sdk.normalise(sdk.inner(scope, 'norm'), sdk.mul(y, call === 0 ? 1 : 3), { kind: 'batch' });
      scope.builder.output('y', y);
    });
  const x = Float32Array.of(1, 2, 3, 6);

  it('takes the batch’s statistics when training, and keeps a running share of them', async () => {
    const session = makeReferenceExecutor().open();
    const { y } = await session.compile(normGraph('train'), { seed: 1 }).run({ x });
    // Mean 3, variance 3.5 (biased), 14/3 (unbiased).
    expect(y![3]).toBeCloseTo(3 / Math.sqrt(3.5), 4);
    expect((await session.readVariable('norm.runningMean'))[0]).toBeCloseTo(0.3, 6);
    expect((await session.readVariable('norm.runningVariance'))[0]).toBeCloseTo(0.9 + 14 / 30, 6);
  });

  it('uses the running statistics when validating and predicting, and leaves them alone', async () => {
    for (const purpose of ['validate', 'predict'] as const) {
      const session = makeReferenceExecutor().open();
      const program = session.compile(normGraph(purpose), { seed: 1 });
      await session.writeVariable('norm.runningMean', Float32Array.of(2));
      await session.writeVariable('norm.runningVariance', Float32Array.of(4));
      const { y } = await program.run({ x });
      expect(y![3]).toBeCloseTo(2, 4);
      expect(normGraph(purpose).updates).toEqual([]);
    }
  });

  it('counts both calls, one after the other, when a graph runs it twice', async () => {
    const session = makeReferenceExecutor().open();
    const graph = normGraph('train', 2);
    expect(graph.updates.map(({ variable }) => variable).sort()).toEqual([
      'norm.runningMean',
      'norm.runningVariance',
    ]);
    await session.compile(graph, { seed: 1 }).run({ x });
    // The second call sees mean 0 and (nearly) variance 9, unbiased 12.
    expect((await session.readVariable('norm.runningMean'))[0]).toBeCloseTo(0.27, 5);
    const variance = 0.9 * (0.9 + 14 / 30) + 0.1 * 12;
    expect((await session.readVariable('norm.runningVariance'))[0]).toBeCloseTo(variance, 3);
  });
});

describe('settings and sizes', () => {
  it('are read by kind, and a mistake names the setting', () => {
    const settings = { a: 1, b: true, c: 'x' };
    expect(sdk.numberSetting(settings, 'a')).toBe(1);
    expect(sdk.booleanSetting(settings, 'b')).toBe(true);
    expect(sdk.choiceSetting(settings, 'c', ['x', 'y'])).toBe('x');
    expect(() => sdk.numberSetting(settings, 'c')).toThrow('"c" as a number, but found "x"');
    expect(() => sdk.booleanSetting(settings, 'absent')).toThrow('found nothing');
    expect(() => sdk.choiceSetting(settings, 'c', ['y', 'z'])).toThrow('one of y, z');
  });

  it('patches must halve as often as the network does', () => {
    expect(sdk.cubicPatch(48, { levels: 5, field: 'patchSize' })).toEqual([48, 48, 48]);
    expect(() => sdk.cubicPatch(40, { levels: 5, field: 'patchSize' })).toThrow('multiple of 16');
    expect(() => sdk.cubicPatch(8, { levels: 5, field: 'patchSize' })).toThrow('multiple of 16');
  });

  it('a foreground class is one value, or all that occur', () => {
    const fingerprint = { labelValues: [-1, 2, 3, 7] } as unknown as sdk.Fingerprint;
    const look = { name: 'Vessel', colour: '#fff' };
    expect(sdk.foregroundClass(fingerprint, { label: 3, ...look })).toEqual([{ value: 3, ...look }]);
    expect(sdk.foregroundClass(fingerprint, { label: 0, ...look })).toEqual([
      { value: 2, mergedValues: [3, 7], ...look },
    ]);
    expect(sdk.foregroundClass({ ...fingerprint, labelValues: [] }, { label: 0, ...look })).toEqual([
      { value: 1, ...look },
    ]);
  });
});
