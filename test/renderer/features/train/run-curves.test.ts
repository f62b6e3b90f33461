/** @file Which curves are drawn of which runs. */
import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../../src/contract/ids.ts';
import {
  lossCurves,
  metricCurves,
  metricNames,
  quantityLabel,
  type RunWithCurves,
  shareRange,
} from '../../../../src/renderer/features/train/run-curves.ts';

const shown = (id: string, colour: number, epochs: Record<string, (number | null)[]>): RunWithCurves => ({
  run: { id: id as RunId, name: id, totalSteps: 100, epochs: 10 },
  colour,
  curves: {
    steps: { x: [1, 2, 3, 4, 5, 6], series: { loss: [6, 5, 4, 3, 2, 1] } },
    epochs: { x: [1, 2], series: epochs },
    pictureEpochs: [],
  },
});
const one = shown('one', 0, { trainLoss: [5, 3], loss: [null, 4], clDice: [null, 0.4], dice: [null, 0.5] });
const other = shown('other', 1, { loss: [4, 4], hausdorff95: [12, 9], dice: [0.2, 0.3] });

describe('loss curves', () => {
  it('of one run are the raw one, faint and not listed, the smoothed one, and validation', () => {
    const curves = lossCurves([one], 2);
    expect(curves.map(({ label, isFaint }) => [label, isFaint === true])).toEqual([
      [undefined, true],
      ['Training', false],
      ['Validation', false],
    ]);
    expect(curves[0]!.y).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('put validation at the step at which its epoch ended', () => {
    expect(lossCurves([one], 0).at(-1)).toMatchObject({ x: [10, 20], y: [null, 4] });
  });

  it('of several runs keep one colour a run and say whose they are', () => {
    const curves = lossCurves([one, other], 2);
    expect(curves.map(({ group, label, colour }) => [group, label, colour])).toEqual([
      ['one', 'Training', 0],
      ['one', 'Validation', 0],
      ['other', 'Training', 1],
      ['other', 'Validation', 1],
    ]);
    const ofOther = curves.filter(({ colour }) => colour === 1);
    expect(new Set(ofOther.map(({ dash }) => dash ?? 0)).size).toBe(2);
  });
});

describe('metrics', () => {
  it('are all but the losses, overlap first', () => {
    expect(metricNames([one, other])).toEqual(['dice', 'clDice', 'hausdorff95']);
  });

  it('have a colour each in one run, and a colour a run in several', () => {
    expect(metricCurves([one], ['dice', 'clDice']).map(({ colour }) => colour)).toEqual([0, 1]);
    expect(metricCurves([one, other], ['dice']).map(({ colour, group }) => [colour, group])).toEqual([
      [0, 'one'],
      [1, 'other'],
    ]);
  });

  it('run from 0 to 1 only where all are shares', () => {
    expect(shareRange(metricCurves([one], ['dice']))).toEqual([0, 1]);
    expect(shareRange(metricCurves([other], ['dice', 'hausdorff95']))).toBeUndefined();
  });

  it('have names that people read', () => {
    expect(['dice', 'skeletonRecall', 'sensitivity', 'betti0Error'].map(quantityLabel)).toEqual([
      'Dice',
      'Skeleton recall',
      'Sensitivity',
      'Betti 0 error',
    ]);
  });
});
