import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import type { TensorData } from '../../../../src/engine/executor.ts';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { loadNative } from '../../../../src/engine/executors/cpu/native.ts';
import { makeReferenceExecutor } from '../../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../../../src/engine/graph/builder.ts';
import {
  add,
  argMax,
  avgPool,
  broadcastTo,
  concat,
  exp,
  gather,
  gridSample,
  logSoftmax,
  max,
  maxPool,
  mul,
  pow,
  resize,
  softmax,
  sum,
  where,
} from '../../../../src/engine/graph/functions.ts';
import { elementCount, type Graph, nodesOf } from '../../../../src/engine/graph/graph.ts';
import type { Op } from '../../../../src/engine/graph/ops.ts';
import { difference } from '../../../helpers/close.ts';
import { executors } from '../../../helpers/executors.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;
const instructionSets = skipped === undefined ? loadNative().instructionSets() : ['cpu'];

interface Case {
  readonly title: string;
  readonly build: (builder: GraphBuilder) => Tensor;
  /** Range of the inputs (default −2 … 2). */
  readonly range?: readonly [number, number];
  /** Default 2e-6: of each element, or of a hundredth of the largest one. */
  readonly relative?: number;
}

/** More than one tile and one task, and no whole number of vectors. */
const many = 40_003;
const image = (builder: GraphBuilder, channels: number, name = 'x') =>
  builder.input(name, [2, channels, 5, 7, 9]);
/** Channels-last in memory whatever comes next. */
const last = (x: Tensor) => maxPool(x, { kernel: 1 });

const curves = [
  ...(['exp', 'expm1', 'sigmoid', 'tanh', 'softplus', 'erf', 'sin', 'cos'] as const),
  ...(['neg', 'abs', 'sign', 'floor'] as const),
] satisfies Op[];

const unaries: Case[] = [
  ...curves.flatMap((op) =>
    [0.1, 8, 80].map((reach) => ({
      title: `${op} within ±${reach}`,
      range: [-reach, reach] as const,
      build: (builder: GraphBuilder) => builder.node(op, [builder.input('x', [many])], {}),
    })),
  ),
  ...(['log', 'log1p', 'sqrt', 'rsqrt'] as const).map((op) => ({
    title: `${op} of positive numbers`,
    range: [0.001, 50] as const,
    build: (builder: GraphBuilder) => builder.node(op, [builder.input('x', [many])], {}),
  })),
];

const channelCounts = [1, 3, 8, 16, 24];

