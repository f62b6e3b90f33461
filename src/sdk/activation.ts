/** @file Activations by name, so that a setting can choose one. */
import { unreachable } from '../base/errors.ts';
import type { Tensor } from '../engine/graph/builder.ts';
import { add, erf, leakyRelu, mul, relu, sigmoid, silu, tanh } from '../engine/graph/functions.ts';

export const activationKinds = ['relu', 'leakyRelu', 'silu', 'gelu', 'sigmoid', 'tanh', 'none'] as const;
export type ActivationKind = (typeof activationKinds)[number];

/**
 * The activation of each element; `slope` is that of a leaky ReLU below 0 (default 0.01). 'gelu' is the exact form x·Φ(x).
 *
 * @since 1
 * @example activate(x, 'leakyRelu')
 */
export function activate(x: Tensor, kind: ActivationKind, slope = 0.01): Tensor {
  switch (kind) {
    case 'relu':
      return relu(x);
    case 'leakyRelu':
      return leakyRelu(x, slope);
    case 'silu':
      return silu(x);
    case 'gelu':
      return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
    case 'sigmoid':
      return sigmoid(x);
    case 'tanh':
      return tanh(x);
    case 'none':
      return x;
    default:
      return unreachable(kind);
  }
}
