/** @file The table of all metrics: command line, training loop and documentation read these rows. */
import type { Comparison } from './comparison.ts';
import { adjustedRandIndex } from './metric/adjusted-rand-index.ts';
import { areaUnderCurve } from './metric/auc.ts';
import { clDice, skeletonPrecision, skeletonRecall } from './metric/cl-dice.ts';
import {
  dice,
  intersectionOverUnion,
  precision,
  sensitivity,
  specificity,
  volumetricSimilarity,
} from './metric/confusion.ts';
import {
  bettiError,
  componentCount,
  componentsPerCm,
  type RadiusBin,
  recallByRadius,
} from './metric/continuity.ts';
import { gapCount } from './metric/gap-count.ts';
import { mutualInformation } from './metric/mutual-information.ts';
import {
  averageSurfaceDistance,
  balancedAverageHausdorff,
  hausdorff95,
  type SurfaceDistances,
} from './metric/surface-distances.ts';

export interface Metric {
  /** For people. */
  readonly label: string;
  /** Empty for ratios. */
  readonly unit: '' | 'mm' | 'nats' | 'count' | '1/cm';
  /** Least and largest value; null where there is no bound. */
  readonly range: readonly [number, number | null];
  readonly better: 'higher' | 'lower';
  /** What it is computed from, besides the reference mask. */
  readonly needs: 'mask' | 'probability';
  /** Null where the value does not exist; each function says when. */
  readonly compute: (comparison: Comparison) => number | null;
}

type Row = Omit<Metric, 'needs'>;

const ratio = { unit: '', range: [0, 1], better: 'higher' } as const;
const count = { unit: 'count', range: [0, null], better: 'lower' } as const;
const distance = { unit: 'mm', range: [0, null], better: 'lower' } as const;

/** Two empty masks are 0 mm apart; with one empty there is no distance. */
function ofSurfaces(compute: (distances: SurfaceDistances) => number): Metric['compute'] {
  return (comparison) => {
    const distances = comparison.surfaces();
    if (distances !== undefined) return compute(distances);
    return comparison.prediction.isEmpty && comparison.reference.isEmpty ? 0 : null;
  };
}

const ofRadius =
  (bin: RadiusBin): Metric['compute'] =>
  (comparison) =>
    recallByRadius(comparison, bin);

const fromMask = {
  dice: { label: 'Dice', ...ratio, compute: ({ confusion }) => dice(confusion()) },
  iou: {
    label: 'Intersection over union',
    ...ratio,
    compute: ({ confusion }) => intersectionOverUnion(confusion()),
  },
  sensitivity: { label: 'Sensitivity', ...ratio, compute: ({ confusion }) => sensitivity(confusion()) },
  precision: { label: 'Precision', ...ratio, compute: ({ confusion }) => precision(confusion()) },
  specificity: { label: 'Specificity', ...ratio, compute: ({ confusion }) => specificity(confusion()) },
  volumetricSimilarity: {
    label: 'Volumetric similarity',
    ...ratio,
    compute: ({ confusion }) => volumetricSimilarity(confusion()),
  },
  mutualInformation: {
    label: 'Mutual information',
    unit: 'nats',
    range: [0, Math.LN2],
    better: 'higher',
    compute: ({ confusion }) => mutualInformation(confusion()),
  },
  adjustedRandIndex: {
    label: 'Adjusted Rand index',
    ...ratio,
    range: [-0.5, 1],
    compute: ({ confusion }) => adjustedRandIndex(confusion()),
  },
  hausdorff95: { label: 'Hausdorff distance, 95 %', ...distance, compute: ofSurfaces(hausdorff95) },
  assd: {
    label: 'Average symmetric surface distance',
    ...distance,
    compute: ofSurfaces(averageSurfaceDistance),
  },
  balancedAverageHausdorff: {
    label: 'Balanced average Hausdorff distance',
    ...distance,
    compute: ofSurfaces(balancedAverageHausdorff),
  },
  clDice: { label: 'Centreline Dice', ...ratio, compute: clDice },
  skeletonRecall: { label: 'Skeleton recall', ...ratio, compute: skeletonRecall },
  skeletonPrecision: { label: 'Skeleton precision', ...ratio, compute: skeletonPrecision },
  betti0Error: {
    label: 'Betti-0 error (parts)',
    ...count,
    compute: (comparison) => bettiError(comparison, 'b0'),
  },
  betti1Error: {
    label: 'Betti-1 error (loops)',
    ...count,
    compute: (comparison) => bettiError(comparison, 'b1'),
  },
  betti2Error: {
    label: 'Betti-2 error (cavities)',
    ...count,
    compute: (comparison) => bettiError(comparison, 'b2'),
  },
  componentCount: { label: 'Parts', ...count, compute: componentCount },
  componentsPerCm: { label: 'Parts per cm of vessel', ...count, unit: '1/cm', compute: componentsPerCm },
  gapCount: { label: 'Gaps up to 5 mm', ...count, compute: (comparison) => gapCount(comparison) },
  recallThin: {
    label: 'Recall, radius up to 1 voxel',
    ...ratio,
    compute: ofRadius({ over: 0, upTo: 1 }),
  },
  recallMedium: {
    label: 'Recall, radius 1 to 2 voxels',
    ...ratio,
    compute: ofRadius({ over: 1, upTo: 2 }),
  },
  recallThick: {
    label: 'Recall, radius over 2 voxels',
    ...ratio,
    compute: ofRadius({ over: 2, upTo: Number.POSITIVE_INFINITY }),
  },
} as const satisfies Readonly<Record<string, Row>>;

const fromProbability = {
  auc: {
    label: 'Area under the ROC curve',
    ...ratio,
    compute: ({ probability }) =>
      probability === undefined ? null : areaUnderCurve(probability.values, probability.reference),
  },
} as const satisfies Readonly<Record<string, Row>>;

export type MaskMetricName = keyof typeof fromMask;
export type MetricName = MaskMetricName | keyof typeof fromProbability;

/** Names of all metrics that need no more than two masks, in the order in which they are shown. */
export const maskMetricNames = Object.keys(fromMask) as readonly MaskMetricName[];

export const metricNames = [...maskMetricNames, ...Object.keys(fromProbability)] as readonly MetricName[];

export const metrics: Readonly<Record<MetricName, Metric>> = {
  ...withNeeds(fromMask, 'mask'),
  ...withNeeds(fromProbability, 'probability'),
};

function withNeeds<Name extends string>(
  rows: Readonly<Record<Name, Row>>,
  needs: Metric['needs'],
): Readonly<Record<Name, Metric>> {
  const entries = Object.entries<Row>(rows).map(([name, row]) => [name, { ...row, needs }]);
  return Object.fromEntries(entries) as Readonly<Record<Name, Metric>>;
}

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
