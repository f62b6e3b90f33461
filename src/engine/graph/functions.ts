/** @file Tensor functions over the builder: NumPy-style broadcasting, plain numbers as operands, and small compositions of ops. */

import type { Tensor } from './builder.ts';
import { graphShapeMismatch } from './errors.ts';
import { elementCount, type Shape } from './graph.ts';
import type { ConvWindow, NormAttributes, Op, OpAttributes, PoolWindow } from './ops.ts';
import { windowOutput } from './shape-rules.ts';

/** A tensor, or a number that takes the other operand's shape. */
export type Operand = Tensor | number;

const none = {};

type Plain = { [O in Op]: OpAttributes[O] extends Record<string, never> ? O : never }[Op];

function apply<O extends Op>(op: O, inputs: readonly Tensor[], attributes: OpAttributes[O]): Tensor {
  return inputs[0]!.builder.node(op, inputs, attributes);
}

const unary = (op: Plain) => (x: Tensor) => apply(op, [x], none);

export const neg = unary('neg');
export const abs = unary('abs');
export const sign = unary('sign');
export const floor = unary('floor');
export const exp = unary('exp');
export const expm1 = unary('expm1');
export const log = unary('log');
export const log1p = unary('log1p');
export const sqrt = unary('sqrt');
export const rsqrt = unary('rsqrt');
export const sigmoid = unary('sigmoid');
export const tanh = unary('tanh');
export const softplus = unary('softplus');
export const erf = unary('erf');
export const sin = unary('sin');
export const cos = unary('cos');
export const stopGradient = unary('stopGradient');

export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return apply('leakyRelu', [x], { slope });
}

export function relu(x: Tensor): Tensor {
  return leakyRelu(x, 0);
}

/** x·σ(x), also called swish. */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

export function clamp(x: Tensor, min: number, max: number): Tensor {
  return apply('clamp', [x], { min, max });
}

/** The shape both fit under NumPy's rule: aligned at the last axis, sizes equal or 1. */
export function broadcastShape(a: Shape, b: Shape, op: Op): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const sizeA = a[a.length - rank + i] ?? 1;
    const sizeB = b[b.length - rank + i] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw graphShapeMismatch({
        op,
        expected: 'shapes that broadcast',
        found: `[${a.join(', ')}] and [${b.join(', ')}]`,
      });
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** `x` grown to `shape` by NumPy's rule; the tensor itself when it already fits. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const aligned =
    x.shape.length < shape.length
      ? reshape(x, [...Array(shape.length - x.shape.length).fill(1), ...x.shape])
      : x;
  return sameShape(aligned.shape, shape) ? aligned : apply('broadcast', [aligned], { shape });
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function aligned(op: Op, operands: readonly Operand[]): Tensor[] {
  const tensors = operands.filter((operand): operand is Tensor => typeof operand !== 'number');
  const first = tensors[0];
  if (first === undefined)
    throw graphShapeMismatch({ op, expected: 'at least one tensor', found: 'numbers only' });
  const shape = tensors.reduce<Shape>((common, tensor) => broadcastShape(common, tensor.shape, op), []);
  return operands.map((operand) =>
    typeof operand === 'number' ? first.builder.constant(operand, shape) : broadcastTo(operand, shape),
  );
}

const binary = (op: Plain) => (a: Operand, b: Operand) => apply(op, aligned(op, [a, b]), none);

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const maximum = binary('maximum');
export const minimum = binary('minimum');
export const pow = binary('pow');
export const equal = binary('equal');
export const less = binary('less');
export const lessEqual = binary('lessEqual');

export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return apply('where', aligned('where', [condition, a, b]), none);
}

export interface ReduceOptions {
  /** Keep the reduced axes with size 1 (default false). */
  readonly keepDims?: boolean;
}

const allAxes = (x: Tensor) => x.shape.map((_, axis) => axis);

function reduce(
  op: 'sum' | 'max',
  x: Tensor,
  axes: readonly number[],
  { keepDims = false }: ReduceOptions,
): Tensor {
  const reduced = apply(op, [x], { axes });
  return keepDims
    ? reduced
    : reshape(
        reduced,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

/** Sum over `axes` (default all). */
export function sum(x: Tensor, axes: readonly number[] = allAxes(x), options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, axes, options);
}

export function max(x: Tensor, axes: readonly number[] = allAxes(x), options: ReduceOptions = {}): Tensor {
  return reduce('max', x, axes, options);
}

export function mean(x: Tensor, axes: readonly number[] = allAxes(x), options: ReduceOptions = {}): Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return mul(sum(x, axes, options), 1 / count);
}

