/** @file Small networks drawn at random: chains of layers over 1-3 spatial axes with skips, and the gradients of their weights. */
import { Random } from '../../../src/base/random.ts';
import { differentiate } from '../../../src/engine/autodiff/differentiate.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import {
  add,
  avgPool,
  clamp,
  concat,
  conv,
  convTranspose,
  leakyRelu,
  matmul,
  maxPool,
  mean,
  mul,
  norm,
  pad,
  reshape,
  resize,
  sigmoid,
  slice,
  softmax,
  sub,
  sum,
  tanh,
  transpose,
} from '../../../src/engine/graph/functions.ts';
import { elementCount, type Graph, type Initialiser, type Shape } from '../../../src/engine/graph/graph.ts';

interface Drawing {
  readonly random: Random;
  /** All tensors so far. */
  readonly tensors: Tensor[];
  readonly weights: Tensor[];
}

type Layer = (x: Tensor, drawing: Drawing) => Tensor;

const spatialOf = (x: Tensor) => x.shape.slice(2);
const smallest = (x: Tensor) => Math.min(...spatialOf(x));
const ones = (x: Tensor) => spatialOf(x).map(() => 1);

function weight(x: Tensor, { weights }: Drawing, shape: Shape, initial: Initialiser): Tensor {
  const tensor = x.builder.variable({ name: `w${weights.length}`, initial, trainable: true }, shape);
  weights.push(tensor);
  return tensor;
}

const around = (mean: number, deviation: number): Initialiser => ({ kind: 'normal', mean, deviation });

/** Kernel, stride, dilation and groups as drawn; the padding keeps the size up to the stride. */
const convolution: Layer = (x, drawing) => {
  const { random } = drawing;
  const channels = x.shape[1]!;
  const groups = random.pick([1, 1, 1, channels % 2 === 0 ? 2 : 1, channels]);
  const outputs = groups === channels ? channels * random.pick([1, 2]) : groups * random.pick([1, 3, 8, 9]);
  const kernel = spatialOf(x).map(() => random.pick([1, 3]));
  const dilation = random.pick([1, 1, 2]);
  const stride = smallest(x) >= 4 ? random.pick([1, 1, 2]) : 1;
  const fanIn = (channels / groups) * elementCount(kernel);
  const w = weight(x, drawing, [outputs, channels / groups, ...kernel], around(0, 1 / Math.sqrt(fanIn)));
  const bias = random.chance(0.5) ? { bias: weight(x, drawing, [outputs], around(0, 1)) } : {};
  const padding = kernel.map((size) => (dilation * (size - 1)) / 2);
  return conv(x, w, { ...bias, stride, dilation, groups, padding });
};

const up: Layer = (x, drawing) => {
  const channels = x.shape[1]!;
  const outputs = drawing.random.pick([2, 5, 8]);
  const initial = around(0, 1 / Math.sqrt(channels));
  const w = weight(x, drawing, [channels, outputs, ...spatialOf(x).map(() => 2)], initial);
  return convTranspose(x, w, { stride: 2 });
};

const normalisation: Layer = (x, drawing) => {
  const channels = x.shape[1]!;
  const kind = drawing.random.pick(['group', 'batch'] as const);
  const groups = kind === 'batch' ? channels : drawing.random.pick([1, channels]);
  const scale = weight(x, drawing, [channels], around(1, 0.2));
  const bias = weight(x, drawing, [channels], around(0, 0.5));
  return leakyRelu(norm(x, { kind, groups, scale, bias }), drawing.random.pick([0, 0.01, 0.2]));
};

/** Joins or adds an earlier tensor of the same space. */
const skip: Layer = (x, { random, tensors }) => {
  const fitting = tensors.filter((t) => spatialOf(t).join() === spatialOf(x).join() && t.shape[1]! <= 16);
  const other = random.pick(fitting.length > 0 ? fitting : [x]);
  return other.shape[1] === x.shape[1] && random.chance(0.5) ? add(x, other) : concat([x, other]);
};