const windows: Case[] = channelCounts.flatMap((channels): Case[] => [
  ...(['group', 'batch'] as const).map(
    (kind): Case => ({
      title: `normStats and normApply, ${kind}, ${channels} channels`,
      relative: 1e-5,
      build: (builder) => {
        const x = image(builder, channels);
        const groups = kind === 'batch' ? channels : channels % 2 === 0 ? 2 : 1;
        const stats = builder.node('normStats', [x], { kind, groups });
        const scale = builder.input('scale', [channels]);
        const attributes = { kind, groups, epsilon: 1e-5, slope: 0.1 };
        return builder.node('normApply', [x, stats, scale, builder.input('bias', [channels])], attributes);
      },
    }),
  ),
  {
    title: `maxPool with overlap and padding, ${channels} channels`,
    build: (builder) => maxPool(image(builder, channels), { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    title: `avgPool of unequal windows, ${channels} channels`,
    relative: 1e-5,
    build: (builder) => avgPool(image(builder, channels), { kernel: [1, 2, 3], stride: [1, 2, 2] }),
  },
  {
    title: `resize to twice the size, linear, ${channels} channels`,
    relative: 1e-5,
    build: (builder) => resize(image(builder, channels), [10, 14, 18], { mode: 'linear' }),
  },
  {
    title: `resize to an odd size, nearest, ${channels} channels`,
    build: (builder) => resize(image(builder, channels), [7, 5, 20]),
  },
  {
    title: `gridSample at the border, ${channels} channels`,
    // Places are worked out in f32: an error of 1e-6 of a voxel times the steepest slope.
    relative: 1e-4,
    build: (builder) =>
      gridSample(image(builder, channels), builder.input('grid', [2, 4, 6, 5, 3]), { padding: 'border' }),
  },
  {
    title: `concat and a broadcast operand, ${channels} channels`,
    build: (builder) => {
      const [a, b] = [last(image(builder, channels)), image(builder, 5, 'y')];
      const bias = builder.input('bias', [1, channels + 5, 1, 1, 1]);
      return mul(concat([a, b], 1), broadcastTo(bias, [2, channels + 5, 5, 7, 9]));
    },
  },
]);

const lines: Case[] = [1, 2, 3, 17, 300].flatMap((size): Case[] => [
  {
    title: `softmax along ${size} neighbours`,
    build: (builder) => softmax(builder.input('x', [35, size]), 1),
  },
  {
    title: `logSoftmax across ${size} rows`,
    build: (builder) => logSoftmax(builder.input('x', [3, size, 37]), 1),
  },
  {
    title: `softmax over ${size} channels after a pool`,
    build: (builder) => softmax(last(builder.input('x', [2, size, 5, 7])), 1),
  },
  {
    title: `argMax over ${size} channels after a pool`,
    build: (builder) => argMax(last(builder.input('x', [2, size, 5, 7])), 1),
  },
  {
    title: `argMax across ${size} rows`,
    build: (builder) => argMax(builder.input('x', [3, size, 37]), 1),
  },
]);

const reductions: Case[] = (
  [
    [[many], [0]],
    [[3, 9001], [1]],
    [[9001, 3], [0]],
    [
      [4, 700, 33],
      [0, 1],
    ],
    [
      [5, 6, 7, 8],
      [0, 2],
    ],
    [
      [2, 3, 1500],
      [0, 2],
    ],
  ] as [number[], number[]][]
).flatMap(([shape, axes]) => [
  {
    range: [0, 2] as const,
    title: `sum over axes ${axes} of [${shape}]`,
    build: (builder: GraphBuilder) => sum(builder.input('x', shape), axes),
  },
  {
    title: `max over axes ${axes} of [${shape}]`,
    build: (builder: GraphBuilder) => max(builder.input('x', shape), axes),
  },
]);

const others: Case[] = [
  {
    title: 'pow of positive bases',
    range: [0.01, 6],
    build: (builder) => pow(builder.input('x', [many]), builder.input('y', [many])),
  },
  {
    title: 'pow of bases of either sign by whole numbers',
    build: (builder) => {
      const powers = builder.constant([0, 1, 2, 3, -1, -2], [6]);
      return pow(builder.input('x', [101, 6]), broadcastTo(powers, [101, 6]));
    },
  },
  {
    title: 'sine beyond the reach of exact reduction',
    range: [-1e6, 1e6],
    build: (builder) => builder.node('sin', [builder.input('x', [1001])], {}),
  },
  {
    title: 'a program of three operands read in three ways',
    build: (builder) => {
      const shape = [7, 11, 13];
      const rows = broadcastTo(builder.input('rows', [7, 1, 1]), shape);
      const columns = broadcastTo(builder.input('columns', [13]), shape);
      const x = builder.input('x', shape);
      return where(builder.node('less', [x, rows], {}), exp(add(x, columns)), mul(rows, 3));
    },
  },
  {
    title: 'gather of rows',
    build: (builder) => gather(builder.input('x', [9, 31]), builder.constant([3, 3, 8, 0], [4], 'i32'), 0),
  },
];

/** Inputs named grid stay near the image. */
function inputsOf(graph: Graph, [low, high]: readonly [number, number]): Record<string, TensorData> {
  const entries = nodesOf(graph, 'input').map(({ node }) => {
    const { name } = node.attributes;
    const random = new Random(11, name);
    const reach = name === 'grid' ? 0.6 : 1;
    return [
      name,
      new Float32Array(elementCount(node.shape)).map(() => reach * random.uniform(low, high)),
    ] as const;
  });
  return Object.fromEntries(entries);
}

async function outputOf(executor: ReturnType<typeof makeReferenceExecutor>, graph: Graph, inputs: object) {
  const session = executor.open();
  const { y } = await session.compile(graph, { seed: 1 }).run(inputs as Record<string, TensorData>);
  session.close();
  return y!;
}

describe.skipIf(skipped)(
  'kernels agree with the definitions on sizes that fill no vector, tile or task',
  () => {
    it.each([...unaries, ...windows, ...lines, ...reductions, ...others])('$title', async ({
      build,
      range = [-2, 2],
      relative = 2e-6,
    }) => {
      const builder = new GraphBuilder();
      builder.output('y', build(builder));
      const graph = builder.build();
      const inputs = inputsOf(graph, range);
      const expected = await outputOf(makeReferenceExecutor(), graph, inputs);
      const problems: string[] = [];
      for (const instructionSet of instructionSets) {
        const found = await outputOf(makeCpuExecutor({ instructionSet, threads: 2 }), graph, inputs);
        const problem = difference(found, expected, { relative });
        if (problem !== undefined) problems.push(`${instructionSet}: ${problem}`);
      }
      expect(problems).toEqual([]);
    });
  },
);

describe.skipIf(skipped).each(instructionSets)('special values on %s', (instructionSet) => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 3.4e38, -3.4e38, 1e-42, 88.71, -104, 89];

  it.each([...curves, 'log', 'log1p', 'sqrt', 'rsqrt'] as const)('%s', async (op) => {
    const builder = new GraphBuilder();
    builder.output('y', builder.node(op, [builder.input('x', [special.length])], {}));
    const inputs = { x: new Float32Array(special) };
    const expected = await outputOf(makeReferenceExecutor(), builder.build(), inputs);
    const found = await outputOf(makeCpuExecutor({ instructionSet }), builder.build(), inputs);
    const problems = special.flatMap((x, i) => {
      const problem = difference([found[i]!], [expected[i]!], { relative: 1e-5, least: 1e-38 });
      return problem === undefined ? [] : [`${op}(${x}): ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('pow of all pairs', async () => {
    const builder = new GraphBuilder();
    const shape = [special.length, special.length];
    const bases = special.flatMap((base) => special.map(() => base));
    const exponents = special.flatMap(() => special);
    builder.output('y', pow(builder.input('a', shape), builder.input('b', shape)));
    const inputs = { a: new Float32Array(bases), b: new Float32Array(exponents) };
    const found = await outputOf(makeCpuExecutor({ instructionSet }), builder.build(), inputs);
    const problems = bases.flatMap((base, i) => {
      const [a, b] = [Math.fround(base), Math.fround(exponents[i]!)];
      // C and PyTorch: one to any power is one; ECMAScript disagrees for NaN and infinities.
      const isOne = a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b));
      const expected = isOne ? 1 : Math.fround(a ** b);
      const problem = difference([found[i]!], [expected], { relative: 1e-5, least: 1e-38 });
      return problem === undefined ? [] : [`${a}^${b}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });
});
