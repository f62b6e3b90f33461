/** @file Soft clDice: overlap of soft skeletons, which rewards unbroken lines. */
import type { Tensor } from '../../engine/graph/builder.ts';
import {
  add,
  div,
  maximum,
  maxPool,
  minimum,
  mul,
  neg,
  relu,
  sub,
  sum,
} from '../../engine/graph/functions.ts';

/** Smallest value over the cross of direct neighbours along each axis. */
function softErode(x: Tensor): Tensor {
  const axes = x.shape.length - 2;
  const eroded = Array.from({ length: axes }, (_, axis) => {
    const kernel = Array.from({ length: axes }, (_, i) => (i === axis ? 3 : 1));
    const padding = kernel.map((size) => (size - 1) / 2);
    return neg(maxPool(neg(x), { kernel, stride: 1, padding }));
  });
  return eroded.reduce((a, b) => minimum(a, b));
}

function softOpen(x: Tensor): Tensor {
  return maxPool(softErode(x), { kernel: 3, stride: 1, padding: 1 });
}

/**
 * Soft skeleton: what successive openings remove, gathered over `iterations` erosions.
 *
 * x           [N, C, …spatial], in 0-1
 * iterations  at least the radius of the thickest structure in voxels
 * returns     the same shape, in 0-1
 * source      Shit et al. 2021, "clDice", algorithm 1
 *
 * @since 1
 * @example softSkeleton(sigmoid(logits), 3)
 */
export function softSkeleton(x: Tensor, iterations: number): Tensor {
  let image = x;
  let skeleton = relu(sub(image, softOpen(image)));
  for (let round = 0; round < iterations; round++) {
    image = softErode(image);
    const delta = relu(sub(image, softOpen(image)));
    skeleton = add(skeleton, relu(sub(delta, mul(skeleton, delta))));
  }
  return skeleton;
}

export interface SoftClDiceOptions {
  /** Rounds of thinning, 3-10; default 3. */
  readonly iterations?: number;
  /** Default 1. */
  readonly smooth?: number;
}

/**
 * 1 − 2·Tprec·Tsens / (Tprec + Tsens), with Tprec the share of the predicted skeleton inside the label and Tsens that of the label's
 * skeleton inside the prediction, over the whole batch.
 *
 * probabilities  [N, C, …spatial], in 0-1
 * target         the same shape
 * returns        scalar in 0-1; 0 where both are empty
 * source         Shit et al. 2021, "clDice", algorithm 2
 *
 * @since 1
 * @example softClDiceLoss(sigmoid(logits), label, { iterations: 5 })
 */
export function softClDiceLoss(
  probabilities: Tensor,
  target: Tensor,
  { iterations = 3, smooth = 1 }: SoftClDiceOptions = {},
): Tensor {
  const share = (skeleton: Tensor, volume: Tensor) =>
    div(add(sum(mul(skeleton, volume)), smooth), add(sum(skeleton), smooth));
  const precision = share(softSkeleton(probabilities, iterations), target);
  const sensitivity = share(softSkeleton(target, iterations), probabilities);
  // Both shares are at least s/(Σ + s), so the floor only matters when `smooth` is 0.
  const total = maximum(add(precision, sensitivity), 1e-12);
  return sub(1, div(mul(mul(precision, sensitivity), 2), total));
}
