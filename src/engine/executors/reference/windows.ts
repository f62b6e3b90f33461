/** @file Pools and resizes with their gradients. Channels are independent of each other. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import type { PoolWindow } from '../../graph/ops.ts';
import { forEachTap, resizeTaps, type Taps, windowTaps } from './taps.ts';
import type { Kernels } from './values.ts';

type Window = 'maxPool' | 'maxPoolGrad' | 'avgPool' | 'avgPoolGrad' | 'resize' | 'resizeGrad';

/** Visits every tap of every channel, as offsets into y and x (both [N, C, …]). */
function forEachPair(
  leading: Shape,
  taps: Taps,
  visit: (y: number, x: number, weight: number) => void,
): void {
  const channels = elementCount(leading);
  const [yVoxels, xVoxels] = [elementCount(taps.output), elementCount(taps.input)];
  forEachTap(taps, (out, at, _kernel, weight) => {
    for (let c = 0; c < channels; c++) visit(c * yVoxels + out, c * xVoxels + at, weight);
  });
}

const poolTaps = (x: Shape, y: Shape, window: PoolWindow) => windowTaps(x.slice(2), y.slice(2), window);

/** For each window the offset of its first maximum in C order. A NaN counts as the largest. */
function maximaOf(x: ArrayLike<number>, leading: Shape, taps: Taps): Int32Array {
  const places = new Int32Array(elementCount(leading) * elementCount(taps.output)).fill(-1);
  forEachPair(leading, taps, (yAt, xAt) => {
    const best = places[yAt]!;
    if (best === -1 || x[xAt]! > x[best]! || Number.isNaN(x[xAt]!)) places[yAt] = xAt;
  });
  return places;
}

/** y[out] = Σ weight·x[at], over the taps. */
function gathered(x: ArrayLike<number>, leading: Shape, taps: Taps): Float64Array {
  const result = new Float64Array(elementCount(leading) * elementCount(taps.output));
  forEachPair(leading, taps, (yAt, xAt, weight) => {
    result[yAt]! += weight * x[xAt]!;
  });
  return result;
}

/** The same, turned round: x[at] = Σ weight·y[out]. */
function scattered(y: ArrayLike<number>, leading: Shape, taps: Taps): Float64Array {
  const result = new Float64Array(elementCount(leading) * elementCount(taps.input));
  forEachPair(leading, taps, (yAt, xAt, weight) => {
    result[xAt]! += weight * y[yAt]!;
  });
  return result;
}

export const windowKernels: Kernels<Window> = {
  maxPool: ({ attributes, shape }, x) => {
    const places = maximaOf(x!.data, shape.slice(0, 2), poolTaps(x!.shape, shape, attributes));
    return Float64Array.from(places, (place) => (place === -1 ? Number.NEGATIVE_INFINITY : x!.data[place]!));
  },
  maxPoolGrad: ({ attributes, shape }, dy, x) => {
    const result = new Float64Array(elementCount(shape));
    const places = maximaOf(x!.data, shape.slice(0, 2), poolTaps(shape, dy!.shape, attributes));
    places.forEach((place, yAt) => {
      if (place !== -1) result[place]! += dy!.data[yAt]!;
    });
    return result;
  },
  avgPool: ({ attributes, shape }, x) => {
    const window = elementCount(attributes.kernel);
    const sums = gathered(x!.data, shape.slice(0, 2), poolTaps(x!.shape, shape, attributes));
    return sums.map((total) => total / window);
  },
  avgPoolGrad: ({ attributes, shape }, dy) => {
    const window = elementCount(attributes.kernel);
    const sums = scattered(dy!.data, shape.slice(0, 2), poolTaps(shape, dy!.shape, attributes));
    return sums.map((total) => total / window);
  },
  resize: ({ attributes, shape }, x) =>
    gathered(x!.data, shape.slice(0, 2), resizeTaps(x!.shape.slice(2), shape.slice(2), attributes)),
  resizeGrad: ({ attributes, shape }, dy) =>
    scattered(dy!.data, shape.slice(0, 2), resizeTaps(shape.slice(2), dy!.shape.slice(2), attributes)),
};
