/** @file A recipe of one small convolution, to try training and prediction without a plugin. */
import { GraphBuilder, type Tensor } from '../../src/engine/graph/builder.ts';
import { add, conv, div, mean, mul, sigmoid, sub, sum } from '../../src/engine/graph/functions.ts';
import type { Graph } from '../../src/engine/graph/graph.ts';
import { parseRecipe, type Recipe } from '../../src/recipe/recipe.ts';

const patch = [6, 6, 6] as const;

function network(builder: GraphBuilder, image: Tensor): Tensor {
  const initial = { kind: 'normal', mean: 0, deviation: 0.1 } as const;
  const weight = builder.variable({ name: 'conv.weight', initial, trainable: true }, [1, 1, 3, 3, 3]);
  const zero = { kind: 'constant', value: 0 } as const;
  const bias = builder.variable({ name: 'conv.bias', initial: zero, trainable: true }, [1]);
  return sigmoid(conv(image, weight, { bias, padding: 1 }));
}

function lossGraph(batchSize: number): Graph {
  const builder = new GraphBuilder();
  const p = network(builder, builder.input('image', [batchSize, 1, ...patch]));
  const y = builder.input('label', [batchSize, 1, ...patch]);
  const error = sub(p, y);
  const overlap = div(add(mul(2, sum(mul(p, y))), 1), add(add(sum(p), sum(y)), 1));
  builder.output('loss', add(mean(mul(error, error)), sub(1, overlap)));
  builder.output('softDice', overlap);
  return builder.build();
}

function predictGraph(): Graph {
  const builder = new GraphBuilder();
  builder.output('probability', network(builder, builder.input('image', [2, 1, ...patch])));
  return builder.build();
}

/** Changes to parts of the recipe, one level deep. */
export interface TinyChanges {
  readonly training?: Partial<Recipe['training']>;
  readonly sampling?: Partial<Recipe['sampling']>;
  readonly inference?: Partial<Recipe['inference']>;
  readonly metrics?: string[];
}

export function tinyRecipe(changes: TinyChanges = {}): Recipe {
  return parseRecipe({
    version: 1,
    plugin: { id: 'tiny', version: '1.0.0', apiVersion: 1 },
    task: 'segmentation',
    settings: { strength: 1 },
    channels: 1,
    classes: [{ value: 1, name: 'vessel', colour: '#ff0000' }],
    preparation: { orientation: 'RAS', spacingMm: null, normalisation: { kind: 'minMax' } },
    sampling: {
      patchSize: [...patch],
      batchSize: 2,
      foregroundShare: 0.5,
      augmentation: [
        { kind: 'flip', axes: [0, 1, 2] },
        { kind: 'noise', chance: 0.5, maxDeviation: 0.05 },
      ],
      extraInputs: [],
      ...changes.sampling,
    },
    graphs: { train: lossGraph(2), validate: lossGraph(2), predict: predictGraph() },
    training: {
      epochs: 3,
      stepsPerEpoch: 4,
      learningRate: 0.05,
      optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      schedule: { kind: 'polynomial', power: 0.9 },
      warmupSteps: 2,
      clipNorm: 1,
      accumulate: 1,
      emaDecay: null,
      validateEvery: 1,
      selectBy: { metric: 'dice', better: 'higher' },
      validationShare: 0.34,
      ...changes.training,
    },
    metrics: changes.metrics ?? ['dice'],
    inference: {
      window: [...patch],
      batchSize: 2,
      overlap: [0.5],
      blend: 'gaussian',
      threshold: { kind: 'fixed', value: 0.5 },
      removeSmallerThanVoxels: 0,
      keepLargest: null,
      ...changes.inference,
    },
    outputs: [
      {
        name: 'probability',
        graphOutput: 'probability',
        kind: 'probability',
        label: 'Vessel probability',
        unit: '',
        range: [0, 1],
        colourMap: 'inferno',
      },
    ],
  });
}
