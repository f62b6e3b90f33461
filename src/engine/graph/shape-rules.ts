/** @file Shape and dtype of each op's result from those of its inputs. One row an op; wrong inputs raise GRAPH_SHAPE_MISMATCH. */
import { graphShapeMismatch } from './errors.ts';
import type { DType, Shape } from './graph.ts';
import type { ConvWindow, Op, OpAttributes, PoolWindow } from './ops.ts';

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

type ShapeRule<O extends Op> = (
  inputs: readonly TensorType[],
  attributes: OpAttributes[O],
  declared: TensorType,
) => TensorType;

const show = (shape: Shape) => `[${shape.join(', ')}]`;
const f32 = (shape: Shape): TensorType => ({ shape, dtype: 'f32' });
const i32 = (shape: Shape): TensorType => ({ shape, dtype: 'i32' });
const sameShape = (a: Shape, b: Shape) => a.length === b.length && a.every((size, i) => size === b[i]);

function check(condition: boolean, op: Op, expected: string, inputs: readonly TensorType[]): void {
  if (!condition) {
    throw graphShapeMismatch({
      op,
      expected,
      found: inputs.map((t) => `${t.dtype} ${show(t.shape)}`).join(', ') || 'no inputs',
    });
  }
}

/** Leaves take the shape they were declared with. */
const leaf =
  <O extends Op>(op: O): ShapeRule<O> =>
  (inputs, _attributes, declared) => {
    check(inputs.length === 0, op, 'no inputs', inputs);
    return declared;
  };

const unary =
  <O extends Op>(op: O): ShapeRule<O> =>
  (inputs) => {
    check(inputs.length === 1 && inputs[0]!.dtype === 'f32', op, 'one f32 tensor', inputs);
    return f32(inputs[0]!.shape);
  };

const binary =
  <O extends Op>(op: O): ShapeRule<O> =>
  (inputs) => {
    const [a, b] = inputs;
    const fits =
      inputs.length === 2 && sameShape(a!.shape, b!.shape) && a!.dtype === 'f32' && b!.dtype === 'f32';
    check(fits, op, 'two f32 tensors of equal shape', inputs);
    return f32(a!.shape);
  };

