/** @file The three graphs of the recipe: train, validate, predict. They share the network's weights by name. */
import { add, makeGraph, type Scope, sigmoid, type Tensor } from '@sagitta/sdk';
import { deformationLoss, segmentationLoss, type Terms } from './loss.ts';
import { segmentationLogits } from './network.ts';
import type { LossSettings, NetworkSettings } from './settings.ts';

export interface GraphSizes {
  readonly channels: number;
  readonly batchSize: number;
  readonly patch: readonly number[];
  readonly windowBatch: number;
  readonly window: readonly number[];
}

export function makeGraphs(sizes: GraphSizes, network: NetworkSettings, loss: LossSettings) {
  return {
    train: makeGraph('train', (scope) => trainingGraph(scope, sizes, { network, loss })),
    // Validation leaves the deformation branch out: the same loss for every choice of it.
    validate: makeGraph('validate', (scope) =>
      trainingGraph(scope, sizes, { network, loss: { ...loss, deformation: false } }),
    ),
    predict: makeGraph('predict', (scope) => {
      const { windowBatch, channels, window } = sizes;
      const image = scope.builder.input('image', [windowBatch, channels, ...window]);
      const [logits] = segmentationLogits(scope, image, { ...network, ...onlyFinest(network) });
      scope.builder.output('probability', sigmoid(logits!));
    }),
  };
}

/** Prediction needs no side outputs. */
function onlyFinest({ network }: NetworkSettings): Pick<NetworkSettings, 'network'> {
  return { network: network === 'unetMss' ? 'unet' : network };
}

function trainingGraph(
  scope: Scope,
  { batchSize, channels, patch }: GraphSizes,
  settings: { network: NetworkSettings; loss: LossSettings },
): void {
  const image = scope.builder.input('image', [batchSize, channels, ...patch]);
  const label = scope.builder.input('label', [batchSize, 1, ...patch]);
  const network = (x: Tensor) => segmentationLogits(scope, x, settings.network);
  const levels = network(image);
  const terms: Terms[] = [segmentationLoss(levels, label, settings.loss)];
  if (settings.loss.deformation) {
    terms.push(deformationLoss(network, { image, label, logits: levels[0]! }, settings.loss));
  }
  scope.builder.output(
    'loss',
    terms.map(({ loss }) => loss).reduce((a, b) => add(a, b)),
  );
  for (const { parts } of terms) {
    for (const [name, part] of Object.entries(parts)) scope.builder.output(name, part);
  }
}
