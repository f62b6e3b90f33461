/** @file The training loss: 3-D loss and MIP loss over all output levels, and the deformation branch of DS6. */
import {
  add,
  bceWithLogits,
  consistencyLoss,
  deepSupervision,
  deformationGrid,
  deformationInput,
  focalTverskyLoss,
  type LabelProjection,
  labelProjectionInputs,
  mipLoss,
  mul,
  patchProjections,
  type SamplerInput,
  sigmoid,
  softDiceLoss,
  spatialAxis,
  type Tensor,
  volumeProjections,
  warp,
} from '@sagitta/sdk';
import type { LossSettings } from './settings.ts';

/** A loss and the terms it is made of, which are logged beside it. */
export interface Terms {
  readonly loss: Tensor;
  readonly parts: Readonly<Record<string, Tensor>>;
}

/** Spatial axes of a patch [N, 1, D, H, W] that the settings project along. */
export function projectedAxes({ mip, mipAxis }: LossSettings): number[] {
  if (mip === 'off') return [];
  return mip === 'single' ? [spatialAxis(mipAxis)] : [0, 1, 2];
}

/** What the sampler must add to each batch for these settings. */
export function samplerInputs(settings: LossSettings): SamplerInput[] {
  const projections = settings.mipMode === 'volume' ? labelProjectionInputs(projectedAxes(settings)) : [];
  return settings.deformation ? [...projections, deformationInput()] : projections;
}

/**
 * lossWeight · Σ w_l · L_l + mipWeight · Σ w_l · MIP_l; without MIP the first term has weight 1.
 *
 * levels  logits [N, 1, D, H, W], finest first
 * label   the same shape, 0 or 1
 */
export function segmentationLoss(levels: readonly Tensor[], label: Tensor, settings: LossSettings): Terms {
  const volumetric = volumetricLoss(levels, label, settings);
  const axes = projectedAxes(settings);
  if (axes.length === 0) return { loss: volumetric, parts: {} };
  const projections =
    settings.mipMode === 'volume' ? volumeProjections(label, axes) : patchProjections(label, axes);
  const projected = projectionLoss(levels, projections, settings);
  const loss = add(mul(volumetric, settings.lossWeight), mul(projected, settings.mipWeight));
  return { loss, parts: { volumetric, projected } };
}

/** Σ over levels of weight · the chosen loss in 3-D. */
function volumetricLoss(levels: readonly Tensor[], label: Tensor, settings: LossSettings): Tensor {
  return deepSupervision(levels, settings.levelWeights, (logits) => {
    switch (settings.loss) {
      case 'focalTversky':
        return focalTverskyLoss(sigmoid(logits), label, settings);
      case 'dice':
        return softDiceLoss(sigmoid(logits), label, settings.smooth);
      case 'bce':
        return bceWithLogits(logits, label);
      default:
        return settings.loss satisfies never;
    }
  });
}

function projectionLoss(
  levels: readonly Tensor[],
  projections: readonly LabelProjection[],
  { levelWeights, mipAlpha, mipGamma, smooth }: LossSettings,
): Tensor {
  const options = { alpha: mipAlpha, gamma: mipGamma, smooth };
  return deepSupervision(levels, levelWeights, (logits) => mipLoss(sigmoid(logits), projections, options));
}

/**
 * The terms of DS6: the same network on the deformed patch against the deformed label, and its agreement with the deformed prediction.
 *
 * network  the logits of a patch, finest first; called once more, with the same weights
 * logits   of the undeformed patch, finest
 */
export function deformationLoss(
  network: (image: Tensor) => readonly Tensor[],
  { image, label, logits }: { image: Tensor; label: Tensor; logits: Tensor },
  settings: LossSettings,
): Terms {
  const grid = deformationGrid(image);
  const levels = network(warp(image, grid));
  const deformed = volumetricLoss(levels, warp(label, grid), settings);
  const consistency = consistencyLoss(sigmoid(levels[0]!), sigmoid(logits), grid, {
    ...settings,
    stopTargetGradient: settings.stopGradient,
  });
  return { loss: add(deformed, consistency), parts: { deformed, consistency } };
}
