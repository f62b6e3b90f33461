/** @file Convolution and its two gradients. All three sum over the same triples: y gains x·w, x gains y·w, w gains x·y. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import type { ConvWindow } from '../../graph/ops.ts';
import { forEachTap, windowTaps } from './taps.ts';
import type { Kernels, Values } from './values.ts';

/** Visits every (y, x, w) that a convolution multiplies, as offsets into y [N, O, …], x [N, C, …] and w [O, C/groups, …]. */
function forEachTriple(
  shapes: { readonly y: Shape; readonly x: Shape; readonly w: Shape },
  window: ConvWindow,
  visit: (y: number, x: number, w: number) => void,
): void {
  const [samples, outputs, ...ySpatial] = shapes.y as readonly [number, number, ...number[]];
  const xSpatial = shapes.x.slice(2);
  const kernel = shapes.w.slice(2);
  const perGroup = shapes.w[1]!;
  const [yVoxels, xVoxels, taps] = [elementCount(ySpatial), elementCount(xSpatial), elementCount(kernel)];
  forEachTap(windowTaps(xSpatial, ySpatial, { ...window, kernel }), (out, at, tap) => {
    for (let n = 0; n < samples; n++) {
      for (let o = 0; o < outputs; o++) {
        const firstChannel = Math.floor((o * window.groups) / outputs) * perGroup;
        for (let c = 0; c < perGroup; c++) {
          visit(
            (n * outputs + o) * yVoxels + out,
            (n * shapes.x[1]! + firstChannel + c) * xVoxels + at,
            (o * perGroup + c) * taps + tap,
          );
        }
      }
    }
  });
}

/** Zeros, or the bias of each channel. */
function startWith(bias: Values | undefined, shape: Shape): Float64Array {
  const result = new Float64Array(elementCount(shape));
  const voxels = elementCount(shape.slice(2));
  return bias === undefined ? result : result.map((_, i) => bias.data[Math.floor(i / voxels) % shape[1]!]!);
}

export const convolutionKernels: Kernels<'conv' | 'convTranspose' | 'convGradWeight'> = {
  conv: ({ attributes, shape }, x, w, bias) => {
    const result = startWith(bias, shape);
    forEachTriple({ y: shape, x: x!.shape, w: w!.shape }, attributes, (yAt, xAt, wAt) => {
      result[yAt]! += x!.data[xAt]! * w!.data[wAt]!;
    });
    return result;
  },
  convTranspose: ({ attributes, shape }, y, w, bias) => {
    const result = startWith(bias, shape);
    forEachTriple({ y: y!.shape, x: shape, w: w!.shape }, attributes, (yAt, xAt, wAt) => {
      result[xAt]! += y!.data[yAt]! * w!.data[wAt]!;
    });
    return result;
  },
  convGradWeight: ({ attributes, shape }, x, dy) => {
    const result = new Float64Array(elementCount(shape));
    forEachTriple({ y: dy!.shape, x: x!.shape, w: shape }, attributes, (yAt, xAt, wAt) => {
      result[wAt]! += x!.data[xAt]! * dy!.data[yAt]!;
    });
    return result;
  },
};
