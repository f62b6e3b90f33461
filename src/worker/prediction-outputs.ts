/** @file What outputs.json beside predicted maps says. Written by the worker; whoever reads it checks it. */
import type { AppliedPreparation } from '../imaging/prepare.ts';
import type { UncertainRegion } from '../inference/uncertain-regions.ts';
import type { OutputMap, Recipe } from '../recipe/recipe.ts';

/** Numbers about one predicted case. */
export interface Judgement {
  /** Foreground, by class name. */
  readonly volumesMl: Readonly<Record<string, number>>;
  /** Weightiest first; empty when the model gives no probability. */
  readonly uncertainRegions: readonly UncertainRegion[];
  /** Against a reference label map; empty without one. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface PredictedCase extends Judgement {
  readonly stem: string;
  /** File names by map; `labels` first. */
  readonly files: Readonly<Record<string, string>>;
  readonly applied: AppliedPreparation;
}

export interface PredictionOutputs {
  readonly version: 1;
  /** All maps besides the labels, those of the recipe and those that were derived. */
  readonly outputs: readonly OutputMap[];
  readonly classes: Recipe['classes'];
  readonly cases: PredictedCase[];
}
