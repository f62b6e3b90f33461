/** @file Normalisation layers: batch (with running statistics), instance, group and layer norm, chosen by name. */
import type { Tensor } from '../engine/graph/builder.ts';
import { add, concat, mul, norm, normStats, slice } from '../engine/graph/functions.ts';
import { elementCount } from '../engine/graph/graph.ts';
import { ones, zeros } from './initialisers.ts';
import { changeStatistic, parameter, type Scope, statistic } from './scope.ts';

export const normKinds = ['batch', 'instance', 'group', 'layer', 'none'] as const;
export type NormKind = (typeof normKinds)[number];

export interface NormalisationOptions {
  readonly kind: NormKind;
  /** For 'group'; default the largest of 8, 4, 2, 1 that divides the channels. */
  readonly groups?: number;
  /** Learnt `weight` and `bias` per channel; default true. */
  readonly affine?: boolean;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Share of the new batch in the running statistics; default 0.1, as PyTorch. */
  readonly momentum?: number;
}

/**
 * (x − mean) / √(variance + ε), times `weight` plus `bias` per channel.
 *
 * x        [N, C, …spatial]
 * returns  the same shape
 *
 * 'batch' takes its statistics over samples and space when training, and updates `runningMean` and `runningVariance` [1, C, 1] with them
 * (the variance unbiased); the other graphs use the running ones. 'instance' takes them per sample and channel, 'group' per group of
 * channels, 'layer' over all channels of a sample; these are the same in every graph.
 *
 * Sources: Ioffe and Szegedy 2015; Ulyanov et al. 2016; Wu and He 2018; Ba et al. 2016.
 *
 * @since 1
 * @example normalise(inner(scope, 'norm1'), x, { kind: 'instance' })
 */
export function normalise(scope: Scope, x: Tensor, options: NormalisationOptions): Tensor {
  const { kind, epsilon = 1e-5, affine = true } = options;
  if (kind === 'none') return x;
  const channels = x.shape[1]!;
  const learnt = affine
    ? {
        scale: parameter(scope, 'weight', [channels], ones()),
        bias: parameter(scope, 'bias', [channels], zeros()),
      }
    : {};
  if (kind === 'batch') {
    const stats = batchStatistics(scope, x, options.momentum ?? 0.1);
    return norm(x, { kind: 'batch', groups: channels, epsilon, stats, ...learnt });
  }
  return norm(x, { kind: 'group', groups: groupCount(channels, options), epsilon, ...learnt });
}

function groupCount(channels: number, { kind, groups }: NormalisationOptions): number {
  if (kind === 'instance') return channels;
  if (kind === 'layer') return 1;
  return groups ?? [8, 4, 2, 1].find((count) => channels % count === 0)!;
}

/** [1, C, 2]: of this batch when training, else the running ones. */
function batchStatistics(scope: Scope, x: Tensor, momentum: number): Tensor {
  const channels = x.shape[1]!;
  const shape = [1, channels, 1];
  const runningMean = statistic(scope, 'runningMean', shape, 0);
  const runningVariance = statistic(scope, 'runningVariance', shape, 1);
  if (scope.purpose !== 'train') return concat([runningMean, runningVariance], 2);

  const stats = normStats(x, 'batch', channels);
  const count = elementCount(x.shape) / channels;
  const unbiased = count > 1 ? count / (count - 1) : 1;
  const parts = [
    { name: 'runningMean', old: runningMean, start: 0, factor: 1 },
    { name: 'runningVariance', old: runningVariance, start: 1, factor: unbiased },
  ];
  for (const { name, old, start, factor } of parts) {
    const seen = mul(slice(stats, [0, 0, start], shape), momentum * factor);
    changeStatistic(scope, name, old, (present) => add(mul(present, 1 - momentum), seen));
  }
  return stats;
}