export function argMax(x: Tensor, axis: number): Tensor {
  return apply('argMax', [x], { axis });
}

export function softmax(x: Tensor, axis: number): Tensor {
  return apply('softmax', [x], { axis });
}

export function logSoftmax(x: Tensor, axis: number): Tensor {
  return apply('logSoftmax', [x], { axis });
}

/** log Σ eˣ over one axis, without overflow. */
export function logSumExp(x: Tensor, axis: number, options: ReduceOptions = {}): Tensor {
  const peak = stopGradient(max(x, [axis], { keepDims: true }));
  const total = log(sum(exp(sub(x, peak)), [axis], { keepDims: true }));
  const result = add(total, peak);
  return options.keepDims
    ? result
    : reshape(
        result,
        x.shape.filter((_, i) => i !== axis),
      );
}

export function matmul(a: Tensor, b: Tensor, options: Partial<OpAttributes['matmul']> = {}): Tensor {
  return apply('matmul', [a, b], { transposeA: false, transposeB: false, ...options });
}

/** One value for all spatial axes, or one per axis. */
export type PerAxis<T> = T | readonly T[];

export interface ConvOptions {
  readonly bias?: Tensor;
  readonly stride?: PerAxis<number>;
  /** Zeros on both sides of each axis (default 0). */
  readonly padding?: PerAxis<number>;
  readonly dilation?: PerAxis<number>;
  readonly groups?: number;
}

const perAxis = (value: PerAxis<number>, axes: number): number[] =>
  typeof value === 'number' ? Array(axes).fill(value) : [...value];

function convWindow(options: ConvOptions, axes: number): ConvWindow {
  return {
    stride: perAxis(options.stride ?? 1, axes),
    padding: perAxis(options.padding ?? 0, axes).map((zeros) => [zeros, zeros] as const),
    dilation: perAxis(options.dilation ?? 1, axes),
    groups: options.groups ?? 1,
  };
}

/** x [N, C, …], weight [O, C/groups, …k] → [N, O, …]. */
export function conv(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const inputs = options.bias === undefined ? [x, weight] : [x, weight, options.bias];
  return apply('conv', inputs, convWindow(options, x.shape.length - 2));
}

/** x [N, C, …], weight [C, O/groups, …k] → [N, O, …]; sizes as PyTorch's ConvTranspose with `outputPadding`. */
export function convTranspose(
  x: Tensor,
  weight: Tensor,
  options: ConvOptions & { outputPadding?: PerAxis<number> } = {},
): Tensor {
  const axes = x.shape.length - 2;
  const window = convWindow(options, axes);
  const extra = perAxis(options.outputPadding ?? 0, axes);
  const spatial = x.shape.slice(2).map((size, i) => {
    const reach = window.dilation[i]! * (weight.shape[i + 2]! - 1) + 1;
    return (size - 1) * window.stride[i]! - window.padding[i]![0] - window.padding[i]![1] + reach + extra[i]!;
  });
  const inputs = options.bias === undefined ? [x, weight] : [x, weight, options.bias];
  return apply('convTranspose', inputs, { ...window, spatial });
}

export interface PoolOptions {
  readonly kernel: PerAxis<number>;
  /** Default: the kernel. */
  readonly stride?: PerAxis<number>;
  readonly padding?: PerAxis<number>;
}

function poolWindow(options: PoolOptions, axes: number): PoolWindow {
  return {
    kernel: perAxis(options.kernel, axes),
    stride: perAxis(options.stride ?? options.kernel, axes),
    padding: perAxis(options.padding ?? 0, axes).map((zeros) => [zeros, zeros] as const),
  };
}

export function maxPool(x: Tensor, options: PoolOptions): Tensor {
  return apply('maxPool', [x], poolWindow(options, x.shape.length - 2));
}

export function avgPool(x: Tensor, options: PoolOptions): Tensor {
  return apply('avgPool', [x], poolWindow(options, x.shape.length - 2));
}

export interface ResizeOptions {
  readonly mode?: 'nearest' | 'linear';
  readonly alignCorners?: boolean;
}

/** x [N, C, …] → [N, C, …spatial]. */
export function resize(
  x: Tensor,
  spatial: Shape,
  { mode = 'nearest', alignCorners = false }: ResizeOptions = {},
): Tensor {
  return apply('resize', [x], { spatial, mode, alignCorners });
}

