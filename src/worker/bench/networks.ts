/** @file Reference networks of the benchmark, in the graph vocabulary. peer.py holds the same networks for PyTorch; parameter counts are compared at run time. */
import { GraphBuilder, type Tensor } from '../../engine/graph/builder.ts';
import {
  add,
  concat,
  conv,
  div,
  leakyRelu,
  maxPool,
  mean,
  mul,
  norm,
  resize,
  sigmoid,
  softplus,
  sub,
  sum,
} from '../../engine/graph/functions.ts';
import { elementCount, type Graph, nodesOf, type Shape } from '../../engine/graph/graph.ts';

export const networkNames = ['unet3d', 'unet-mss'] as const;
export type NetworkName = (typeof networkNames)[number];

/** Batches are [batch, 1, patch, patch, patch]. */
export interface NetworkSize {
  readonly batch: number;
  readonly patch: number;
  /** Channels of each level, finest first. */
  readonly channels: readonly number[];
}

/** Share in the loss of each level's head, finest first. */
const headWeights = [1, 0.66, 0.34];

/** Inputs `image` and `label`; output `loss`: Dice plus binary cross-entropy, summed over the heads by {@link headWeights}. */
export function trainingGraph(net: NetworkName, size: NetworkSize): Graph {
  const builder = new GraphBuilder();
  const image = builder.input('image', imageShape(size));
  const label = builder.input('label', imageShape(size));
  const losses = logits(net, image, size).map((level, i) =>
    mul(segmentationLoss(level, label), headWeights[i]!),
  );
  builder.output(
    'loss',
    losses.reduce((a, b) => add(a, b)),
  );
  return builder.build();
}

/** Input `image`; output `probability` of the finest head, as `predict` computes it. */
export function inferenceGraph(net: NetworkName, size: NetworkSize): Graph {
  const builder = new GraphBuilder();
  const image = builder.input('image', imageShape(size));
  builder.output('probability', sigmoid(logits(net, image, size)[0]!));
  return builder.build();
}

export function imageShape({ batch, patch }: NetworkSize): Shape {
  return [batch, 1, patch, patch, patch];
}

/** Trainable numbers of a graph. */
export function parameterCount(graph: Graph): number {
  return nodesOf(graph, 'variable').reduce((total, { node }) => total + elementCount(node.shape), 0);
}

/**
 * U-Net: per level two rounds of convolution, instance norm and leaky ReLU; max pools down; nearest resize, convolution, norm and
 * activation up. One head for `unet3d`, one a decoder level for `unet-mss`, each resized to the patch.
 */
function logits(net: NetworkName, image: Tensor, { channels }: NetworkSize): Tensor[] {
  const skips: Tensor[] = [];
  let x = image;
  channels.forEach((width, level) => {
    if (level > 0) x = maxPool(skips.at(-1)!, { kernel: 2 });
    x = round(`encoder.${level}.1`, x, width);
    x = round(`encoder.${level}.2`, x, width);
    skips.push(x);
  });
  const levels: Tensor[] = [];
  for (let level = channels.length - 2; level >= 0; level--) {
    const width = channels[level]!;
    const skip = skips[level]!;
    const up = round(`up.${level}`, resize(x, skip.shape.slice(2)), width);
    x = round(`decoder.${level}.1`, concat([up, skip]), width);
    x = round(`decoder.${level}.2`, x, width);
    levels.unshift(x);
  }
  const heads = net === 'unet-mss' ? levels : levels.slice(0, 1);
  return heads.map((level, i) => {
    const head = convolution(`head.${i}`, level, { channels: 1, kernel: 1 });
    return i === 0 ? head : resize(head, image.shape.slice(2));
  });
}

function round(name: string, x: Tensor, channels: number): Tensor {
  const y = convolution(`${name}.conv`, x, { channels, kernel: 3 });
  const scale = parameter(y, `${name}.scale`, [channels], 1);
  const bias = parameter(y, `${name}.bias`, [channels], 0);
  return leakyRelu(norm(y, { kind: 'group', groups: channels, scale, bias }));
}

function convolution(
  name: string,
  x: Tensor,
  { channels, kernel }: { channels: number; kernel: number },
): Tensor {
  const shape = [channels, x.shape[1]!, kernel, kernel, kernel];
  const reach = 1 / Math.sqrt(elementCount(shape) / channels);
  const initial = { kind: 'uniform', low: -reach, high: reach } as const;
  const weight = x.builder.variable({ name: `${name}.weight`, initial, trainable: true }, shape);
  const bias = x.builder.variable({ name: `${name}.bias`, initial, trainable: true }, [channels]);
  return conv(x, weight, { bias, padding: (kernel - 1) / 2 });
}

function parameter(like: Tensor, name: string, shape: Shape, value: number): Tensor {
  return like.builder.variable({ name, initial: { kind: 'constant', value }, trainable: true }, shape);
}

/** Soft Dice loss (smoothing 1) plus mean binary cross-entropy; both [N, 1, D, H, W]. */
function segmentationLoss(level: Tensor, label: Tensor): Tensor {
  const probability = sigmoid(level);
  const overlap = add(mul(sum(mul(probability, label)), 2), 1);
  const size = add(add(sum(probability), sum(label)), 1);
  const crossEntropy = mean(sub(softplus(level), mul(level, label)));
  return add(sub(1, div(overlap, size)), crossEntropy);
}
