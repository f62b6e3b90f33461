/** @file Blocks of which networks are built: convolution block, residual block, up-sampling, attention gate. */
import { unreachable } from '../base/errors.ts';
import type { Tensor } from '../engine/graph/builder.ts';
import { add, mul, relu, resize, sigmoid } from '../engine/graph/functions.ts';
import { type ActivationKind, activate } from './activation.ts';
import { convolution, transposedConvolution } from './convolution.ts';
import { type NormKind, normalise } from './normalisation.ts';
import { inner, type Scope } from './scope.ts';

export interface BlockStyle {
  readonly norm: NormKind;
  readonly activation: ActivationKind;
}

export interface ConvBlockOptions extends BlockStyle {
  readonly channels: number;
  /** Rounds of convolution, norm and activation; default 2. */
  readonly repeats?: number;
  /** Default 3. */
  readonly kernel?: number;
  /** Of the first convolution; default 1. */
  readonly stride?: number;
}

/**
 * [convolution → norm → activation] × repeats, sizes kept (at stride 1).
 *
 * x        [N, C, …spatial]
 * returns  [N, channels, …spatial]; parts `conv1`, `norm1`, `conv2`, `norm2`, …
 *
 * @since 1
 * @example convBlock(inner(scope, 'encoder.0'), x, { channels: 16, norm: 'instance', activation: 'leakyRelu' })
 */
export function convBlock(scope: Scope, x: Tensor, options: ConvBlockOptions): Tensor {
  const { channels, repeats = 2, kernel = 3, norm, activation } = options;
  let y = x;
  for (let round = 1; round <= repeats; round++) {
    const stride = round === 1 ? (options.stride ?? 1) : 1;
    y = convolution(inner(scope, `conv${round}`), y, { channels, kernel, stride });
    y = normalise(inner(scope, `norm${round}`), y, { kind: norm });
    y = activate(y, activation);
  }
  return y;
}

/**
 * activation(F(x) + x), F being two convolutions with norms. When channels or size change, x passes a 1-wide convolution (`skip`) first.
 * Source: He et al. 2016, "Deep residual learning", fig. 2.
 *
 * @since 1
 * @example residualBlock(inner(scope, 'encoder.1'), x, { channels: 32, norm: 'batch', activation: 'relu' })
 */
export function residualBlock(scope: Scope, x: Tensor, options: ConvBlockOptions): Tensor {
  const { channels, kernel = 3, stride = 1, norm, activation } = options;
  let y = convolution(inner(scope, 'conv1'), x, { channels, kernel, stride });
  y = activate(normalise(inner(scope, 'norm1'), y, { kind: norm }), activation);
  y = convolution(inner(scope, 'conv2'), y, { channels, kernel });
  y = normalise(inner(scope, 'norm2'), y, { kind: norm });
  const isPlain = x.shape[1] === channels && stride === 1;
  const skip = isPlain ? x : convolution(inner(scope, 'skip'), x, { channels, kernel: 1, stride });
  return activate(add(y, skip), activation);
}

export const upsamplingKinds = ['nearest', 'linear', 'transposed'] as const;
export type UpsamplingKind = (typeof upsamplingKinds)[number];

export interface UpBlockOptions extends BlockStyle {
  readonly channels: number;
  /** Default 'nearest'. */
  readonly kind?: UpsamplingKind;
  /** Spatial sizes to reach; default twice those of x. Transposed convolutions reach twice the size only. */
  readonly size?: readonly number[];
}

/**
 * Grows space and changes channels: resize → convolution → norm → activation, or a transposed convolution (kernel and stride 2) → norm →
 * activation.
 *
 * x        [N, C, …spatial]
 * returns  [N, channels, …size]; parts `conv1` and `norm1`
 *
 * @since 1
 * @example upBlock(inner(scope, 'up'), x, { channels: 16, norm: 'batch', activation: 'relu' })
 */
export function upBlock(scope: Scope, x: Tensor, options: UpBlockOptions): Tensor {
  const { channels, kind = 'nearest', norm, activation } = options;
  const size = options.size ?? x.shape.slice(2).map((length) => 2 * length);
  const conv1 = inner(scope, 'conv1');
  const y = grow(conv1, x, { kind, size, channels });
  return activate(normalise(inner(scope, 'norm1'), y, { kind: norm }), activation);
}

function grow(
  scope: Scope,
  x: Tensor,
  { kind, size, channels }: { kind: UpsamplingKind; size: readonly number[]; channels: number },
): Tensor {
  switch (kind) {
    case 'nearest':
      return convolution(scope, resize(x, size, { mode: 'nearest' }), { channels });
    case 'linear':
      return convolution(scope, resize(x, size, { mode: 'linear' }), { channels });
    case 'transposed':
      return transposedConvolution(scope, x, { channels });
    default:
      return unreachable(kind);
  }
}

export interface AttentionGateOptions {
  /** Channels in which signal and skip are compared. */
  readonly channels: number;
  readonly norm: NormKind;
}

/**
 * Additive attention: the skip x weighted by ψ = σ(norm(conv₁(ReLU(norm(conv₁ g) + norm(conv₁ x))))), all convolutions 1-wide.
 *
 * signal   g [N, G, …spatial], from the coarser level, already of x's size
 * skip     x [N, C, …spatial]
 * returns  [N, C, …spatial]; parts `signal`, `skip`, `weight`, each with `conv1` and `norm1`
 *
 * Source: Oktay et al. 2018, "Attention U-Net", eqs. 1-2.
 *
 * @since 1
 * @example attentionGate(inner(scope, 'gate'), g, x, { channels: 8, norm: 'batch' })
 */
export function attentionGate(
  scope: Scope,
  signal: Tensor,
  skip: Tensor,
  { channels, norm }: AttentionGateOptions,
): Tensor {
  const point = { repeats: 1, kernel: 1, norm, activation: 'none' } as const;
  const g = convBlock(inner(scope, 'signal'), signal, { ...point, channels });
  const x = convBlock(inner(scope, 'skip'), skip, { ...point, channels });
  const weight = sigmoid(convBlock(inner(scope, 'weight'), relu(add(g, x)), { ...point, channels: 1 }));
  return mul(skip, weight);
}