function reduced(op: Op, inputs: readonly TensorType[], axes: readonly number[]): Shape {
  const shape = inputs[0]?.shape ?? [];
  check(
    inputs.length === 1 && axes.every((axis) => axis >= 0 && axis < shape.length),
    op,
    `axes ${show(axes)} within the rank`,
    inputs,
  );
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

const reduction =
  <O extends 'sum' | 'max'>(op: O): ShapeRule<O> =>
  (inputs, { axes }) =>
    f32(reduced(op, inputs, axes));

const alongAxis =
  <O extends 'softmax' | 'logSoftmax'>(op: O): ShapeRule<O> =>
  (inputs, { axis }) => {
    reduced(op, inputs, [axis]);
    return f32(inputs[0]!.shape);
  };

/** Output size of one axis of a convolution or pool. */
export function windowOutput(
  size: number,
  kernel: number,
  stride: number,
  padding: readonly [number, number],
  dilation = 1,
): number {
  return Math.floor((size + padding[0] + padding[1] - dilation * (kernel - 1) - 1) / stride) + 1;
}

function convSpatial(spatial: Shape, kernel: Shape, window: ConvWindow): Shape {
  return spatial.map((size, i) =>
    windowOutput(size, kernel[i]!, window.stride[i]!, window.padding[i]!, window.dilation[i]!),
  );
}

function poolSpatial(spatial: Shape, window: PoolWindow): Shape {
  return spatial.map((size, i) =>
    windowOutput(size, window.kernel[i]!, window.stride[i]!, window.padding[i]!),
  );
}

const poolFits = (spatial: Shape, { kernel, stride, padding }: PoolWindow) =>
  spatial.length >= 1 &&
  spatial.length <= 3 &&
  [kernel, stride, padding].every((list) => list.length === spatial.length);

const windowFits = (spatial: Shape, window: ConvWindow) =>
  spatial.length >= 1 &&
  spatial.length <= 3 &&
  [window.stride, window.padding, window.dilation].every((list) => list.length === spatial.length);

function convRule(inputs: readonly TensorType[], window: ConvWindow): TensorType {
  const [x, weight, bias] = inputs.map((t) => t.shape);
  const fits =
    x !== undefined &&
    weight !== undefined &&
    windowFits(x.slice(2), window) &&
    weight.length === x.length &&
    weight[1]! * window.groups === x[1] &&
    weight[0]! % window.groups === 0 &&
    (bias === undefined || sameShape(bias, [weight[0]!]));
  check(fits, 'conv', `x [N, C, …], weight [O, C/${window.groups}, …kernel], optional bias [O]`, inputs);
  const spatial = convSpatial(x!.slice(2), weight!.slice(2), window);
  check(
    spatial.every((size) => size > 0),
    'conv',
    'an input at least as large as the kernel',
    inputs,
  );
  return f32([x![0]!, weight![0]!, ...spatial]);
}

function convTransposeRule(
  inputs: readonly TensorType[],
  attributes: OpAttributes['convTranspose'],
): TensorType {
  const [y, weight, bias] = inputs.map((t) => t.shape);
  const channels = (weight?.[1] ?? 0) * attributes.groups;
  const fits =
    y !== undefined &&
    weight !== undefined &&
    windowFits(attributes.spatial, attributes) &&
    weight.length === y.length &&
    weight[0] === y[1] &&
    weight[0]! % attributes.groups === 0 &&
    sameShape(convSpatial(attributes.spatial, weight.slice(2), attributes), y.slice(2)) &&
    (bias === undefined || sameShape(bias, [channels]));
  check(
    fits,
    'convTranspose',
    `y [N, O, …], weight [O, C/groups, …kernel], whose convolution of ${show(attributes.spatial)} gives y`,
    inputs,
  );
  return f32([y![0]!, channels, ...attributes.spatial]);
}

function convGradWeightRule(
  inputs: readonly TensorType[],
  attributes: OpAttributes['convGradWeight'],
): TensorType {
  const [x, dy] = inputs.map((t) => t.shape);
  const fits =
    x !== undefined &&
    dy !== undefined &&
    x.length === dy.length &&
    x[0] === dy[0] &&
    windowFits(x.slice(2), attributes) &&
    attributes.kernel.length === x.length - 2 &&
    x[1]! % attributes.groups === 0 &&
    dy[1]! % attributes.groups === 0 &&
    sameShape(convSpatial(x.slice(2), attributes.kernel, attributes), dy.slice(2));
  check(fits, 'convGradWeight', 'x [N, C, …] and the gradient dy of its convolution', inputs);
  return f32([dy![1]!, x![1]! / attributes.groups, ...attributes.kernel]);
}

const poolRule =
  <O extends 'maxPool' | 'avgPool'>(op: O): ShapeRule<O> =>
  (inputs, window) => {
    const shape = inputs[0]?.shape ?? [];
    check(
      inputs.length === 1 && poolFits(shape.slice(2), window),
      op,
      `x [N, C, …] with ${window.kernel.length} spatial axes`,
      inputs,
    );
    const spatial = poolSpatial(shape.slice(2), window);
    check(
      spatial.every((size) => size > 0),
      op,
      'an input at least as large as the window',
      inputs,
    );
    return f32([...shape.slice(0, 2), ...spatial]);
  };

/** (dy [N, C, …], …) → [N, C, …spatial]. */
const toSpatial =
  <O extends 'avgPoolGrad' | 'resize' | 'resizeGrad'>(op: O): ShapeRule<O> =>
  (inputs, { spatial }) => {
    const shape = inputs[0]?.shape ?? [];
    const fits = shape.length > 2 && shape.length <= 5 && shape.length === spatial.length + 2;
    check(fits, op, `a tensor [N, C, …] with ${spatial.length} spatial axes`, inputs);
    return f32([...shape.slice(0, 2), ...spatial]);
  };

function gridSampleRule(inputs: readonly TensorType[]): TensorType {
  const [x, grid] = inputs.map((t) => t.shape);
  const fits =
    x !== undefined &&
    grid !== undefined &&
    x.length > 2 &&
    x.length <= 5 &&
    grid.length === x.length &&
    grid[0] === x[0] &&
    grid.at(-1) === x.length - 2;
  check(fits, 'gridSample', 'x [N, C, …] and grid [N, …, d] with d spatial axes', inputs);
  return f32([x![0]!, x![1]!, ...grid!.slice(1, -1)]);
}

function gridSampleGradInputRule(
  inputs: readonly TensorType[],
  { spatial }: OpAttributes['gridSampleGradInput'],
): TensorType {
  const [dy, grid] = inputs;
  check(dy !== undefined && grid !== undefined, 'gridSampleGradInput', 'dy and grid', inputs);
  const x = f32([...dy!.shape.slice(0, 2), ...spatial]);
  const fits = sameShape(gridSampleRule([x, grid!]).shape, dy!.shape);
  check(fits, 'gridSampleGradInput', `dy of the shape sampled from [N, C, ${spatial.join(', ')}]`, inputs);
  return x;
}

function statsShape(x: Shape, attributes: { kind: 'group' | 'batch'; groups: number }): Shape {
  return [attributes.kind === 'group' ? x[0]! : 1, attributes.groups, 2];
}

function checkNorm(
  op: Op,
  inputs: readonly TensorType[],
  x: Shape,
  attributes: { kind: 'group' | 'batch'; groups: number },
): void {
  const fits =
    x.length >= 3 &&
    x[1]! % attributes.groups === 0 &&
    (attributes.kind === 'group' || attributes.groups === x[1]);
  check(
    fits,
    op,
    `x [N, C, …] with C a multiple of ${attributes.groups} groups (all channels for 'batch')`,
    inputs,
  );
}

/** x, stats, scale and bias stand at `first` and after. */
const normRule =
  <O extends 'normApply' | 'normGradSums' | 'normGradInput'>(op: O, first: number): ShapeRule<O> =>
  (inputs, attributes) => {
    const [x, stats, scale, bias, sums] = inputs.slice(first).map((t) => t.shape);
    check(bias !== undefined, op, 'x, stats, scale and bias', inputs);
    checkNorm(op, inputs, x!, attributes);
    check(first === 0 || sameShape(inputs[0]!.shape, x!), op, 'dy of the shape of x', inputs);
    const sumsFit = op !== 'normGradInput' || sameShape(sums ?? [], [x![0]!, x![1]!, 2]);
    check(sumsFit, op, 'sums [N, C, 2]', inputs);
    const fits =
      sameShape(stats!, statsShape(x!, attributes)) &&
      sameShape(scale!, [x![1]!]) &&
      sameShape(bias!, [x![1]!]);
    check(fits, op, `stats ${show(statsShape(x!, attributes))}, scale and bias [C]`, inputs);
    return f32(op === 'normGradSums' ? [x![0]!, x![1]!, 2] : x!);
  };

function paddedShape(
  op: Op,
  inputs: readonly TensorType[],
  { low, high }: { low: readonly number[]; high: readonly number[] },
  sign: 1 | -1,
): Shape {
  const shape = inputs[0]?.shape ?? [];
  check(
    inputs.length === 1 && low.length === shape.length && high.length === shape.length,
    op,
    'one padding pair per axis',
    inputs,
  );
  return shape.map((size, axis) => size + sign * (low[axis]! + high[axis]!));
}

function matmulRule(
  inputs: readonly TensorType[],
  { transposeA, transposeB }: OpAttributes['matmul'],
): TensorType {
  const [a, b] = inputs.map((t) => t.shape);
  const fitsRank =
    a !== undefined &&
    b !== undefined &&
    a.length >= 2 &&
    a.length === b.length &&
    sameShape(a.slice(0, -2), b.slice(0, -2));
  check(fitsRank, 'matmul', 'two tensors of equal rank ≥ 2 with equal leading axes', inputs);
  const [m, k] = transposeA ? [a!.at(-1)!, a!.at(-2)!] : [a!.at(-2)!, a!.at(-1)!];
  const [k2, n] = transposeB ? [b!.at(-1)!, b!.at(-2)!] : [b!.at(-2)!, b!.at(-1)!];
  check(k === k2, 'matmul', 'equal inner sizes', inputs);
  return f32([...a!.slice(0, -2), m!, n!]);
}

function broadcastRule(inputs: readonly TensorType[], { shape }: OpAttributes['broadcast']): TensorType {
  const from = inputs[0]?.shape ?? [];
  const fits =
    inputs.length === 1 &&
    from.length === shape.length &&
    from.every((size, i) => size === shape[i] || size === 1);
  check(fits, 'broadcast', `a tensor that fits ${show(shape)} axis by axis`, inputs);
  return { shape, dtype: inputs[0]!.dtype };
}

function concatRule(inputs: readonly TensorType[], { axis }: OpAttributes['concat']): TensorType {
  const first = inputs[0]?.shape ?? [];
  const fits =
    inputs.length > 0 &&
    axis >= 0 &&
    axis < first.length &&
    inputs.every(
      ({ shape }) =>
        shape.length === first.length && shape.every((size, i) => i === axis || size === first[i]),
    );
  check(fits, 'concat', `tensors that differ along axis ${axis} only`, inputs);
  const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return { shape: first.map((size, i) => (i === axis ? total : size)), dtype: inputs[0]!.dtype };
}

function sliceRule(inputs: readonly TensorType[], { start, size }: OpAttributes['slice']): TensorType {
  const from = inputs[0]?.shape ?? [];
  const fits =
    start.length === from.length &&
    size.length === from.length &&
    from.every((n, i) => start[i]! >= 0 && size[i]! >= 1 && start[i]! + size[i]! <= n);
  check(
    inputs.length === 1 && fits,
    'slice',
    `a tensor that holds ${show(size)} from ${show(start)}`,
    inputs,
  );
  return { shape: size, dtype: inputs[0]!.dtype };
}

const resizeAxis = (shape: Shape, axis: number, size: number): Shape =>
  shape.map((n, i) => (i === axis ? size : n));

const indexed =
  <O extends 'gather' | 'scatterAdd' | 'takeAlong' | 'putAlong'>(
    op: O,
    resultSize: (indices: Shape, attributes: OpAttributes[O]) => number,
  ): ShapeRule<O> =>
  (inputs, attributes) => {
    const [x, indices] = inputs;
    const { axis } = attributes;
    const fits = x !== undefined && indices?.dtype === 'i32' && axis >= 0 && axis < x.shape.length;
    check(fits, op, 'a tensor and i32 indices, with the axis within the rank', inputs);
    // Those that scatter have an index for each element of x; those that pick decide the size themselves.
    const scatters = op === 'scatterAdd' || op === 'putAlong';
    const isList = op === 'gather' || op === 'scatterAdd';
    const along = scatters ? x!.shape[axis]! : isList ? indices!.shape[0] : indices!.shape[axis];
    const wanted = isList ? [along ?? 0] : resizeAxis(x!.shape, axis, along ?? 0);
    check(sameShape(indices!.shape, wanted), op, `indices of shape ${show(wanted)}`, inputs);
    return { shape: resizeAxis(x!.shape, axis, resultSize(indices!.shape, attributes)), dtype: x!.dtype };
  };

export const shapeRules: { readonly [O in Op]: ShapeRule<O> } = {
  input: leaf('input'),
  variable: leaf('variable'),
  constant: leaf('constant'),
  iota: (inputs, { axis }, declared) => {
    check(
      inputs.length === 0 && axis < declared.shape.length,
      'iota',
      'no inputs and an axis within the rank',
      inputs,
    );
    return declared;
  },
  random: (inputs, _attributes, declared) => {
    check(
      inputs.length === 1 && inputs[0]!.dtype === 'i32' && sameShape(inputs[0]!.shape, [2]),
      'random',
      'a key i32 [2]',
      inputs,
    );
    return f32(declared.shape);
  },
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  floor: unary('floor'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  log1p: unary('log1p'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  sigmoid: unary('sigmoid'),
  tanh: unary('tanh'),
  softplus: unary('softplus'),
  erf: unary('erf'),
  sin: unary('sin'),
  cos: unary('cos'),
  leakyRelu: unary('leakyRelu'),
  clamp: unary('clamp'),
  cast: (inputs, { to }) => ({ shape: inputs[0]!.shape, dtype: to }),
  stopGradient: (inputs) => inputs[0]!,
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  pow: binary('pow'),
  equal: binary('equal'),
  less: binary('less'),
  lessEqual: binary('lessEqual'),
  leakyReluGrad: binary('leakyReluGrad'),
  where: (inputs) => {
    const fits =
      inputs.length === 3 && inputs.every((t) => t.dtype === 'f32' && sameShape(t.shape, inputs[0]!.shape));
    check(fits, 'where', 'three f32 tensors of equal shape', inputs);
    return f32(inputs[0]!.shape);
  },
  sum: reduction('sum'),
  max: reduction('max'),
  argMax: (inputs, { axis }) => i32(reduced('argMax', inputs, [axis])),
  softmax: alongAxis('softmax'),
  logSoftmax: alongAxis('logSoftmax'),
  matmul: matmulRule,
  conv: convRule,
  convTranspose: convTransposeRule,
  convGradWeight: convGradWeightRule,
  maxPool: poolRule('maxPool'),
  maxPoolGrad: (inputs, window) => {
    const [dy, x] = inputs.map((t) => t.shape);
    const fits =
      dy !== undefined &&
      x !== undefined &&
      poolFits(x.slice(2), window) &&
      sameShape([...x.slice(0, 2), ...poolSpatial(x.slice(2), window)], dy);
    check(fits, 'maxPoolGrad', 'dy of the pooled shape, and x', inputs);
    return f32(x!);
  },
  avgPool: poolRule('avgPool'),
  avgPoolGrad: toSpatial('avgPoolGrad'),
  resize: toSpatial('resize'),
  resizeGrad: toSpatial('resizeGrad'),
  gridSample: gridSampleRule,
  gridSampleGradInput: gridSampleGradInputRule,
  gridSampleGradGrid: (inputs) => {
    const sampled = gridSampleRule(inputs.slice(1)).shape;
    check(sameShape(sampled, inputs[0]!.shape), 'gridSampleGradGrid', 'dy of the sampled shape', inputs);
    return f32(inputs[2]!.shape);
  },
  normStats: (inputs, attributes) => {
    checkNorm('normStats', inputs, inputs[0]?.shape ?? [], attributes);
    return f32(statsShape(inputs[0]!.shape, attributes));
  },
  normApply: normRule('normApply', 0),
  normGradSums: normRule('normGradSums', 1),
  normGradInput: normRule('normGradInput', 1),
  reshape: (inputs, { shape }) => {
    const count = (sizes: Shape) => sizes.reduce((product, size) => product * size, 1);
    check(
      inputs.length === 1 && count(inputs[0]!.shape) === count(shape),
      'reshape',
      `as many elements as ${show(shape)}`,
      inputs,
    );
    return { shape, dtype: inputs[0]!.dtype };
  },
  transpose: (inputs, { permutation }) => {
    const rank = inputs[0]?.shape.length ?? -1;
    const fits =
      inputs.length === 1 &&
      permutation.length === rank &&
      new Set(permutation).size === rank &&
      permutation.every((axis) => axis >= 0 && axis < rank);
    check(fits, 'transpose', `a tensor whose axes ${show(permutation)} permutes`, inputs);
    return { shape: permutation.map((axis) => inputs[0]!.shape[axis]!), dtype: inputs[0]!.dtype };
  },
  broadcast: broadcastRule,
  concat: concatRule,
  slice: sliceRule,
  pad: (inputs, attributes) => f32(paddedShape('pad', inputs, attributes, 1)),
  padGrad: (inputs, attributes) => f32(paddedShape('padGrad', inputs, attributes, -1)),
  gather: indexed('gather', (indices) => indices[0]!),
  scatterAdd: indexed('scatterAdd', (_indices, { size }) => size),
  argSort: (inputs, { axis }) => {
    reduced('argSort', inputs, [axis]);
    return i32(inputs[0]!.shape);
  },
  takeAlong: indexed('takeAlong', (indices, { axis }) => indices[axis]!),
  putAlong: indexed('putAlong', (_indices, { size }) => size),
  elementwise: (_inputs, _attributes, declared) => declared,
};
