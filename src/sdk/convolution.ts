/** @file Convolutions with weights of their own, over one to three spatial axes. */
import type { Tensor } from '../engine/graph/builder.ts';
import { conv, convTranspose, type PerAxis } from '../engine/graph/functions.ts';
import type { Initialiser, Shape } from '../engine/graph/graph.ts';
import { fanIn, kaimingUniform } from './initialisers.ts';
import { parameter, type Scope } from './scope.ts';

export interface ConvolutionOptions {
  /** Channels out. */
  readonly channels: number;
  /** Default 3. */
  readonly kernel?: PerAxis<number>;
  readonly stride?: PerAxis<number>;
  readonly dilation?: PerAxis<number>;
  /** Zeros on both sides; default: what keeps the size at stride 1 (for odd kernels). */
  readonly padding?: PerAxis<number>;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Default as PyTorch: uniform in ±1/√fanIn. */
  readonly initial?: (weight: Shape) => Initialiser;
}

const spread = (value: PerAxis<number>, axes: number): readonly number[] =>
  typeof value === 'number' ? Array(axes).fill(value) : value;

/**
 * x        [N, C, …spatial], 1-3 spatial axes
 * returns  [N, channels, …]; variables `weight` [channels, C/groups, …kernel] and `bias` [channels] in the scope
 * throws   GRAPH_SHAPE_MISMATCH
 *
 * @since 1
 * @example convolution(inner(scope, 'conv1'), x, { channels: 16 })
 */
export function convolution(scope: Scope, x: Tensor, options: ConvolutionOptions): Tensor {
  const axes = x.shape.length - 2;
  const { channels, groups = 1, dilation = 1, stride = 1 } = options;
  const kernel = spread(options.kernel ?? 3, axes);
  const reach = spread(dilation, axes);
  const padding = options.padding ?? kernel.map((size, i) => Math.floor((reach[i]! * (size - 1)) / 2));
  const shape = [channels, x.shape[1]! / groups, ...kernel];
  const initial = options.initial ?? ((weight: Shape) => kaimingUniform(fanIn(weight)));
  const weight = parameter(scope, 'weight', shape, initial(shape));
  const window = { stride, padding, dilation, groups };
  if (options.bias === false) return conv(x, weight, window);
  const bias = parameter(scope, 'bias', [channels], kaimingUniform(fanIn(shape)));
  return conv(x, weight, { ...window, bias });
}

export interface TransposedConvolutionOptions {
  readonly channels: number;
  /** Default 2. */
  readonly kernel?: PerAxis<number>;
  /** Default: the kernel, so that outputs do not overlap. */
  readonly stride?: PerAxis<number>;
  readonly padding?: PerAxis<number>;
  readonly outputPadding?: PerAxis<number>;
  readonly bias?: boolean;
}

/**
 * Up-sampling with learnt weights; sizes as PyTorch's ConvTranspose.
 *
 * x        [N, C, …spatial]
 * returns  [N, channels, …]; variables `weight` [C, channels, …kernel] and `bias` [channels]
 *
 * @since 1
 * @example transposedConvolution(inner(scope, 'up'), x, { channels: 32 })
 */
export function transposedConvolution(
  scope: Scope,
  x: Tensor,
  options: TransposedConvolutionOptions,
): Tensor {
  const axes = x.shape.length - 2;
  const kernel = spread(options.kernel ?? 2, axes);
  const shape = [x.shape[1]!, options.channels, ...kernel];
  const weight = parameter(scope, 'weight', shape, kaimingUniform(fanIn(shape)));
  const window = {
    stride: options.stride ?? kernel,
    padding: options.padding ?? 0,
    outputPadding: options.outputPadding ?? 0,
  };
  if (options.bias === false) return convTranspose(x, weight, window);
  const bias = parameter(scope, 'bias', [options.channels], kaimingUniform(fanIn(shape)));
  return convTranspose(x, weight, { ...window, bias });
}
