/** @file The gradient rules that need a paragraph, and small words that the rows share. */
import type { Tensor } from '../graph/builder.ts';
import { add, broadcastTo, mul, pad, reshape, rsqrt, slice, sum } from '../graph/functions.ts';
import type { Shape } from '../graph/graph.ts';
import type { Op, OpAttributes } from '../graph/ops.ts';
import type { Call, InputGradient } from './rules.ts';

export function apply<O extends Op>(op: O, inputs: readonly Tensor[], attributes: OpAttributes[O]): Tensor {
  return inputs[0]!.builder.node(op, inputs, attributes);
}

/** All axes of x but `kept`. */
export function axesBut(x: Tensor, kept?: number): number[] {
  return x.shape.map((_, axis) => axis).filter((axis) => axis !== kept);
}

export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse: number[] = [];
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/** The part of a concatenation that input `i` gave. */
export function concatPart(
  joined: Tensor,
  { inputs, axis }: { inputs: readonly Tensor[]; axis: number },
  i: number,
): Tensor {
  const before = inputs.slice(0, i).reduce((total, input) => total + input.shape[axis]!, 0);
  const start = joined.shape.map((_, k) => (k === axis ? before : 0));
  return slice(joined, start, inputs[i]!.shape);
}

/** Puts a slice back into zeros of the whole's shape. */
export function padBack(part: Tensor, whole: Shape, start: readonly number[]): Tensor {
  const high = whole.map((size, axis) => size - start[axis]! - part.shape[axis]!);
  return pad(part, { low: start, high });
}

/** Makes the tensor at its first use and remembers it. */
function lazily(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * y = x̂·scale + bias with x̂ = (x − mean)/√(variance + ε). All gradients start from the sums Σ dy and Σ dy·x̂ of each channel:
 * over samples they are the gradients of bias and scale, and the gradient of x needs them where mean and variance move with x.
 */
export function normGradients(call: Call<'normApply'>): readonly InputGradient[] {
  const { dy, inputs, attributes } = call;
  const scale = inputs[2]!;
  const sums = lazily(() => apply('normGradSums', [dy, ...inputs], attributes));
  const totals = lazily(() => sum(sums(), [0]));
  const total = (column: number) => reshape(slice(totals(), [0, column], [scale.shape[0]!, 1]), scale.shape);
  return [
    () =>
      statisticsAreOfInput(call)
        ? apply('normGradInput', [dy, ...inputs, sums()], attributes)
        : gradientWithFixedStatistics(call),
    { none: 'zero', because: 'statistics of x are part of its own gradient, others are constants' },
    () => total(1),
    () => total(0),
  ];
}

function statisticsAreOfInput({ a: x, b: stats, attributes }: Call<'normApply'>): boolean {
  const node = x.builder.nodeAt(stats.id);
  return node.op === 'normStats' && node.inputs[0] === x.id && node.attributes.kind === attributes.kind;
}

/** dx = dy·scale/√(variance + ε), with dy through the fused activation if there is one. */
function gradientWithFixedStatistics({
  dy,
  y,
  a: x,
  b: stats,
  c: scale,
  attributes,
}: Call<'normApply'>): Tensor {
  const { groups, epsilon, slope } = attributes;
  const channels = scale.shape[0]!;
  const samples = stats.shape[0]!;
  const variance = slice(stats, [0, 0, 1], [samples, groups, 1]);
  const inverse = broadcastTo(rsqrt(add(variance, epsilon)), [samples, groups, channels / groups]);
  const factor = mul(reshape(inverse, [samples, channels]), scale);
  const perVoxel = reshape(factor, [samples, channels, ...x.shape.slice(2).map(() => 1)]);
  return mul(slope === null ? dy : apply('leakyReluGrad', [dy, y], { slope }), perVoxel);
}
