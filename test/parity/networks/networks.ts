/** @file Two small 3-D networks with their losses in the graph vocabulary: the same as in make-curves.py, name by name. */
import { Random } from '../../../src/base/random.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import {
  add,
  clamp,
  concat,
  conv,
  convTranspose,
  div,
  leakyRelu,
  logSoftmax,
  max,
  maxPool,
  mean,
  mul,
  neg,
  norm,
  oneHot,
  pow,
  reshape,
  resize,
  sigmoid,
  slice,
  softmax,
  sub,
  sum,
} from '../../../src/engine/graph/functions.ts';
import type { Graph, Initialiser, Shape } from '../../../src/engine/graph/graph.ts';

export const seed = 11;
const shape = [2, 1, 8, 8, 12];
const widths = [3, 5, 9];

type NormKind = 'batch' | 'instance';

/** Labels: a quarter of the voxels. Image: 1.5 · label + half a normal number. */
export function trainingData(): { image: Float32Array; label: Float32Array } {
  const [labels, noise] = [new Random(seed, 'label'), new Random(seed, 'image')];
  const count = shape.reduce((product, size) => product * size, 1);
  const label = Float32Array.from({ length: count }, () => Number(labels.uniform() < 0.25));
  const image = label.map((y) => 1.5 * y + 0.5 * noise.normal());
  return { image, label };
}

function weight(like: Tensor, name: string, of: Shape): Tensor {
  const bound = 1 / Math.sqrt(of.slice(1).reduce((product, size) => product * size, 1));
  const initial: Initialiser = { kind: 'uniform', low: -bound, high: bound };
  return like.builder.variable({ name: `${name}.weight`, initial, trainable: true }, of);
}

function perChannel(like: Tensor, name: string, size: number, value: number): Tensor {
  return like.builder.variable({ name, initial: { kind: 'constant', value }, trainable: true }, [size]);
}

function convolution(name: string, x: Tensor, outputs: number, kernel: number): Tensor {
  const w = weight(x, name, [outputs, x.shape[1]!, kernel, kernel, kernel]);
  return conv(x, w, { bias: perChannel(x, `${name}.bias`, outputs, 0), padding: (kernel - 1) / 2 });
}

function layer(name: string, x: Tensor, outputs: number, kind: NormKind): Tensor {
  const y = norm(convolution(name, x, outputs, 3), {
    kind: kind === 'batch' ? 'batch' : 'group',
    groups: outputs,
    scale: perChannel(x, `${name}.scale`, outputs, 1),
    bias: perChannel(x, `${name}.shift`, outputs, 0),
  });
  return leakyRelu(y, 0.01);
}

function block(name: string, x: Tensor, outputs: number, kind: NormKind): Tensor {
  return layer(`${name}.1`, layer(`${name}.0`, x, outputs, kind), outputs, kind);
}

/** Features of each level, the finest first. */
function encode(image: Tensor, kind: NormKind): Tensor[] {
  const levels = [block('down0', image, widths[0]!, kind)];
  for (let i = 1; i < widths.length; i++)
    levels.push(block(`down${i}`, maxPool(levels.at(-1)!, { kernel: 2 }), widths[i]!, kind));
  return levels;
}

/** Instance norm, transposed convolutions up; cross-entropy + Dice of the foreground. */
function unetLoss(image: Tensor, label: Tensor): Tensor {
  const levels = encode(image, 'instance');
  let x = levels.pop()!;
  for (let i = levels.length - 1; i >= 0; i--) {
    const width = widths[i]!;
    const w = weight(x, `up${i}`, [x.shape[1]!, width, 2, 2, 2]);
    const up = convTranspose(x, w, { bias: perChannel(x, `up${i}.bias`, width, 0), stride: 2 });
    x = block(`join${i}`, concat([levels[i]!, up]), width, 'instance');
  }
  const logits = convolution('head', x, 2, 1);
  const classes = oneHot(reshape(label, [shape[0]!, ...shape.slice(2)]), 2);
  const entropy = neg(mean(sum(mul(classes, logSoftmax(logits, 1)), [1])));
  const p = slice(softmax(logits, 1), [0, 1, 0, 0, 0], shape);
  const dice = div(add(mul(sum(mul(p, label)), 2), 1), add(add(sum(p), sum(label)), 1));
  return add(entropy, sub(1, dice));
}

/** (1 − T)^0.75 with T = (TP + 1)/(TP + 0.7 FN + 0.3 FP + 1), over the given axes. */
function focalTversky(p: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const truePositive = sum(mul(p, y), axes);
  const falseNegative = sum(mul(y, sub(1, p)), axes);
  const falsePositive = sum(mul(sub(1, y), p), axes);
  const errors = add(mul(falseNegative, 0.7), mul(falsePositive, 0.3));
  const tversky = div(add(truePositive, 1), add(add(truePositive, errors), 1));
  return pow(clamp(sub(1, tversky), 1e-7, 1), 0.75);
}

/** Batch norm, nearest steps up, heads at three levels; focal Tversky and projections along three axes. */
function unetMssLoss(image: Tensor, label: Tensor): Tensor {
  const levels = encode(image, 'batch');
  let x = levels.pop()!;
  const heads: Tensor[] = [];
  for (let i = levels.length - 1; i >= 0; i--) {
    heads.unshift(convolution(`head${i + 1}`, x, 1, 1));
    const larger = resize(
      x,
      x.shape.slice(2).map((size) => 2 * size),
    );
    const up = layer(`up${i}`, larger, widths[i]!, 'batch');
    x = block(`join${i}`, concat([levels[i]!, up]), widths[i]!, 'batch');
  }
  heads.unshift(convolution('head0', x, 1, 1));
  const losses = heads.map((logits, level) => {
    const p = sigmoid(resize(logits, shape.slice(2)));
    const projected = [2, 3, 4].map((axis) => focalTversky(max(p, [axis]), max(label, [axis]), [1, 2, 3]));
    const projections = mean(projected.reduce((a, b) => add(a, b)));
    return mul(
      add(mul(focalTversky(p, label, [0, 1, 2, 3, 4]), 0.7), mul(projections, 0.3)),
      [1, 0.66, 0.34][level]!,
    );
  });
  return losses.reduce((a, b) => add(a, b));
}

/** A training graph: inputs `image` and `label`, output `loss`. */
export function trainingGraph(name: 'unet' | 'unetMss'): Graph {
  const builder = new GraphBuilder();
  const [image, label] = [builder.input('image', shape), builder.input('label', shape)];
  builder.output('loss', name === 'unet' ? unetLoss(image, label) : unetMssLoss(image, label));
  return builder.build();
}
