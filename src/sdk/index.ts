/** @file All that a plugin may import, as `@sagitta/sdk`. Re-exports only. */
export { GraphBuilder, type Tensor } from '../engine/graph/builder.ts';
export * from '../engine/graph/functions.ts';
export type { DType, Graph, Initialiser, Shape } from '../engine/graph/graph.ts';
export { elementCount } from '../engine/graph/graph.ts';
export type { Fingerprint } from '../recipe/fingerprint.ts';
export type { Normalisation, Preparation } from '../recipe/preparation.ts';
export type {
  Augmentation,
  Inference,
  Optimiser,
  OutputMap,
  Recipe,
  SamplerInput,
  Sampling,
  Schedule,
  Threshold,
  Training,
} from '../recipe/recipe.ts';
export type { Settings, SettingValue } from '../recipe/settings.ts';
export { type ActivationKind, activate, activationKinds } from './activation.ts';
export {
  type AttentionGateOptions,
  attentionGate,
  type BlockStyle,
  type ConvBlockOptions,
  convBlock,
  residualBlock,
  type UpBlockOptions,
  type UpsamplingKind,
  upBlock,
  upsamplingKinds,
} from './blocks.ts';
export { foregroundClass } from './classes.ts';
export {
  type ConvolutionOptions,
  convolution,
  type TransposedConvolutionOptions,
  transposedConvolution,
} from './convolution.ts';
export { fanIn, kaimingNormal, kaimingUniform, ones, xavierUniform, zeros } from './initialisers.ts';
export {
  type ConsistencyOptions,
  consistencyLoss,
  deformationGrid,
  deformationInput,
  warp,
} from './losses/consistency.ts';
export { bceWithLogits, crossEntropy } from './losses/cross-entropy.ts';
export { deepSupervision, toPatchSize } from './losses/deep-supervision.ts';
export {
  type LabelProjection,
  labelProjectionInputs,
  maximumProjection,
  mipLoss,
  patchProjections,
  type SpaceAxis,
  spaceAxes,
  spatialAxis,
  volumeProjections,
} from './losses/mip.ts';
export { type SoftClDiceOptions, softClDiceLoss, softSkeleton } from './losses/soft-cl-dice.ts';
export { type FocalTverskyOptions, focalTverskyLoss, iouLoss, softDiceLoss } from './losses/tversky.ts';
export { type NormalisationOptions, type NormKind, normalise, normKinds } from './normalisation.ts';
export { cubicPatch } from './patch-size.ts';
export { type Define, defineRecipe, type RecipeDraft } from './recipe-draft.ts';
export {
  changeStatistic,
  type GraphPurpose,
  inner,
  makeGraph,
  parameter,
  type Scope,
  statistic,
} from './scope.ts';
export { booleanSetting, choiceSetting, numberSetting } from './setting-values.ts';
