/** @file The metrics: small shapes worked by hand, and random pairs against SciPy, scikit-learn and scikit-image. */
import { describe, expect, it } from 'vitest';
import { makeComparison } from '../../src/evaluation/comparison.ts';
import { evaluateMasks, type MetricValues } from '../../src/evaluation/evaluate.ts';
import type { Mask } from '../../src/evaluation/mask.ts';
import { areaUnderCurve } from '../../src/evaluation/metric/auc.ts';
import { gapCount } from '../../src/evaluation/metric/gap-count.ts';
import { surfaceDistances } from '../../src/evaluation/metric/surface-distances.ts';
import { type MetricName, maskMetricNames, metricNames, metrics } from '../../src/evaluation/metrics.ts';
import type { Dims } from '../../src/imaging/volume.ts';
import { draw, fill, randomTubes, readFixture, unpack } from './shapes.ts';

interface Pair {
  readonly dims: Dims;
  readonly spacingMm: Mask['spacingMm'];
  readonly prediction: string;
  readonly reference: string;
  readonly probabilityPercent: readonly number[];
  readonly directedHausdorff: readonly [number, number];
  readonly values: Readonly<Record<string, number>>;
}

const pairs = readFixture<readonly Pair[]>('pairs').map((pair, index) => ({ ...pair, index }));

/** The values of these metrics only, for comparison with what is expected. */
function values(prediction: Mask, reference: Mask, ...names: MetricName[]): MetricValues {
  return evaluateMasks(prediction, reference, { metrics: names });
}

describe('metrics against SciPy, scikit-learn and scikit-image', () => {
  it.each(pairs)('agree on pair $index, $dims', (pair) => {
    const prediction = unpack(pair.prediction, pair.dims, pair.spacingMm);
    const reference = unpack(pair.reference, pair.dims, pair.spacingMm);
    const probability = Float32Array.from(pair.probabilityPercent, (percent) => percent / 100);
    const found = evaluateMasks(prediction, reference, { probability });
    for (const [name, expected] of Object.entries(pair.values))
      expect(found[name as MetricName], name).toBeCloseTo(expected, 5);
    const { fromPrediction, fromReference } = surfaceDistances(prediction, reference);
    expect(fromPrediction.at(-1)).toBeCloseTo(pair.directedHausdorff[0], 4);
    expect(fromReference.at(-1)).toBeCloseTo(pair.directedHausdorff[1], 4);
  });
});

describe('overlap', () => {
  const reference = draw(['####....']);
  const prediction = draw(['..######']);

  it('follows from the counts', () => {
    // TP 2, FP 4, FN 2, TN 0
    expect(evaluateMasks(prediction, reference)).toMatchObject({
      dice: 0.4,
      iou: 0.25,
      sensitivity: 0.5,
      precision: 1 / 3,
      specificity: 0,
      volumetricSimilarity: 0.8,
    });
  });

  it('says ln 2 nats and full agreement for equal halves', () => {
    const half = draw(['####....']);
    const found = values(half, half, 'mutualInformation', 'adjustedRandIndex');
    expect(found.mutualInformation).toBeCloseTo(Math.LN2, 12);
    expect(found.adjustedRandIndex).toBe(1);
  });
});

describe('area under the curve', () => {
  it('counts ties as half', () => {
    const auc = areaUnderCurve(Float32Array.of(0.9, 0.5, 0.5, 0.1), Uint8Array.of(1, 1, 0, 0));
    expect(auc).toBe(3.5 / 4);
    expect(areaUnderCurve(Float32Array.of(0.3, 0.3), Uint8Array.of(1, 0))).toBe(0.5);
  });

  it('does not exist for one class', () => {
    expect(areaUnderCurve(Float32Array.of(0.3, 0.4), Uint8Array.of(1, 1))).toBe(null);
  });
});

