/** @file Orders of axes in memory. Activations may lie channels-last ('last': [N, …spatial, C]); all else is in logical C order ('plain'). */
import type { Shape } from '../../graph/graph.ts';

export type Layout = 'plain' | 'last';

/** Axes that a native loop nest can hold after {@link collapse}; a recipe's tensors have no more. */
export const maxRank = 8;

/** Logical axes in the order in which they lie in memory, slowest first. */
export function axisOrder(rank: number, layout: Layout): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return layout === 'plain' ? axes : [0, ...axes.slice(2), 1];
}

/** Both layouts are the same bytes: one channel, one position, or no channel axis to speak of. */
export function isSameOrder(shape: Shape): boolean {
  if (shape.length < 3) return true;
  return shape[1] === 1 || shape.slice(2).every((size) => size === 1);
}

/** Elements between neighbours along each logical axis. */
export function stridesOf(shape: Shape, layout: Layout): number[] {
  const strides: number[] = new Array(shape.length).fill(0);
  let stride = 1;
  for (const axis of axisOrder(shape.length, layout).reverse()) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** A loop nest: sizes, and for each operand the elements to step along each axis. */
export interface Nest {
  readonly dims: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The same walk with as few axes as can be: axes of size 1 go, neighbours that every operand steps through evenly become one. */
export function collapse({ dims, strides }: Nest): Nest {
  const kept: number[] = [];
  const steps: number[][] = strides.map(() => []);
  dims.forEach((size, axis) => {
    if (size === 1) return;
    const last = kept.length - 1;
    const joins = last >= 0 && strides.every((operand, i) => steps[i]![last] === operand[axis]! * size);
    if (joins) {
      kept[last]! *= size;
      steps.forEach((operand, i) => {
        operand[last] = strides[i]![axis]!;
      });
      return;
    }
    kept.push(size);
    for (const [i, operand] of steps.entries()) operand.push(strides[i]![axis]!);
  });
  if (kept.length > 0) return { dims: kept, strides: steps };
  return { dims: [1], strides: strides.map(() => [1]) };
}
