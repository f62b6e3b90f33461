/** @file Overlap losses made of true positives, false negatives and false positives: focal Tversky, soft Dice, IoU. */
import type { Tensor } from '../../engine/graph/builder.ts';
import { add, clamp, div, mean, mul, pow, sub, sum } from '../../engine/graph/functions.ts';

export interface FocalTverskyOptions {
  /** Weight of false negatives against false positives, 0-1; default 0.7. */
  readonly alpha?: number;
  /** Exponent; below 1 it steepens the loss where overlap is nearly complete. Default 0.75. */
  readonly gamma?: number;
  /** Added to numerator and denominator; default 1. */
  readonly smooth?: number;
  /** One index a sample, then the mean over samples; default false: one index over the whole batch. */
  readonly perSample?: boolean;
}

/** 1 − T below this is held there, since the slope of |1 − T|^γ is unbounded at 0 for γ < 1. */
const nearlyPerfect = 1e-7;

/**
 * Focal Tversky loss |1 − T|^γ with T = (TP + s) / (TP + α·FN + (1 − α)·FP + s).
 *
 * probabilities  any shape, in 0-1
 * target         the same shape, in 0-1
 * returns        scalar in 0-1; where both are empty T is 1 and the loss about 0 (1e-7^γ)
 * throws         GRAPH_SHAPE_MISMATCH
 * source         Abraham and Khan 2019, eqs. 2-3; α, γ, s as published with DS6 (Chatterjee et al. 2022). The floor of 1e-7 under 1 − T is ours.
 *
 * @since 1
 * @example focalTverskyLoss(sigmoid(logits), label, { alpha: 0.7 })
 */
export function focalTverskyLoss(
  probabilities: Tensor,
  target: Tensor,
  options: FocalTverskyOptions = {},
): Tensor {
  const { alpha = 0.7, gamma = 0.75, smooth = 1, perSample = false } = options;
  const axes = probabilities.shape.map((_, axis) => axis).slice(perSample ? 1 : 0);
  const truePositive = sum(mul(probabilities, target), axes);
  const falseNegative = sum(mul(target, sub(1, probabilities)), axes);
  const falsePositive = sum(mul(sub(1, target), probabilities), axes);
  const missed = add(mul(falseNegative, alpha), mul(falsePositive, 1 - alpha));
  const top = add(truePositive, smooth);
  const index = div(top, add(top, missed));
  const lack = clamp(sub(1, index), nearlyPerfect, 1);
  const loss = gamma === 1 ? lack : pow(lack, gamma);
  return perSample ? mean(loss) : loss;
}

/**
 * Soft Dice loss 1 − (2·Σpy + s) / (Σp + Σy + s), over the whole batch.
 *
 * probabilities  any shape, in 0-1
 * target         the same shape, in 0-1
 * returns        scalar in 0-1; 0 where both are empty
 * source         Milletari et al. 2016 (V-Net), with plain sums in the denominator as published with DS6
 *
 * @since 1
 * @example softDiceLoss(sigmoid(logits), label)
 */
export function softDiceLoss(probabilities: Tensor, target: Tensor, smooth = 1): Tensor {
  const overlap = sum(mul(probabilities, target));
  const total = add(sum(probabilities), sum(target));
  return sub(1, div(add(mul(overlap, 2), smooth), add(total, smooth)));
}

/**
 * IoU (Jaccard) loss 1 − (Σpy + s) / (Σp + Σy − Σpy + s), over the whole batch.
 *
 * probabilities  any shape, in 0-1
 * target         the same shape, in 0-1
 * returns        scalar in 0-1; 0 where both are empty
 * source         Rahman and Wang 2016
 *
 * @since 1
 * @example iouLoss(sigmoid(logits), label)
 */
export function iouLoss(probabilities: Tensor, target: Tensor, smooth = 1): Tensor {
  const overlap = sum(mul(probabilities, target));
  const union = sub(add(sum(probabilities), sum(target)), overlap);
  return sub(1, div(add(overlap, smooth), add(union, smooth)));
}