/** Samples x at grid positions; see the op. */
export function gridSample(
  x: Tensor,
  grid: Tensor,
  options: Partial<OpAttributes['gridSample']> = {},
): Tensor {
  return apply('gridSample', [x, grid], {
    mode: 'linear',
    padding: 'zeros',
    alignCorners: false,
    ...options,
  });
}

export interface NormOptions {
  readonly kind: NormAttributes['kind'];
  /** Groups of channels; for 'batch' the number of channels. */
  readonly groups: number;
  readonly epsilon?: number;
  /** [C]; default ones. */
  readonly scale?: Tensor;
  /** [C]; default zeros. */
  readonly bias?: Tensor;
  /** Statistics to use in place of those of x, e.g. running ones: [N or 1, groups, 2] (mean, biased variance). */
  readonly stats?: Tensor;
}

export function normStats(x: Tensor, kind: NormAttributes['kind'], groups: number): Tensor {
  return apply('normStats', [x], { kind, groups });
}

/** Instance norm: kind 'group' with as many groups as channels. Layer norm over C and space: one group. */
export function norm(x: Tensor, options: NormOptions): Tensor {
  const channels = x.shape[1]!;
  const stats = options.stats ?? normStats(x, options.kind, options.groups);
  const scale = options.scale ?? x.builder.constant(1, [channels]);
  const bias = options.bias ?? x.builder.constant(0, [channels]);
  const { kind, groups, epsilon = 1e-5 } = options;
  return apply('normApply', [x, stats, scale, bias], { kind, groups, epsilon, slope: null });
}

/** One size may be −1: it is worked out from the others. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = elementCount(shape.filter((size) => size !== -1));
  const resolved = shape.map((size) => (size === -1 ? elementCount(x.shape) / known : size));
  return sameShape(resolved, x.shape) ? x : apply('reshape', [x], { shape: resolved });
}

export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return apply('transpose', [x], { permutation });
}

export function concat(tensors: readonly Tensor[], axis = 1): Tensor {
  return tensors.length === 1 ? tensors[0]! : apply('concat', tensors, { axis });
}

export function slice(x: Tensor, start: readonly number[], size: Shape): Tensor {
  return sameShape(size, x.shape) ? x : apply('slice', [x], { start, size });
}

export interface PadOptions {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly mode?: 'constant' | 'reflect' | 'edge';
  readonly value?: number;
}

/** Pads every axis (batch and channels too) by low and high. */
export function pad(x: Tensor, { low, high, mode = 'constant', value = 0 }: PadOptions): Tensor {
  return apply('pad', [x], { low, high, mode, value });
}

export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  return apply('gather', [x, indices], { axis });
}

export function argSort(x: Tensor, axis: number): Tensor {
  return apply('argSort', [x], { axis });
}

export function takeAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  return apply('takeAlong', [x, indices], { axis });
}

export function cast(x: Tensor, to: 'f32' | 'i32'): Tensor {
  return x.dtype === to ? x : apply('cast', [x], { to });
}

/** f32 tensor whose elements are their own index along `axis`. */
export function iota(like: Tensor, shape: Shape, axis: number): Tensor {
  return like.builder.node('iota', [], { axis }, { shape, dtype: 'f32' });
}

/** Random numbers from the graph's key input (i32 [2]: seed, step); `stream` tells uses of one key apart. */
export function random(key: Tensor, shape: Shape, attributes: OpAttributes['random']): Tensor {
  return key.builder.node('random', [key], attributes, { shape, dtype: 'f32' });
}

/** Labels (any f32 shape holding whole numbers) → the same shape with a class axis of 0/1 put at `axis`. */
export function oneHot(labels: Tensor, classes: number, axis = 1): Tensor {
  const kept = [...labels.shape.slice(0, axis), 1, ...labels.shape.slice(axis)];
  const shape = kept.map((size, i) => (i === axis ? classes : size));
  return equal(broadcastTo(reshape(labels, kept), shape), iota(labels, shape, axis));
}

/** Spatial sizes after a convolution with these options. */
export function convOutput(spatial: Shape, kernel: Shape, options: ConvOptions): Shape {
  const window = convWindow(options, spatial.length);
  return spatial.map((size, i) =>
    windowOutput(size, kernel[i]!, window.stride[i]!, window.padding[i]!, window.dilation[i]!),
  );
}
