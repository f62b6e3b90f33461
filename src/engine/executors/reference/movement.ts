/** @file Ops that move elements about without arithmetic, and the sums that are their gradients. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import type { PadAttributes } from '../../graph/ops.ts';
import { aroundAxis, broadcastOffsetOf, fill, type Kernels, offsetOf, type Values } from './values.ts';

type Movement =
  | 'reshape'
  | 'transpose'
  | 'broadcast'
  | 'concat'
  | 'slice'
  | 'pad'
  | 'padGrad'
  | 'gather'
  | 'scatterAdd'
  | 'takeAlong'
  | 'putAlong';

/** Where a padded position comes from; −1 for padding of mode 'constant'. */
function paddedSource(position: number, size: number, mode: PadAttributes['mode']): number {
  if (position >= 0 && position < size) return position;
  if (mode === 'constant') return -1;
  if (mode === 'edge') return position < 0 ? 0 : size - 1;
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((position % period) + period) % period;
  return Math.min(folded, period - folded);
}

/** Offset in the unpadded tensor for an index of the padded one; −1 for constant padding. */
function paddedOffset(index: readonly number[], shape: Shape, { low, mode }: PadAttributes): number {
  const source = index.map((position, axis) => paddedSource(position - low[axis]!, shape[axis]!, mode));
  return source.includes(-1) ? -1 : offsetOf(shape, source);
}

const replaced = (index: readonly number[], axis: number, position: number) =>
  index.map((old, i) => (i === axis ? position : old));

/** Zeros of `shape`, with each element of dy added where `target` says (−1: nowhere). */
function scatter(
  shape: Shape,
  dy: Values,
  target: (index: readonly number[], i: number) => number,
): Float64Array {
  const result = new Float64Array(elementCount(shape));
  fill(dy.shape, (index, i) => {
    const place = target(index, i);
    if (place !== -1) result[place]! += dy.data[i]!;
    return 0;
  });
  return result;
}

export const movementKernels: Kernels<Movement> = {
  reshape: (_node, x) => x!.data,
  transpose: ({ attributes: { permutation }, shape }, x) =>
    fill(shape, (index) => {
      const source = index.slice();
      permutation.forEach((from, to) => {
        source[from] = index[to]!;
      });
      return x!.data[offsetOf(x!.shape, source)]!;
    }),
  broadcast: ({ shape }, x) => fill(shape, (index) => x!.data[broadcastOffsetOf(x!.shape, index)]!),
  concat: ({ attributes: { axis }, shape }, ...inputs) => {
    const sources = inputs.flatMap((input) =>
      Array.from({ length: input.shape[axis]! }, (_, position) => ({ input, position })),
    );
    return fill(shape, (index) => {
      const { input, position } = sources[index[axis]!]!;
      return input.data[offsetOf(input.shape, replaced(index, axis, position))]!;
    });
  },
  slice: ({ attributes: { start }, shape }, x) =>
    fill(shape, (index) => {
      const source = index.map((position, axis) => position + start[axis]!);
      return x!.data[offsetOf(x!.shape, source)]!;
    }),
  pad: ({ attributes, shape }, x) =>
    fill(shape, (index) => {
      const source = paddedOffset(index, x!.shape, attributes);
      return source === -1 ? attributes.value : x!.data[source]!;
    }),
  padGrad: ({ attributes, shape }, dy) =>
    scatter(shape, dy!, (index) => paddedOffset(index, shape, attributes)),
  gather: ({ attributes: { axis }, shape }, x, indices) =>
    fill(shape, (index) => {
      const source = replaced(index, axis, indices!.data[index[axis]!]!);
      return x!.data[offsetOf(x!.shape, source)]!;
    }),
  scatterAdd: ({ attributes: { axis }, shape }, dy, indices) =>
    scatter(shape, dy!, (index) => offsetOf(shape, replaced(index, axis, indices!.data[index[axis]!]!))),
  takeAlong: ({ attributes: { axis }, shape }, x, indices) => {
    const { size, after } = aroundAxis(x!.shape, axis);
    const taken = shape[axis]!;
    return Float64Array.from(indices!.data, (position, i) => {
      const before = Math.floor(i / (taken * after));
      return x!.data[(before * size + position) * after + (i % after)]!;
    });
  },
  putAlong: ({ attributes: { axis }, shape }, dy, indices) =>
    scatter(shape, dy!, (index, i) => offsetOf(shape, replaced(index, axis, indices!.data[i]!))),
};
