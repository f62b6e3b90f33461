/**
 * @file The op set: every op with its typed attributes and its shape rule. To add an op, add it here; the rule tables of
 * autodiff and of each executor are total maps over `Op`, so the compiler names what is still missing.
 */

import type { DType, Initialiser, Shape } from './graph.ts';
import { shapeRules } from './shape-rules.ts';

/** No attributes. */
export type None = Record<string, never>;

/** Window of a convolution or pool; one entry per spatial axis. Padding is [low, high] zeros (−∞ for max pools). */
export interface Window {
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

export interface ConvWindow extends Window {
  readonly dilation: readonly number[];
  readonly groups: number;
}

export interface PoolWindow extends Window {
  readonly kernel: readonly number[];
}

export interface ResizeAttributes {
  readonly mode: 'nearest' | 'linear';
  /** PyTorch's `align_corners`; for nearest it must be false. */
  readonly alignCorners: boolean;
}

export interface GridSampleAttributes {
  readonly mode: 'linear' | 'nearest';
  readonly padding: 'zeros' | 'border';
  readonly alignCorners: boolean;
}

/**
 * Which elements share a mean and variance. 'group': each sample and each of `groups` groups of channels (instance norm has
 * as many groups as channels); 'batch': each channel over samples and space (`groups` is the number of channels).
 */
export interface NormAttributes {
  readonly kind: 'group' | 'batch';
  readonly groups: number;
  readonly epsilon: number;
  /** Slope of a leaky ReLU applied to the result (fused by a pass); null for none. 0 is ReLU. */
  readonly slope: number | null;
}

export interface PadAttributes {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly mode: 'constant' | 'reflect' | 'edge';
  /** Used by mode 'constant'. */
  readonly value: number;
}

/** One instruction of a fused elementwise program; operands are registers: first the op's inputs, then results in order. */
export interface ElementwiseInstruction {
  readonly op: ElementwiseOp;
  readonly operands: readonly number[];
  /** Slope, clamp bounds or constant value, where the op has such. */
  readonly numbers: readonly number[];
}

export interface OpAttributes {
  // Leaves
  input: { readonly name: string };
  /** State that lives in the executor: weights (trainable), running statistics, optimiser moments. */
  variable: { readonly name: string; readonly initial: Initialiser; readonly trainable: boolean };
  /** One value for all elements, or all values in C order. */
  constant: { readonly value: number } | { readonly values: readonly number[] };
  /** Each element is its index along `axis`. */
  iota: { readonly axis: number };
  /**
   * Input: key i32 [2] = (seed, step). Element i uses word i mod 4 of philox(key (seed, stream), counter (⌊i/4⌋, step, 0, 0)).
   * uniform: ((word >>> 9) + ½) · 2⁻²³, in (0, 1). normal: Box-Muller on words (0, 1) and (2, 3): √(−2 ln u₁)·cos 2πu₂ for the even
   * lane, sin for the odd.
   */
  random: { readonly distribution: 'uniform' | 'normal'; readonly stream: number };

  // Elementwise, one input
  neg: None;
  abs: None;
  sign: None;
  floor: None;
  exp: None;
  expm1: None;
  log: None;
  log1p: None;
  sqrt: None;
  rsqrt: None;
  sigmoid: None;
  tanh: None;
  /** log(1 + eˣ), without overflow. */
  softplus: None;
  erf: None;
  sin: None;
  cos: None;
  /** x for x > 0, else slope·x. */
  leakyRelu: { readonly slope: number };
  clamp: { readonly min: number; readonly max: number };
  /** Between f32 and i32 (truncates). */
  cast: { readonly to: DType };
  /** The value, but no gradient. */
  stopGradient: None;

  // Elementwise, two inputs of equal shape
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  pow: None;
  /** Comparisons give 1 or 0 as f32. */
  equal: None;
  less: None;
  lessEqual: None;
  /** (dy, x) → dy for x > 0, else slope·dy. */
  leakyReluGrad: { readonly slope: number };
  /** Three inputs: condition ≠ 0 ? a : b. */
  where: None;

  // Reductions: the reduced axes stay, with size 1
  sum: { readonly axes: readonly number[] };
  max: { readonly axes: readonly number[] };
  /** Index (i32) of the first maximum along an axis. */
  argMax: { readonly axis: number };
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };

  // Contractions
  /** (a […, M, K], b […, K, N]) → […, M, N], equal leading axes; a transpose swaps the last two axes first. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (x [N, C, …], weight [O, C/groups, …k], bias [O] optional) → [N, O, …]: cross-correlation, as PyTorch. */
  conv: ConvWindow;
  /** (y [N, O, …], weight [O, C/groups, …k], bias [C] optional) → [N, C, …spatial]: transposed convolution and input gradient of conv. */
  convTranspose: ConvWindow & { readonly spatial: Shape };
  /** (x [N, C, …], dy [N, O, …]) → [O, C/groups, …kernel]: weight gradient of conv. */
  convGradWeight: ConvWindow & { readonly kernel: Shape };

