/**
 * @file The common shape of convolutions, pools and resizes: output position `out` takes from input position `at` with a weight.
 * Each op is a sum over the same list of such taps, each gradient a sum over the same list in another direction.
 */
import type { Shape } from '../../graph/graph.ts';
import type { ResizeAttributes } from '../../graph/ops.ts';

/** A tap on one axis; `kernel` is the position in the window. */
export interface AxisTap {
  readonly out: number;
  readonly at: number;
  readonly kernel: number;
  readonly weight: number;
}

/** Sizes of the input, output and window on the axes, and their taps (sorted by `out`, then `kernel`). */
export interface Taps {
  readonly input: Shape;
  readonly output: Shape;
  readonly kernel: Shape;
  readonly axes: readonly (readonly AxisTap[])[];
}

export interface TapWindow {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation?: readonly number[];
}

/** at = out·stride + kernel·dilation − padding, where that lies inside the input. */
export function windowTaps(input: Shape, output: Shape, window: TapWindow): Taps {
  const axes = input.map((size, axis) => {
    const taps: AxisTap[] = [];
    for (let out = 0; out < output[axis]!; out++) {
      for (let kernel = 0; kernel < window.kernel[axis]!; kernel++) {
        const reach = kernel * (window.dilation?.[axis] ?? 1);
        const at = out * window.stride[axis]! + reach - window.padding[axis]![0];
        if (at >= 0 && at < size) taps.push({ out, at, kernel, weight: 1 });
      }
    }
    return taps;
  });
  return { input, output, kernel: window.kernel, axes };
}

/** Positions as in PyTorch: corners on corners with `alignCorners`, else voxel centres at (out + ½)·input/output − ½. */
export function resizeTaps(input: Shape, output: Shape, { mode, alignCorners }: ResizeAttributes): Taps {
  const axes = input.map((size, axis) => {
    const outputs = Array.from({ length: output[axis]! }, (_, out) => out);
    return outputs.flatMap((out): AxisTap[] => {
      const of = output[axis]!;
      if (mode === 'nearest') return [{ out, at: Math.floor((out * size) / of), kernel: 0, weight: 1 }];
      const corner = of === 1 ? 0 : (out * (size - 1)) / (of - 1);
      const position = alignCorners ? corner : Math.max(0, ((out + 0.5) * size) / of - 0.5);
      const low = Math.min(Math.floor(position), size - 1);
      const high = Math.min(low + 1, size - 1);
      const fraction = position - low;
      return [
        { out, at: low, kernel: 0, weight: 1 - fraction },
        { out, at: high, kernel: 1, weight: fraction },
      ];
    });
  });
  return { input, output, kernel: input.map(() => 2), axes };
}

/** Visits the taps of all axes together, with offsets in C order of the spatial axes. */
export function forEachTap(
  { input, output, kernel, axes }: Taps,
  visit: (out: number, at: number, kernel: number, weight: number) => void,
): void {
  const visitAxis = (axis: number, out: number, at: number, tap: number, weight: number): void => {
    if (axis === axes.length) visit(out, at, tap, weight);
    else {
      for (const step of axes[axis]!) {
        visitAxis(
          axis + 1,
          out * output[axis]! + step.out,
          at * input[axis]! + step.at,
          tap * kernel[axis]! + step.kernel,
          weight * step.weight,
        );
      }
    }
  };
  visitAxis(0, 0, 0, 0, 1);
}
