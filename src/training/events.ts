/** @file What training reports while it runs. The same events, without times, are the lines of the log. */

/** Numbers by name; null where a number does not exist (a metric of an empty label). */
export type Values = Readonly<Record<string, number | null>>;

export type TrainingEvent =
  | {
      readonly type: 'started';
      readonly step: number;
      readonly totalSteps: number;
      readonly trainingSubjects: number;
      readonly validationSubjects: number;
    }
  /** Reading and preparing volumes before the first step. */
  | { readonly type: 'loading'; readonly done: number; readonly total: number }
  | {
      readonly type: 'step';
      /** Updates done. */
      readonly step: number;
      readonly totalSteps: number;
      /** From 1. */
      readonly epoch: number;
      readonly learningRate: number;
      /** `loss`, `gradientNorm` and whatever the training graph gives out. */
      readonly values: Values;
      readonly stepsPerS: number;
      readonly patchesPerS: number;
      /** Estimate for the remaining steps; validation is not in it. */
      readonly secondsLeft: number;
    }
  /** Validation under way: subjects done. */
  | { readonly type: 'validating'; readonly epoch: number; readonly done: number; readonly total: number }
  | {
      readonly type: 'epoch';
      readonly step: number;
      readonly epoch: number;
      readonly epochs: number;
      /** `trainLoss`, and after a validation `loss` and the recipe's metrics. */
      readonly values: Values;
      readonly isBest: boolean;
    }
  | { readonly type: 'checkpoint'; readonly step: number }
  | { readonly type: 'notice'; readonly text: string };

export type ReportTraining = (event: TrainingEvent) => void;
