/** @file Cross-entropies, from logits. */
import type { Tensor } from '../../engine/graph/builder.ts';
import {
  broadcastTo,
  div,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  reshape,
  softplus,
  sub,
  sum,
} from '../../engine/graph/functions.ts';

/**
 * Binary cross-entropy, mean over all elements: softplus(x) − x·y, which neither overflows nor takes a logarithm of 0.
 *
 * logits   any shape
 * target   the same shape, in 0-1
 * returns  scalar ≥ 0
 *
 * @since 1
 * @example bceWithLogits(logits, label)
 */
export function bceWithLogits(logits: Tensor, target: Tensor): Tensor {
  return mean(sub(softplus(logits), mul(logits, target)));
}

/**
 * Cross-entropy over classes, each voxel weighted by the weight of its true class, divided by the sum of the weights (as PyTorch).
 *
 * logits   [N, C, …spatial]
 * labels   [N, 1, …spatial], class indices 0 … C − 1 as f32; a voxel with any other value counts nothing
 * weights  one per class; default all 1
 * returns  scalar ≥ 0
 *
 * @since 1
 * @example crossEntropy(logits, label, [1, 10])
 */
export function crossEntropy(logits: Tensor, labels: Tensor, weights?: readonly number[]): Tensor {
  const [samples, classes, ...spatial] = logits.shape;
  const truth = oneHot(reshape(labels, [samples!, ...spatial]), classes!);
  const perClass = logits.builder.constant(weights ?? Array(classes).fill(1), [
    1,
    classes!,
    ...spatial.map(() => 1),
  ]);
  const weighted = mul(truth, broadcastTo(perClass, truth.shape));
  return div(neg(sum(mul(weighted, logSoftmax(logits, 1)))), sum(weighted));
}
