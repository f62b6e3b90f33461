/** @file One smooth point for each gradient rule, for finite differences: no ties, no kinks within a step of any input. */
import { Random } from '../../../src/base/random.ts';
import type { Shape } from '../../../src/engine/graph/graph.ts';
import type { Op } from '../../../src/engine/graph/ops.ts';

export interface RuleInput {
  readonly shape: Shape;
  readonly values: readonly number[];
  readonly dtype: 'f32' | 'i32';
  /** Is its gradient compared? */
  readonly smooth: boolean;
}

export interface RuleCase {
  readonly op: Op;
  readonly inputs: readonly RuleInput[];
  readonly attributes: object;
  /** Input 1 is made by normStats of input 0 in the graph itself. */
  readonly ownStatistics?: boolean;
}

/** Distance between any two values and from 0; every kink of the cases lies at a multiple of it. */
const gap = 0.1;

/** Values in steps of `gap`, half a step away from its multiples, shuffled; `from` moves the lowest. */
function spaced(count: number, seed: number, from = -count / 2): number[] {
  const random = new Random(seed, 'spaced');
  return random.shuffle(Array.from({ length: count }, (_, i) => (i + Math.floor(from) + 0.5) * gap));
}

const size = (shape: Shape) => shape.reduce((product, n) => product * n, 1);

const free = (...shape: number[]): RuleInput => ({
  shape,
  values: spaced(size(shape), size(shape) + shape.length),
  dtype: 'f32',
  smooth: true,
});
const positive = (...shape: number[]): RuleInput => ({
  ...free(...shape),
  values: spaced(size(shape), 3, 3),
});
const fixed = (input: RuleInput): RuleInput => ({ ...input, smooth: false });
const indices = (values: readonly number[], ...shape: number[]): RuleInput => ({
  shape,
  values,
  dtype: 'i32',
  smooth: false,
});

/** Two inputs of which no element of one comes near one of the other. */
function apart(...shape: number[]): RuleInput[] {
  const all = spaced(2 * size(shape), 8);
  const half = (values: number[]): RuleInput => ({ shape, values, dtype: 'f32', smooth: true });
  return [half(all.slice(0, size(shape))), half(all.slice(size(shape)))];
}

/** A grid [1, 3, 2] that reads between voxel centres of a 4 × 5 image with corners aligned: x = 1.3, 2.6, 0.4, y = 0.7, 1.5, 2.2. */
const grid: RuleInput = {
  shape: [1, 3, 1, 2],
  values: [1.3 / 2 - 1, 0.7 / 1.5 - 1, 2.6 / 2 - 1, 1.5 / 1.5 - 1, 0.4 / 2 - 1, 2.2 / 1.5 - 1],
  dtype: 'f32',
  smooth: true,
};

const x2d = [2, 3, 4];
const unary: Op[] = ['neg', 'abs', 'exp', 'expm1', 'sigmoid', 'tanh', 'softplus', 'erf', 'sin', 'cos'];
const ofPositive: Op[] = ['log', 'log1p', 'sqrt', 'rsqrt'];
const binary: Op[] = ['add', 'sub', 'mul', 'maximum', 'minimum'];

const window2d = {
  stride: [2, 1],
  padding: [
    [1, 0],
    [1, 1],
  ],
  dilation: [1, 2],
  groups: 2,
};
const pool2d = {
  kernel: [2, 3],
  stride: [2, 2],
  padding: [
    [0, 1],
    [1, 0],
  ],
};
const sampling = { mode: 'linear', padding: 'zeros', alignCorners: true };
const group = { kind: 'group', groups: 2, epsilon: 1e-3, slope: null };
const pad = { low: [0, 0, 2], high: [0, 0, 1], value: 0.5 };
const resize = { mode: 'linear', alignCorners: false };

