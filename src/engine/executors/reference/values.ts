/** @file Tensors as the reference executor sees them, and the walk over all indices of a shape. */
import type { TensorData } from '../../executor.ts';
import { type DType, elementCount, type NodeOf, type Shape } from '../../graph/graph.ts';
import type { Op } from '../../graph/ops.ts';

export interface Values {
  readonly shape: Shape;
  readonly dtype: DType;
  /** C order. */
  readonly data: TensorData;
}

/** The definition of an op: its result's elements in C order, in double; the executor rounds them to the node's dtype. */
export type Kernel<O extends Op> = (node: NodeOf<O>, ...inputs: Values[]) => ArrayLike<number>;

export type Kernels<O extends Op> = { readonly [P in O]: Kernel<P> };

/** Result elements by a formula of their index. The index array is reused from call to call. */
export function fill(
  shape: Shape,
  formula: (index: readonly number[], offset: number) => number,
): Float64Array {
  const result = new Float64Array(elementCount(shape));
  const index = shape.map(() => 0);
  for (let offset = 0; offset < result.length; offset++) {
    result[offset] = formula(index, offset);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}

/** Place of an index in C order. */
export function offsetOf(shape: Shape, index: readonly number[]): number {
  return shape.reduce((offset, size, axis) => offset * size + index[axis]!, 0);
}

/** As {@link offsetOf}, where axes of size 1 take any index: how a smaller tensor is read by a larger result. */
export function broadcastOffsetOf(shape: Shape, index: readonly number[]): number {
  return shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : index[axis]!), 0);
}

/** A shape seen as [before, size of `axis`, after]. */
export function aroundAxis(shape: Shape, axis: number): { before: number; size: number; after: number } {
  return {
    before: elementCount(shape.slice(0, axis)),
    size: shape[axis]!,
    after: elementCount(shape.slice(axis + 1)),
  };
}
