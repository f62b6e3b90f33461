/**
 * @file The calculus of the engine: one row an op. A row takes the gradient `dy` of the op's result y and gives, for each input
 * a, b, c, a way to make its gradient; only those that are needed are made. Rows that end in words have no gradient, and say why.
 */
import type { Tensor } from '../graph/builder.ts';
import { graphIllegal } from '../graph/errors.ts';
import {
  add,
  broadcastTo,
  cos,
  div,
  equal,
  exp,
  less,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  slice,
  sub,
  sum,
  transpose,
  where,
} from '../graph/functions.ts';
import type { NodeId } from '../graph/graph.ts';
import type { Op, OpAttributes } from '../graph/ops.ts';
import { apply, axesBut, concatPart, inversePermutation, normGradients, padBack } from './helpers.ts';

export interface Call<O extends Op> {
  /** Gradient of the loss by the op's result. */
  readonly dy: Tensor;
  /** The op's result. */
  readonly y: Tensor;
  /** The first three inputs, as far as the op has them. */
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly inputs: readonly Tensor[];
  readonly attributes: OpAttributes[O];
}

/** Why an input gets no gradient: it is `zero` (nothing flows), or `missing` (asking for it is an error). */
export interface NoGradient {
  readonly none: 'zero' | 'missing';
  readonly because: string;
}

export type InputGradient = (() => Tensor) | NoGradient;

export type GradientRule<O extends Op> = ((call: Call<O>) => readonly InputGradient[]) | NoGradient;

const zero = (because: string): NoGradient => ({ none: 'zero', because });
const missing = (because: string): NoGradient => ({ none: 'missing', because });

const comparison = zero('a comparison is flat on both sides of its step');
const positions = zero('indices are whole numbers');
const leaf = zero('a leaf has no inputs');
const second = (op: string) => missing(`second derivatives of ${op} are not offered`);

/** 1 where `larger` wins, ½ where both are equal, 0 elsewhere. */
const share = (larger: Tensor, smaller: Tensor) =>
  mul(add(less(smaller, larger), lessEqual(smaller, larger)), 0.5);