describe('surface distances', () => {
  it('are in millimetres along the axis that differs', () => {
    const reference = draw(['#.....'], [0.5, 1, 1]);
    const prediction = draw(['...#..'], [0.5, 1, 1]);
    expect(values(prediction, reference, 'hausdorff95', 'assd', 'balancedAverageHausdorff')).toEqual({
      hausdorff95: 1.5,
      assd: 1.5,
      balancedAverageHausdorff: 1.5,
    });
  });

  it('are measured with the spacing of the reference', () => {
    const reference = draw(['#.....'], [0.5, 1, 1]);
    const prediction = draw(['...#..'], [4, 1, 1]);
    expect(values(prediction, reference, 'assd')).toEqual({ assd: 1.5 });
  });

  it('take the outline of a picture and the outside of the volume as surface', () => {
    const square = fill([5, 5, 1], () => true);
    const dot = fill([5, 5, 1], (x, y) => x === 2 && y === 2);
    // 16 outline voxels: 4 corners at √8, 4 middles at 2, 8 at √5; back from the dot to the outline: 2.
    const outline = 4 * Math.sqrt(8) + 4 * 2 + 8 * Math.sqrt(5);
    expect(values(square, dot, 'assd').assd).toBeCloseTo((outline + 2) / 17, 5);
  });

  it('divide by the reference voxels in the balanced average, both ways', () => {
    // Prediction to reference: 0 + 1 + 2 over 1 reference voxel; back: 0.
    const found = values(draw(['###']), draw(['#..']), 'balancedAverageHausdorff');
    expect(found.balancedAverageHausdorff).toBe(1.5);
  });

  it('are the same for a crop', () => {
    const small = [draw(['.#.. .##.', '.... .#..']), draw(['.... .###', '.... ....'])] as const;
    const grow = (mask: Mask): Mask =>
      fill([20, 16, 9], (x, y, z) => {
        const inside = x >= 5 && x < 9 && y >= 7 && y < 9 && z >= 3 && z < 5;
        return inside && mask.data[x - 5 + 4 * (y - 7 + 2 * (z - 3))] === 1;
      });
    const names: MetricName[] = ['assd', 'hausdorff95', 'balancedAverageHausdorff', 'clDice', 'betti1Error'];
    expect(values(grow(small[0]), grow(small[1]), ...names)).toEqual(values(small[0], small[1], ...names));
  });
});

describe('centreline Dice', () => {
  it('weighs a gap by the line, not by the volume', () => {
    // A line of ten voxels with two missing: Tprec 1, Tsens 0.8.
    const found = values(draw(['####..####']), draw(['##########']), 'clDice', 'skeletonRecall');
    expect(found).toEqual({ skeletonRecall: 0.8, clDice: 1.6 / 1.8 });
  });

  it('is 1 for a thicker prediction round the same line', () => {
    const line = fill([12, 7, 7], (_, y, z) => y === 3 && z === 3);
    const thick = fill([12, 7, 7], (_, y, z) => Math.hypot(y - 3, z - 3) <= 2);
    expect(values(thick, line, 'clDice')).toEqual({ clDice: 1 });
  });
});

describe('continuity', () => {
  const line = draw(['##########'], [2, 1, 1]);
  const broken = draw(['####.#####'], [2, 1, 1]);

  it('sees what breaks a line', () => {
    const names: MetricName[] = [
      'betti0Error',
      'betti1Error',
      'componentCount',
      'componentsPerCm',
      'gapCount',
    ];
    // The reference is 9 steps of 2 mm long.
    expect(values(broken, line, ...names)).toEqual({
      betti0Error: 1,
      betti1Error: 0,
      componentCount: 2,
      componentsPerCm: 2 / 1.8,
      gapCount: 1,
    });
    expect(values(line, line, 'gapCount', 'betti0Error')).toEqual({ gapCount: 0, betti0Error: 0 });
  });

  it('sees a loop that is not there', () => {
    expect(values(draw(['### #.# ###']), draw(['### #.. ###']), 'betti1Error', 'betti0Error')).toEqual({
      betti1Error: 1,
      betti0Error: 0,
    });
  });

  it('counts gaps up to the length given, with a line on both sides', () => {
    const gaps = (prediction: string, longestMm?: number): number =>
      gapCount(makeComparison(draw([prediction], [2, 1, 1]), line), longestMm);
    expect(gaps('####..####')).toBe(1);
    expect(gaps('###...####')).toBe(0);
    expect(gaps('###...####', 6)).toBe(1);
    expect(gaps('..########')).toBe(0);
    expect(gaps('########..')).toBe(0);
    expect(gaps('##.##.##.#')).toBe(3);
    expect(gaps('..........')).toBe(0);
  });

  it('counts a gap between diagonal neighbours, and none where what is left still touches', () => {
    const corner = draw(['##.. ..#. ..#.']);
    expect(gapCount(makeComparison(draw(['#... ..#. ..#.']), corner))).toBe(1);
    // The middle of a T is missed; its three arms touch each other by corners.
    const fork = draw(['##### ..#.. ..#..']);
    const cut = draw(['##.## ..#.. ..#..']);
    expect(gapCount(makeComparison(cut, fork))).toBe(0);
    expect(values(cut, fork, 'betti0Error')).toEqual({ betti0Error: 0 });
  });

  it('finds recall by radius', () => {
    // Beside each other: a line one voxel wide (radius 1) and one five wide (radius 3), each 15 long.
    const reference = fill([15, 12, 9], (_, y, z) => (y === 1 && z === 4) || Math.hypot(y - 7, z - 4) <= 2.3);
    const prediction = fill([15, 12, 9], (x, y, z) => (y === 1 && z === 4 && x < 9) || (y === 7 && z === 4));
    const expected = { recallThin: 9 / 15, recallMedium: null, recallThick: 1 };
    const names: MetricName[] = ['recallThin', 'recallMedium', 'recallThick'];
    expect(values(prediction, reference, ...names)).toEqual(expected);
    // In voxels, whatever their size.
    const fine: Mask = { ...reference, spacingMm: [0.3, 0.3, 0.6] };
    expect(values(prediction, fine, ...names)).toEqual(expected);
  });
});