  // Windows over space
  maxPool: PoolWindow;
  /** (dy, x) → dx; the first maximum of a window in C order takes all, as PyTorch. */
  maxPoolGrad: PoolWindow;
  /** Padding counts as zeros in the mean. */
  avgPool: PoolWindow;
  /** (dy) → dx of spatial size `spatial`. */
  avgPoolGrad: PoolWindow & { readonly spatial: Shape };
  resize: ResizeAttributes & { readonly spatial: Shape };
  /** (dy) → dx of spatial size `spatial`. */
  resizeGrad: ResizeAttributes & { readonly spatial: Shape };
  /** (x [N, C, …in], grid [N, …out, d]) → [N, C, …out]; grid in −1…1, last axis (x, y[, z]), as PyTorch's grid_sample. */
  gridSample: GridSampleAttributes;
  /** (dy, grid) → dx of spatial size `spatial`. */
  gridSampleGradInput: GridSampleAttributes & { readonly spatial: Shape };
  /** (dy, x, grid) → gradient of the grid. */
  gridSampleGradGrid: GridSampleAttributes;

  // Normalisation, in parts so that each pass over memory is an op
  /** (x) → [N, groups, 2] ('group') or [1, C, 2] ('batch'): mean and biased variance. */
  normStats: { readonly kind: 'group' | 'batch'; readonly groups: number };
  /** (x, stats, scale [C], bias [C]) → (x − mean)/√(variance + ε)·scale + bias. Its gradient includes that of the statistics if they come from `normStats` of the same x; else they count as constants. */
  normApply: NormAttributes;
  /** (dy, x, stats, scale, bias) → [N, C, 2]: per channel Σ dy' and Σ dy'·x̂, dy' being dy through the fused activation. */
  normGradSums: NormAttributes;
  /** (dy, x, stats, scale, bias, sums) → dx, statistics included. */
  normGradInput: NormAttributes;

  // Shape
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  /** Axes of size 1 grow to those of `shape`; ranks are equal. */
  broadcast: { readonly shape: Shape };
  concat: { readonly axis: number };
  slice: { readonly start: readonly number[]; readonly size: Shape };
  pad: PadAttributes;
  /** (dy) → dx for modes 'reflect' and 'edge': padded values flow back to where they came from. */
  padGrad: PadAttributes;
  /** (x, indices i32 [n]) → x with `axis` of size n. Indices must be in range. */
  gather: { readonly axis: number };
  /** (dy, indices i32 [n]) → zeros of size `size` along `axis`, with dy added at the indices. */
  scatterAdd: { readonly axis: number; readonly size: number };
  /** Indices (i32) that sort along `axis`, ascending, stable. */
  argSort: { readonly axis: number };
  /** (x, indices i32 of the result's shape) → elements picked along `axis`. */
  takeAlong: { readonly axis: number };
  /** (dy, indices) → zeros of size `size` along `axis`, with dy added at the indices. */
  putAlong: { readonly axis: number; readonly size: number };

  // Made by passes only; refused in a recipe
  /** A whole chain of elementwise ops in one pass over memory. Inputs broadcast (size-1 axes) to the result's shape. */
  elementwise: { readonly program: readonly ElementwiseInstruction[] };
}

export type Op = keyof OpAttributes;

const elementwiseUnary = [
  'neg',
  'abs',
  'sign',
  'floor',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sqrt',
  'rsqrt',
  'sigmoid',
  'tanh',
  'softplus',
  'erf',
  'sin',
  'cos',
  'leakyRelu',
  'clamp',
] as const satisfies readonly Op[];

const elementwiseBinary = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'pow',
  'equal',
  'less',
  'lessEqual',
  'leakyReluGrad',
] as const satisfies readonly Op[];

/** Ops that a fused program may hold: f32 in, f32 out, element by element. `constant` puts its number in a register. */
export type ElementwiseOp =
  | (typeof elementwiseUnary)[number]
  | (typeof elementwiseBinary)[number]
  | 'where'
  | 'constant';

const elementwiseOps: ReadonlySet<Op> = new Set<Op>([...elementwiseUnary, ...elementwiseBinary, 'where']);

/** True for ops computed element by element from f32 inputs of the result's shape. */
export function isElementwise(op: Op): op is Exclude<ElementwiseOp, 'constant'> {
  return elementwiseOps.has(op);
}

/** Every op, in the order of {@link OpAttributes}. */
export const allOps = Object.keys(shapeRules) as readonly Op[];

/** Ops that a recipe may not contain. */
export const internalOps: ReadonlySet<Op> = new Set<Op>(['elementwise']);
