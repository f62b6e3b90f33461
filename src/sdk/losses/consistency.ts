/** @file Deformation consistency: a deformed patch must give the equally deformed segmentation. */
import type { Tensor } from '../../engine/graph/builder.ts';
import { gridSample, stopGradient } from '../../engine/graph/functions.ts';
import { type FocalTverskyOptions, focalTverskyLoss } from './tversky.ts';

/**
 * x seen through a sampling grid, linearly interpolated; beyond the border the border's value.
 *
 * x        [N, C, …spatial]
 * grid     [N, …spatial, d], in −1…1 from the first voxel to the last, last axis (x, y[, z]): the sampler's `bsplineGrid` input
 * returns  [N, C, …spatial]
 *
 * @since 1
 * @example warp(image, deformationGrid(image))
 */
export function warp(x: Tensor, grid: Tensor): Tensor {
  return gridSample(x, grid, { mode: 'linear', padding: 'border', alignCorners: true });
}

/** The input `deformation` of the graph for patches like `image` [N, C, …spatial]; see {@link deformationInput}. */
export function deformationGrid(image: Tensor): Tensor {
  const [samples, , ...spatial] = image.shape;
  return image.builder.input('deformation', [samples!, ...spatial, spatial.length]);
}

/**
 * The sampler's side: the entry for `sampling.extraInputs`, with the published choices of control points and displacement.
 * Source: Chatterjee et al. 2022 (DS6).
 */
export function deformationInput() {
  return {
    kind: 'bsplineGrid' as const,
    input: 'deformation',
    controlPoints: [5, 6, 7],
    maxDisplacement: [0.01, 0.015, 0.02, 0.025, 0.03],
    lockedBorders: 2,
  };
}

export interface ConsistencyOptions extends FocalTverskyOptions {
  /** No gradient through the target branch; default false, as published. */
  readonly stopTargetGradient?: boolean;
}

/**
 * Focal Tversky loss of the prediction on the deformed patch against the deformed prediction on the patch.
 *
 * deformed       σ(f(x′)) [N, 1, …spatial], in 0-1
 * probabilities  σ(f(x)), the same shape, in 0-1
 * grid           what made x′ of x
 * returns        scalar in 0-1; about 0 for certain (0 or 1) predictions of an f that moves with its input. Soft predictions keep a
 *                rest, since Σp² < Σp
 * source         Chatterjee et al. 2022 (DS6). There the target is made of logits without the sigmoid; here of probabilities.
 *
 * @since 1
 * @example consistencyLoss(deformed, probabilities, grid, { stopTargetGradient: true })
 */
export function consistencyLoss(
  deformed: Tensor,
  probabilities: Tensor,
  grid: Tensor,
  { stopTargetGradient = false, ...options }: ConsistencyOptions = {},
): Tensor {
  const target = warp(probabilities, grid);
  return focalTverskyLoss(deformed, stopTargetGradient ? stopGradient(target) : target, options);
}
