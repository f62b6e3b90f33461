/** @file Maximum intensity projections and the loss that compares them: breaks in thin vessels show in a projection. */
import type { Tensor } from '../../engine/graph/builder.ts';
import { add, max } from '../../engine/graph/functions.ts';
import { type FocalTverskyOptions, focalTverskyLoss } from './tversky.ts';

/** Axes of space as a person names them (x to the right, y to the front, z up) in a patch [N, C, D, H, W] with z slowest. */
export const spaceAxes = ['x', 'y', 'z'] as const;
export type SpaceAxis = (typeof spaceAxes)[number];

/** Index of an axis among the spatial axes of a patch: for three axes z 0, y 1, x 2; for two y 0, x 1. */
export function spatialAxis(axis: SpaceAxis, axes = 3): number {
  return axes - 1 - spaceAxes.indexOf(axis);
}

/**
 * Largest value along one spatial axis, which stays with size 1. Ties share the gradient equally.
 *
 * x            [N, C, …spatial]
 * spatialAxis  0 is the slowest
 *
 * @since 1
 * @example maximumProjection(label, spatialAxis('z'))
 */
export function maximumProjection(x: Tensor, spatialAxis: number): Tensor {
  return max(x, [spatialAxis + 2], { keepDims: true });
}

export interface LabelProjection {
  /** Among the spatial axes, 0 the slowest. */
  readonly spatialAxis: number;
  /** [N, C, …spatial] with size 1 along the axis. */
  readonly projection: Tensor;
}

/** Projections of the label patch itself: the mode `patch`, consistent with what the network sees. */
export function patchProjections(label: Tensor, spatialAxes: readonly number[]): LabelProjection[] {
  return spatialAxes.map((spatialAxis) => ({
    spatialAxis,
    projection: maximumProjection(label, spatialAxis),
  }));
}

/**
 * Projections of the whole label volume, cropped to the patch: the published mode `volume`. They arrive as inputs of the graph, named
 * `labelProjection<axis>`; give the matching `labelProjectionInputs` to the recipe's sampling.
 */
export function volumeProjections(label: Tensor, spatialAxes: readonly number[]): LabelProjection[] {
  return spatialAxes.map((spatialAxis) => {
    const shape = label.shape.map((size, axis) => (axis === spatialAxis + 2 ? 1 : size));
    return { spatialAxis, projection: label.builder.input(`labelProjection${spatialAxis}`, shape) };
  });
}

/** The sampler's side of {@link volumeProjections}: entries for `sampling.extraInputs`. */
export function labelProjectionInputs(spatialAxes: readonly number[]) {
  return spatialAxes.map((axis) => ({
    kind: 'labelProjection' as const,
    input: `labelProjection${axis}`,
    axis,
  }));
}

/**
 * MIP loss: the sum over axes of the focal Tversky loss between the projected prediction and the label's projection, mean over samples.
 *
 * probabilities  [N, 1, …spatial], in 0-1
 * projections    one (single-axis) or several (multi-axis); none is refused
 * returns        scalar, from 0 to the number of axes
 * source         Radhakrishna et al. 2024 (SPOCKMIP). There, prediction and label were projected along differing axes; here they match.
 *
 * @since 1
 * @example mipLoss(sigmoid(logits), patchProjections(label, [0, 1, 2]))
 */
export function mipLoss(
  probabilities: Tensor,
  projections: readonly LabelProjection[],
  options: FocalTverskyOptions = {},
): Tensor {
  return projections
    .map(({ spatialAxis, projection }) =>
      focalTverskyLoss(maximumProjection(probabilities, spatialAxis), projection, {
        ...options,
        perSample: true,
      }),
    )
    .reduce((a, b) => add(a, b));
}
