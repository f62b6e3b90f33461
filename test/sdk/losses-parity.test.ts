/** @file The SDK's losses against PyTorch: values and gradients. Fixtures by make-loss-fixtures.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/engine/autodiff/differentiate.ts';
import * as sdk from '../../src/sdk/index.ts';
import { difference } from '../helpers/close.ts';
import { evaluateGraph, type Values } from '../helpers/evaluate-graph.ts';

interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Values>>;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/losses.json'), 'utf8')) as Case[];

const { sigmoid } = sdk;
type Inputs = Readonly<Record<string, sdk.Tensor>>;

const mip =
  (axes: readonly number[], options = {}) =>
  ({ logits, label }: Inputs) =>
    sdk.mipLoss(sigmoid(logits!), sdk.patchProjections(label!, axes), options);

const consistency =
  (stopTargetGradient: boolean) =>
  ({ deformed, logits, deformation }: Inputs) =>
    sdk.consistencyLoss(sigmoid(deformed!), sigmoid(logits!), deformation!, { stopTargetGradient });

const losses: Readonly<Record<string, (inputs: Inputs) => sdk.Tensor>> = {
  focalTversky: ({ logits, label }) => sdk.focalTverskyLoss(sigmoid(logits!), label!),
  focalTverskySteep: ({ logits, label }) =>
    sdk.focalTverskyLoss(sigmoid(logits!), label!, { alpha: 0.4, gamma: 1.5, smooth: 0.1 }),
  focalTverskyPerSample: ({ logits, label }) =>
    sdk.focalTverskyLoss(sigmoid(logits!), label!, { perSample: true }),
  dice: ({ logits, label }) => sdk.softDiceLoss(sigmoid(logits!), label!),
  iou: ({ logits, label }) => sdk.iouLoss(sigmoid(logits!), label!),
  bce: ({ logits, label }) => sdk.bceWithLogits(logits!, label!),
  crossEntropy: ({ logits, label }) => sdk.crossEntropy(logits!, label!, [1, 2, 5]),
  clDice: ({ logits, label }) => sdk.softClDiceLoss(sigmoid(logits!), label!, { iterations: 3 }),
  mip0: mip([0]),
  mip1: mip([1]),
  mip2: mip([2]),
  mipAll: mip([0, 1, 2], { alpha: 0.6, gamma: 1.2 }),
  mipVolume: ({ logits, label }) =>
    sdk.mipLoss(sigmoid(logits!), sdk.volumeProjections(label!, [sdk.spatialAxis('y')])),
  deepSupervision: ({ logits, half, quarter, label }) => {
    const levels = [logits!, half!, quarter!].map((level) =>
      sigmoid(sdk.toPatchSize(level, label!.shape.slice(2))),
    );
    return sdk.deepSupervision(levels, [1, 0.66, 0.34], (p) => sdk.focalTverskyLoss(p, label!));
  },
  consistency: consistency(false),
  consistencyStopped: consistency(true),
};

describe('losses', () => {
  it('each have a fixture', () => {
    expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(losses).sort());
  });

  it.each(cases)('agree with PyTorch, gradients too: $name', async ({ name, inputs, loss, gradients }) => {
    const wanted = Object.keys(gradients);
    const found = await evaluateGraph(inputs, (tensors) => {
      const value = losses[name]!(tensors);
      const slopes = differentiate(
        value,
        wanted.map((key) => tensors[key]!),
      );
      return { loss: value, ...Object.fromEntries(wanted.map((key, i) => [key, slopes[i]!])) };
    });
    expect(difference(found.loss!, [loss], { relative: 1e-5 })).toBeUndefined();
    for (const key of wanted)
      expect(difference(found[key]!, gradients[key]!, { relative: 1e-4 }), key).toBeUndefined();
  });
});