export const gradientRules: { readonly [O in Op]: GradientRule<O> } = {
  input: leaf,
  variable: leaf,
  constant: leaf,
  iota: leaf,
  random: zero('a key is whole numbers'),

  neg: ({ dy }) => [() => neg(dy)],
  abs: ({ dy, a }) => [() => mul(dy, sign(a))],
  sign: zero('the sign is flat on both sides of its step'),
  floor: zero('the floor is flat between its steps'),
  exp: ({ dy, y }) => [() => mul(dy, y)],
  expm1: ({ dy, y }) => [() => mul(dy, add(y, 1))],
  log: ({ dy, a }) => [() => div(dy, a)],
  log1p: ({ dy, a }) => [() => div(dy, add(a, 1))],
  sqrt: ({ dy, y }) => [() => div(mul(dy, 0.5), y)],
  rsqrt: ({ dy, y }) => [() => mul(mul(dy, -0.5), mul(y, mul(y, y)))],
  sigmoid: ({ dy, y }) => [() => mul(dy, mul(y, sub(1, y)))],
  tanh: ({ dy, y }) => [() => mul(dy, sub(1, mul(y, y)))],
  softplus: ({ dy, a }) => [() => mul(dy, sigmoid(a))],
  erf: ({ dy, a }) => [() => mul(mul(dy, 2 / Math.sqrt(Math.PI)), exp(neg(mul(a, a))))],
  sin: ({ dy, a }) => [() => mul(dy, cos(a))],
  cos: ({ dy, a }) => [() => neg(mul(dy, sin(a)))],
  leakyRelu: ({ dy, a, attributes }) => [() => apply('leakyReluGrad', [dy, a], attributes)],
  clamp: ({ dy, y, a }) => [() => where(equal(a, y), dy, 0)],
  cast: ({ dy, y, a }) => [a.dtype === y.dtype ? () => dy : zero('a whole number has no derivative')],
  stopGradient: zero('that is its purpose'),

  add: ({ dy }) => [() => dy, () => dy],
  sub: ({ dy }) => [() => dy, () => neg(dy)],
  mul: ({ dy, a, b }) => [() => mul(dy, b), () => mul(dy, a)],
  div: ({ dy, y, b }) => [() => div(dy, b), () => neg(div(mul(dy, y), b))],
  maximum: ({ dy, a, b }) => [() => mul(dy, share(a, b)), () => mul(dy, share(b, a))],
  minimum: ({ dy, a, b }) => [() => mul(dy, share(b, a)), () => mul(dy, share(a, b))],
  // Where b = 0 the power is 1 for any a, and where a = 0 for any b ≥ 0 it does not move with b: the formulas would give 0·∞.
  pow: ({ dy, y, a, b }) => [
    () => where(equal(b, 0), 0, mul(dy, mul(b, pow(a, sub(b, 1))))),
    () => where(mul(equal(a, 0), lessEqual(0, b)), 0, mul(dy, mul(y, log(a)))),
  ],
  equal: comparison,
  less: comparison,
  lessEqual: comparison,
  leakyReluGrad: ({ dy, b, attributes }) => [
    () => apply('leakyReluGrad', [dy, b], attributes),
    zero('the slope is flat on both sides of 0'),
  ],
  where: ({ dy, a }) => [comparison, () => where(a, dy, 0), () => where(a, 0, dy)],

  sum: ({ dy, a }) => [() => broadcastTo(dy, a.shape)],
  max: ({ dy, y, a, attributes: { axes } }) => [
    () => {
      const isMax = equal(a, broadcastTo(y, a.shape));
      return mul(isMax, broadcastTo(div(dy, sum(isMax, axes, { keepDims: true })), a.shape));
    },
  ],
  argMax: positions,
  softmax: ({ dy, y, attributes: { axis } }) => [
    () => mul(y, sub(dy, sum(mul(dy, y), [axis], { keepDims: true }))),
  ],
  logSoftmax: ({ dy, y, attributes: { axis } }) => [
    () => sub(dy, mul(exp(y), sum(dy, [axis], { keepDims: true }))),
  ],

  // With A, B the factors after their transposes: dA = dY·Bᵀ and dB = Aᵀ·dY, transposed back.
  matmul: ({ dy, a, b, attributes: { transposeA, transposeB } }) => [
    () =>
      transposeA
        ? apply('matmul', [b, dy], { transposeA: transposeB, transposeB: true })
        : apply('matmul', [dy, b], { transposeA: false, transposeB: !transposeB }),
    () =>
      transposeB
        ? apply('matmul', [dy, a], { transposeA: true, transposeB: transposeA })
        : apply('matmul', [a, dy], { transposeA: !transposeA, transposeB: false }),
  ],
  // y = x ∗ w is linear in both: ⟨dy, x ∗ w⟩ = ⟨convTranspose(dy, w), x⟩ = ⟨convGradWeight(x, dy), w⟩. The next two turn this round.
  conv: ({ dy, a: x, b: w, attributes: window }) => [
    () => apply('convTranspose', [dy, w], { ...window, spatial: x.shape.slice(2) }),
    () => apply('convGradWeight', [x, dy], { ...window, kernel: w.shape.slice(2) }),
    () => sum(dy, axesBut(dy, 1)),
  ],
  convTranspose: ({ dy, a: x, b: w, attributes: { spatial: _, ...window } }) => [
    () => apply('conv', [dy, w], window),
    () => apply('convGradWeight', [dy, x], { ...window, kernel: w.shape.slice(2) }),
    () => sum(dy, axesBut(dy, 1)),
  ],
  convGradWeight: ({ dy: dw, a: x, b: y, attributes: { kernel: _, ...window } }) => [
    () => apply('convTranspose', [y, dw], { ...window, spatial: x.shape.slice(2) }),
    () => apply('conv', [x, dw], window),
  ],

  maxPool: ({ dy, a, attributes }) => [() => apply('maxPoolGrad', [dy, a], attributes)],
  maxPoolGrad: () => [second('maxPool'), zero('the place of the maximum is flat')],
  avgPool: ({ dy, a, attributes }) => [
    () => apply('avgPoolGrad', [dy], { ...attributes, spatial: a.shape.slice(2) }),
  ],
  avgPoolGrad: ({ dy, attributes: { spatial: _, ...window } }) => [() => apply('avgPool', [dy], window)],
  resize: ({ dy, a, attributes }) => [
    () => apply('resizeGrad', [dy], { ...attributes, spatial: a.shape.slice(2) }),
  ],
  resizeGrad: ({ dy, a, attributes }) => [
    () => apply('resize', [dy], { ...attributes, spatial: a.shape.slice(2) }),
  ],
  gridSample: ({ dy, a: x, b: grid, attributes }) => [
    () => apply('gridSampleGradInput', [dy, grid], { ...attributes, spatial: x.shape.slice(2) }),
    () => apply('gridSampleGradGrid', [dy, x, grid], attributes),
  ],
  gridSampleGradInput: ({ dy: dx, a: y, b: grid, attributes: { spatial: _, ...attributes } }) => [
    () => apply('gridSample', [dx, grid], attributes),
    () => apply('gridSampleGradGrid', [y, dx, grid], attributes),
  ],
  gridSampleGradGrid: () => [second('gridSample'), second('gridSample'), second('gridSample')],

  normStats: missing('statistics are differentiated as part of normApply; build others from sum and mean'),
  normApply: normGradients,
  normGradSums: second('normApply'),
  normGradInput: second('normApply'),

  reshape: ({ dy, a }) => [() => apply('reshape', [dy], { shape: a.shape })],
  transpose: ({ dy, attributes }) => [() => transpose(dy, inversePermutation(attributes.permutation))],
  broadcast: ({ dy, a }) => [
    () =>
      apply('sum', [dy], { axes: axesBut(a).filter((axis) => a.shape[axis] === 1 && dy.shape[axis] !== 1) }),
  ],
  concat: ({ dy, inputs, attributes: { axis } }) =>
    inputs.map((_, i) => () => concatPart(dy, { inputs, axis }, i)),
  slice: ({ dy, a, attributes: { start } }) => [() => padBack(dy, a.shape, start)],
  pad: ({ dy, a, attributes }) => [
    () =>
      attributes.mode === 'constant'
        ? slice(dy, attributes.low, a.shape)
        : apply('padGrad', [dy], attributes),
  ],
  padGrad: ({ dy, attributes }) => [() => apply('pad', [dy], { ...attributes, value: 0 })],
  gather: ({ dy, a, b, attributes: { axis } }) => [
    () => apply('scatterAdd', [dy, b], { axis, size: a.shape[axis]! }),
    positions,
  ],
  scatterAdd: ({ dy, b, attributes: { axis } }) => [() => apply('gather', [dy, b], { axis }), positions],
  argSort: positions,
  takeAlong: ({ dy, a, b, attributes: { axis } }) => [
    () => apply('putAlong', [dy, b], { axis, size: a.shape[axis]! }),
    positions,
  ],
  putAlong: ({ dy, b, attributes: { axis } }) => [() => apply('takeAlong', [dy, b], { axis }), positions],

  elementwise: missing('programs are made by passes, after differentiation'),
};

/** Ways to make the gradients of a node's inputs; inputs to which nothing flows are left out. */
export function inputGradients(y: Tensor, dy: Tensor): { input: NodeId; gradient: () => Tensor }[] {
  const { op, inputs: ids, attributes } = y.builder.nodeAt(y.id);
  const inputs = ids.map((id) => y.builder.tensor(id));
  const [a, b, c] = inputs as [Tensor, Tensor, Tensor];
  const rule = gradientRules[op] as GradientRule<Op>;
  const row = 'none' in rule ? inputs.map(() => rule) : rule({ dy, y, a, b, c, inputs, attributes });
  return ids.flatMap((input, i) => {
    const gradient = row[i]!;
    if (!('none' in gradient)) return [{ input, gradient }];
    return gradient.none === 'zero' ? [] : [{ input, gradient: () => refuse(op, gradient) }];
  });
}

function refuse(op: Op, { because }: NoGradient): never {
  throw graphIllegal({ what: `The loss depends on ${op}, which has no gradient: ${because}.`, field: op });
}