describe('empty masks', () => {
  const empty = fill([4, 4, 4], () => false);
  const full = fill([4, 4, 4], () => true);
  const dot = fill([4, 4, 4], (x, y, z) => x + y + z === 0);

  it('agree when both are empty', () => {
    expect(evaluateMasks(empty, empty)).toEqual({
      dice: 1,
      iou: 1,
      sensitivity: null,
      precision: null,
      specificity: 1,
      volumetricSimilarity: 1,
      mutualInformation: 0,
      adjustedRandIndex: 1,
      hausdorff95: 0,
      assd: 0,
      balancedAverageHausdorff: 0,
      clDice: 1,
      skeletonRecall: null,
      skeletonPrecision: null,
      betti0Error: 0,
      betti1Error: 0,
      betti2Error: 0,
      componentCount: 0,
      componentsPerCm: null,
      gapCount: 0,
      recallThin: null,
      recallMedium: null,
      recallThick: null,
    });
  });

  it('have no distance to something, and no overlap with it', () => {
    const names: MetricName[] = ['dice', 'clDice', 'hausdorff95', 'precision', 'sensitivity'];
    expect(values(empty, dot, ...names)).toEqual({
      dice: 0,
      clDice: 0,
      hausdorff95: null,
      precision: null,
      sensitivity: 0,
    });
    expect(values(dot, empty, ...names)).toEqual({
      dice: 0,
      clDice: 0,
      hausdorff95: null,
      precision: 0,
      sensitivity: null,
    });
  });

  it('give numbers or null for every metric, whatever is empty or full', () => {
    for (const prediction of [empty, dot, full]) {
      for (const reference of [empty, dot, full]) {
        const probability = Float32Array.from(prediction.data);
        const found = evaluateMasks(prediction, reference, { probability });
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }
    }
  });
});

describe('the table', () => {
  it('lists every metric with what it needs', () => {
    expect(metricNames).toEqual(Object.keys(metrics));
    expect(metricNames.filter((name) => metrics[name].needs === 'mask')).toEqual(maskMetricNames);
  });

  it('states ranges that hold, with the best value at equality', () => {
    for (let seed = 0; seed < 6; seed++) {
      const reference = randomTubes(seed);
      const { dims } = reference;
      const other = fill(dims, (x, y, z) => reference.data[x + 1 + dims[0] * (y + dims[1] * z)] === 1);
      const found = evaluateMasks(other, reference, { probability: Float32Array.from(other.data) });
      const atBest = evaluateMasks(reference, reference, { probability: Float32Array.from(reference.data) });
      for (const name of metricNames) {
        const { range, better } = metrics[name];
        const value = found[name] ?? null;
        if (value === null) continue;
        expect(value, name).toBeGreaterThanOrEqual(range[0]);
        expect(value, name).toBeLessThanOrEqual(range[1] ?? Number.POSITIVE_INFINITY);
        // How many parts there are is no matter of agreement.
        if (name === 'componentCount' || name === 'componentsPerCm') continue;
        const gain = (atBest[name]! - value) * (better === 'higher' ? 1 : -1);
        expect(gain, name).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
