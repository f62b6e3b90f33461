/** @file The three networks: 3-D U-Net, U-Net with multi-scale supervision, attention U-Net. One logit per voxel. */
import {
  attentionGate,
  concat,
  convBlock,
  convolution,
  inner,
  maxPool,
  type Scope,
  type Tensor,
  toPatchSize,
  upBlock,
} from '@sagitta/sdk';
import type { NetworkSettings } from './settings.ts';

/**
 * x        [N, C, D, H, W], each edge a multiple of 2^(levels − 1)
 * returns  logits [N, 1, D, H, W], finest first: one, or with multi-scale supervision those of the full, half and quarter resolution, all
 *          brought to the size of x
 *
 * Parts: `encoder.<level>`, `decoder.<level>`, `head.<level>`; level 0 is the full resolution.
 */
export function segmentationLogits(scope: Scope, x: Tensor, settings: NetworkSettings): Tensor[] {
  const features = decode(scope, encode(scope, x, settings), settings);
  const outputs = settings.network === 'unetMss' ? features.slice(0, 3) : features.slice(0, 1);
  const spatial = x.shape.slice(2);
  return outputs.map((feature, level) => toPatchSize(head(scope, feature, level, settings), spatial));
}

const width = ({ baseChannels }: NetworkSettings, level: number) => baseChannels * 2 ** level;

/** Features of every level, finest first. */
function encode(scope: Scope, x: Tensor, settings: NetworkSettings): Tensor[] {
  const features: Tensor[] = [];
  let y = x;
  for (let level = 0; level < settings.levels; level++) {
    if (level > 0) y = maxPool(y, { kernel: 2 });
    const channels = width(settings, level);
    y = convBlock(inner(inner(scope, 'encoder'), level), y, { ...settings, channels });
    features.push(y);
  }
  return features;
}

/** Decoded features of every level but the coarsest, finest first. */
function decode(scope: Scope, skips: readonly Tensor[], settings: NetworkSettings): Tensor[] {
  const decoded: Tensor[] = [];
  let y = skips.at(-1)!;
  for (let level = settings.levels - 2; level >= 0; level--) {
    const here = inner(inner(scope, 'decoder'), level);
    const channels = width(settings, level);
    const up = upBlock(inner(here, 'up'), y, { ...settings, channels });
    const skip =
      settings.network === 'attentionUnet' ? gated(here, up, skips[level]!, settings) : skips[level]!;
    y = convBlock(here, concat([skip, up]), { ...settings, channels });
    decoded.unshift(y);
  }
  return decoded;
}

/** The inner width is half that of the level: 32 for the published 64 channels. */
function gated(scope: Scope, signal: Tensor, skip: Tensor, { norm }: NetworkSettings): Tensor {
  const channels = Math.max(1, Math.floor(skip.shape[1]! / 2));
  return attentionGate(inner(scope, 'gate'), signal, skip, { channels, norm });
}

function head(scope: Scope, feature: Tensor, level: number, settings: NetworkSettings): Tensor {
  const here = inner(inner(scope, 'head'), level);
  // The published side outputs end in an activation, so that their sigmoid hardly falls below 0.5.
  if (settings.compat && level > 0) return convBlock(here, feature, { ...settings, channels: 1 });
  return convolution(here, feature, { channels: 1, kernel: 1 });
}