/** Matrix products over space: softmax(xᵀx)-weighted sums of x. */
const attention: Layer = (x) => {
  const [samples, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const flat = reshape(x, [samples, channels, elementCount(spatial)]);
  const affinity = mul(matmul(flat, flat, { transposeA: true }), 1 / elementCount(spatial));
  return reshape(matmul(flat, softmax(affinity, 2), { transposeB: true }), x.shape);
};

const squeeze: Layer = (x, drawing) => {
  const spatialAxes = spatialOf(x).map((_, i) => i + 2);
  const gate = weight(x, drawing, [1, x.shape[1]!, ...ones(x)], around(1, 0.5));
  return mul(x, sigmoid(mul(mean(x, spatialAxes, { keepDims: true }), gate)));
};

const border: Layer = (x, { random }) => {
  const mode = random.pick(['constant', 'reflect', 'edge'] as const);
  const amounts = [0, 0, ...spatialOf(x).map(() => 1)];
  const padded = pad(x, { low: amounts, high: amounts, mode, value: 0.5 });
  return slice(padded, [0, 0, ...spatialOf(x).map(() => random.integer(3))], x.shape);
};

const turn: Layer = (x, { random }) => {
  const spatialAxes = spatialOf(x).map((_, i) => i + 2);
  return transpose(x, [0, 1, ...random.shuffle(spatialAxes)]);
};

const resized: Layer = (x, { random }) => {
  const spatial = spatialOf(x).map((size) => (smallest(x) < 4 ? 2 * size : size + random.integer(3) - 1));
  const mode = random.pick(['nearest', 'linear'] as const);
  return resize(x, spatial, { mode, alignCorners: mode === 'linear' && random.chance(0.5) });
};

const pooled: Layer = (x, { random }) => {
  if (smallest(x) < 4) return resized(x, { random, tensors: [], weights: [] });
  const options = random.pick([{ kernel: 2 }, { kernel: 3, stride: 2, padding: 1 }]);
  return random.chance(0.5) ? maxPool(x, options) : avgPool(x, options);
};

const activation: Layer = (x, { random }) =>
  random.pick([
    (t: Tensor) => mul(t, sigmoid(t)),
    (t: Tensor) => sub(tanh(t), clamp(t, -0.5, 1)),
    (t: Tensor) => leakyRelu(add(t, 0.1), 0.1),
    (t: Tensor) => softmax(t, 1),
  ])(x);

const layers: readonly Layer[] = [
  convolution,
  convolution,
  convolution,
  normalisation,
  normalisation,
  activation,
  activation,
  skip,
  skip,
  pooled,
  resized,
  up,
  squeeze,
  border,
  turn,
  attention,
];

/** Input `x`; outputs `y` and the gradients of a weighted sum of y by x and by every weight. */
export function randomGraph(seed: number): { graph: Graph; x: Float32Array } {
  const random = new Random(seed, 'random graph');
  const builder = new GraphBuilder();
  const axes = random.pick([1, 2, 2, 3, 3]);
  const sizes = Array.from({ length: axes }, () => random.pick(axes === 3 ? [4, 5, 6] : [7, 8, 12]));
  const x = builder.input('x', [random.pick([1, 2]), random.pick([1, 2, 3, 8]), ...sizes]);
  const drawing: Drawing = { random, tensors: [x], weights: [] };
  while (drawing.tensors.length < 9) {
    const last = drawing.tensors.at(-1)!;
    const next = random.pick(layers)(last, drawing);
    // Keeps each graph small.
    if (next.shape[1]! <= 48 && elementCount(next.shape) <= 12_000) drawing.tensors.push(next);
  }
  const y = drawing.tensors.at(-1)!;
  const used = drawing.weights.filter((w) => w.id < y.id);
  const loss = sum(
    mul(y, builder.variable({ name: 'dy', initial: around(0, 1), trainable: false }, y.shape)),
  );
  builder.output('y', y);
  differentiate(loss, [x, ...used]).forEach((gradient, i) => {
    builder.output(`gradient${i}`, gradient);
  });
  const values = Float32Array.from({ length: elementCount(x.shape) }, () => random.normal());
  return { graph: builder.build(), x: values };
}