export const ruleCases: readonly RuleCase[] = [
  ...unary.map((op) => ({ op, inputs: [free(3, 4)], attributes: {} })),
  ...ofPositive.map((op) => ({ op, inputs: [positive(3, 4)], attributes: {} })),
  ...binary.map((op) => ({ op, inputs: apart(3, 4), attributes: {} })),
  { op: 'div', inputs: [free(3, 4), positive(3, 4)], attributes: {} },
  { op: 'pow', inputs: [positive(3, 4), free(3, 4)], attributes: {} },
  { op: 'leakyRelu', inputs: [free(3, 4)], attributes: { slope: 0.2 } },
  { op: 'clamp', inputs: [free(3, 4)], attributes: { min: -0.3, max: 0.2 } },
  { op: 'leakyReluGrad', inputs: [free(3, 4), fixed(free(3, 4))], attributes: { slope: 0.2 } },
  { op: 'where', inputs: [fixed(free(3, 4)), ...apart(3, 4)], attributes: {} },
  { op: 'sum', inputs: [free(...x2d)], attributes: { axes: [0, 2] } },
  { op: 'max', inputs: [free(...x2d)], attributes: { axes: [0, 2] } },
  { op: 'softmax', inputs: [free(...x2d)], attributes: { axis: 1 } },
  { op: 'logSoftmax', inputs: [free(...x2d)], attributes: { axis: 2 } },
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      op: 'matmul' as const,
      inputs: [free(2, ...(transposeA ? [4, 3] : [3, 4])), free(2, ...(transposeB ? [5, 4] : [4, 5]))],
      attributes: { transposeA, transposeB },
    })),
  ),
  { op: 'conv', inputs: [free(2, 4, 5, 6), free(2, 2, 3, 2), free(2)], attributes: window2d },
  {
    op: 'convTranspose',
    inputs: [free(2, 2, 2, 6), free(2, 2, 3, 2), free(4)],
    attributes: { ...window2d, spatial: [5, 6] },
  },
  {
    op: 'convGradWeight',
    inputs: [free(2, 4, 5, 6), free(2, 2, 2, 6)],
    attributes: { ...window2d, kernel: [3, 2] },
  },
  { op: 'maxPool', inputs: [free(1, 2, 5, 6)], attributes: pool2d },
  { op: 'avgPool', inputs: [free(1, 2, 5, 6)], attributes: pool2d },
  { op: 'avgPoolGrad', inputs: [free(1, 2, 3, 3)], attributes: { ...pool2d, spatial: [5, 6] } },
  { op: 'resize', inputs: [free(1, 2, 3, 4)], attributes: { ...resize, spatial: [5, 6] } },
  { op: 'resizeGrad', inputs: [free(1, 2, 5, 6)], attributes: { ...resize, spatial: [3, 4] } },
  { op: 'gridSample', inputs: [free(1, 2, 4, 5), grid], attributes: sampling },
  {
    op: 'gridSampleGradInput',
    inputs: [free(1, 2, 3, 1), grid],
    attributes: { ...sampling, spatial: [4, 5] },
  },
  {
    op: 'normApply',
    inputs: [free(2, 4, 5), positive(4), free(4)],
    attributes: group,
    ownStatistics: true,
  },
  {
    op: 'normApply',
    inputs: [free(3, 2, 4), positive(2), free(2)],
    attributes: { ...group, kind: 'batch' },
    ownStatistics: true,
  },
  {
    op: 'normApply',
    inputs: [free(2, 4, 5), fixed(positive(2, 2, 2)), positive(4), free(4)],
    attributes: group,
  },
  { op: 'reshape', inputs: [free(...x2d)], attributes: { shape: [4, 6] } },
  { op: 'transpose', inputs: [free(...x2d)], attributes: { permutation: [2, 0, 1] } },
  { op: 'broadcast', inputs: [free(2, 1, 4)], attributes: { shape: x2d } },
  { op: 'concat', inputs: [free(2, 1, 2), free(2, 3, 2), free(2, 2, 2)], attributes: { axis: 1 } },
  { op: 'slice', inputs: [free(...x2d)], attributes: { start: [1, 0, 2], size: [1, 2, 2] } },
  ...['constant', 'reflect', 'edge'].map((mode) => ({
    op: 'pad' as const,
    inputs: [free(...x2d)],
    attributes: { ...pad, mode },
  })),
  ...['reflect', 'edge'].map((mode) => ({
    op: 'padGrad' as const,
    inputs: [free(2, 3, 7)],
    attributes: { ...pad, mode },
  })),
  { op: 'gather', inputs: [free(...x2d), indices([2, 0, 2], 3)], attributes: { axis: 1 } },
  { op: 'scatterAdd', inputs: [free(2, 3, 2), indices([3, 0, 3], 3)], attributes: { axis: 1, size: 4 } },
  { op: 'takeAlong', inputs: [free(2, 3), indices([2, 0, 2, 1, 1, 1, 0, 0], 2, 4)], attributes: { axis: 1 } },
  {
    op: 'putAlong',
    inputs: [free(2, 3), indices([3, 0, 3, 1, 1, 2], 2, 3)],
    attributes: { axis: 1, size: 4 },
  },
];
