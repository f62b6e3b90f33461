/** @file Losses at several depths of a network, weighted and added up. */
import { invariant } from '../../base/errors.ts';
import type { Tensor } from '../../engine/graph/builder.ts';
import { add, mul, resize } from '../../engine/graph/functions.ts';

/**
 * Σ over levels of weight · loss(level); the weights are used as they are, not normalised.
 *
 * levels   outputs, finest first, each already of the patch's size (see {@link toPatchSize})
 * weights  at least as many as levels; further ones are not used
 * returns  scalar
 * source   Zeng et al. 2017; the published weights of DS6 are 1, 0.66, 0.34
 *
 * @since 1
 * @example deepSupervision(levels, [1, 0.66, 0.34], (p) => focalTverskyLoss(p, label))
 */
export function deepSupervision(
  levels: readonly Tensor[],
  weights: readonly number[],
  loss: (level: Tensor) => Tensor,
): Tensor {
  invariant(levels.length > 0 && weights.length >= levels.length, 'each level has a weight');
  return levels
    .map((level, i) => (weights[i] === 1 ? loss(level) : mul(loss(level), weights[i]!)))
    .reduce((a, b) => add(a, b));
}

/** Brings a coarse output [N, C, …] to the spatial size of a patch by nearest interpolation. */
export function toPatchSize(level: Tensor, spatial: readonly number[]): Tensor {
  const isThere = spatial.every((size, i) => level.shape[i + 2] === size);
  return isThere ? level : resize(level, spatial, { mode: 'nearest' });
}
