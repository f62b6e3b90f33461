/** @file Turns a training graph into a whole training step: forward, gradients, accumulation, clipping, optimiser, moving average. */
import { invariant } from '../../base/errors.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import { GraphBuilder, type Tensor } from '../graph/builder.ts';
import { add, div, minimum, mul, sqrt, sub, sum } from '../graph/functions.ts';
import { type Graph, nodesOf } from '../graph/graph.ts';
import { applyOptimiser, type OptimiserOptions, type OptimiserStep } from './optimisers.ts';

export interface TrainingStepOptions {
  readonly optimiser: OptimiserOptions;
  /** Largest global gradient norm; null for none. */
  readonly clipNorm: number | null;
  /** Batches averaged into one update; 1 updates at each call. */
  readonly accumulate: number;
  /** Decay of the moving average of the weights, kept as variables `average.<name>`; null for none. */
  readonly emaDecay: number | null;
}

/**
 * The graphs of one update. Their inputs are those of the training graph, and `apply` also takes `learningRate` (f32 []).
 * Outputs: those of the training graph (`loss` among them), and from `apply` also `gradientNorm` (before clipping).
 *
 * gather  called for the first `accumulate` − 1 batches of an update; null when `accumulate` is 1
 * apply   called for the last (or only) batch: changes the weights
 *
 * Variables made: `optimiser.count`, `optimiser.<moment>.<weight>`, `optimiser.gathered.<weight>`, `average.<weight>`.
 */
export interface TrainingStep {
  readonly gather: Graph | null;
  readonly apply: Graph;
}

export function trainingStep(graph: Graph, options: TrainingStepOptions): TrainingStep {
  return {
    gather: options.accumulate > 1 ? gatherGraph(graph, options) : null,
    apply: applyGraph(graph, options),
  };
}

interface Backward {
  readonly builder: GraphBuilder;
  /** Trainable weights with the gradient of `loss` divided by `accumulate`. */
  readonly weights: readonly { readonly name: string; readonly weight: Tensor; readonly gradient: Tensor }[];
}

function backward(graph: Graph, { accumulate }: TrainingStepOptions): Backward {
  const builder = new GraphBuilder();
  const tensors = builder.include(graph);
  for (const { variable, value } of graph.updates) builder.update(variable, tensors[value]!);
  for (const [name, id] of Object.entries(graph.outputs)) builder.output(name, tensors[id]!);
  const lossId = graph.outputs.loss;
  invariant(lossId !== undefined, 'a training graph has an output "loss"');
  const trainable = nodesOf(graph, 'variable').filter(({ node }) => node.attributes.trainable);
  const weights = trainable.map(({ id, node }) => ({ name: node.attributes.name, weight: tensors[id]! }));
  const loss = accumulate === 1 ? tensors[lossId]! : mul(tensors[lossId]!, 1 / accumulate);
  const gradients = differentiate(
    loss,
    weights.map(({ weight }) => weight),
  );
  return { builder, weights: weights.map((entry, i) => ({ ...entry, gradient: gradients[i]! })) };
}

function state(builder: GraphBuilder, name: string, like: Tensor): Tensor {
  return builder.variable({ name, initial: { kind: 'constant', value: 0 }, trainable: false }, like.shape);
}

function gatherGraph(graph: Graph, options: TrainingStepOptions): Graph {
  const { builder, weights } = backward(graph, options);
  for (const { name, weight, gradient } of weights) {
    const gathered = `optimiser.gathered.${name}`;
    builder.update(gathered, add(state(builder, gathered, weight), gradient));
  }
  return builder.build();
}

function applyGraph(graph: Graph, options: TrainingStepOptions): Graph {
  const { builder, weights } = backward(graph, options);
  const total = options.accumulate === 1 ? weights : weights.map((entry) => takeGathered(builder, entry));
  const squares = total.map(({ gradient }) => sum(mul(gradient, gradient)));
  const norm = sqrt(squares.reduce((a, b) => add(a, b)));
  builder.output('gradientNorm', norm);
  // As torch.nn.utils.clip_grad_norm_: scale by min(1, largest / (norm + 1e-6)).
  const scale = options.clipNorm === null ? undefined : minimum(div(options.clipNorm, add(norm, 1e-6)), 1);

  const count = add(
    builder.variable(
      { name: 'optimiser.count', initial: { kind: 'constant', value: 0 }, trainable: false },
      [],
    ),
    1,
  );
  builder.update('optimiser.count', count);
  const learningRate = builder.input('learningRate', []);
  for (const { name, weight, gradient } of total) {
    const step: OptimiserStep = {
      learningRate,
      count,
      moment: (moment) => momentOf(builder, `optimiser.${moment}.${name}`, weight),
    };
    const next = applyOptimiser(
      weight,
      scale === undefined ? gradient : mul(gradient, scale),
      options.optimiser,
      step,
    );
    builder.update(name, next);
    if (options.emaDecay !== null)
      updateAverage(builder, { name, weight, next, count, decay: options.emaDecay });
  }
  return builder.build();
}

function takeGathered<E extends { name: string; weight: Tensor; gradient: Tensor }>(
  builder: GraphBuilder,
  entry: E,
): E {
  const name = `optimiser.gathered.${entry.name}`;
  const gathered = state(builder, name, entry.weight);
  builder.update(name, builder.constant(0, entry.weight.shape));
  return { ...entry, gradient: add(gathered, entry.gradient) };
}

function momentOf(builder: GraphBuilder, name: string, weight: Tensor): ReturnType<OptimiserStep['moment']> {
  return { value: state(builder, name, weight), set: (next) => builder.update(name, next) };
}

/** average ← d·average + (1 − d)·weight with d = min(decay, (t − 1)/(t + 9)): the first update copies the weight, so no start value shows. */
function updateAverage(
  builder: GraphBuilder,
  {
    name,
    weight,
    next,
    count,
    decay,
  }: { name: string; weight: Tensor; next: Tensor; count: Tensor; decay: number },
): void {
  const average = state(builder, `average.${name}`, weight);
  const d = minimum(div(sub(count, 1), add(count, 9)), decay);
  builder.update(`average.${name}`, add(mul(average, d), mul(next, sub(1, d))));
}
