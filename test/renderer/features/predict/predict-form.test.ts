/** @file Tests of the form of prediction. */
import { describe, expect, it } from 'vitest';
import type { LibrarySubject } from '../../../../src/contract/library.ts';
import {
  acquaintance,
  firstChoice,
  imagesOf,
  predictRows,
  runScore,
} from '../../../../src/renderer/features/predict/predict-form.ts';

function subject(name: string, hasLabels: boolean): LibrarySubject {
  const facts = { dims: [1, 1, 1], spacingMm: [1, 1, 1], orientation: 'RAS', timePoints: 1, sizeBytes: 1 };
  const image = { ...facts, id: `${name}/T1`, name: 'T1', labels: hasLabels ? [{ rater: 'a' }] : [] };
  return { name, images: [image] } as unknown as LibrarySubject;
}

const rows = predictRows([subject('a', true), subject('b', true), subject('c', false)]);
const run = { trainingSubjects: ['a'], validationSubjects: ['b'] };

describe('images to predict', () => {
  it('are meant by a word', () => {
    expect(imagesOf('all', rows, run)).toEqual(['a/T1', 'b/T1', 'c/T1']);
    expect(imagesOf('unlabelled', rows, run)).toEqual(['c/T1']);
    expect(imagesOf('unseen', rows, run)).toEqual(['b/T1', 'c/T1']);
  });

  it('are at first those that the run has not learnt from, or all when it has learnt from every one', () => {
    expect(firstChoice(rows, run)).toEqual(['b/T1', 'c/T1']);
    expect(firstChoice(rows, { trainingSubjects: ['a', 'b', 'c'] })).toHaveLength(3);
    expect(firstChoice(rows, undefined)).toHaveLength(3);
  });

  it('say how the model knows them', () => {
    expect(['a', 'b', 'c'].map((name) => acquaintance(name, run))).toEqual([
      'learnt from',
      'validated with',
      undefined,
    ]);
  });
});

describe('the score of a run', () => {
  it('is the Dice of the weights that predict', () => {
    expect(runScore({ metrics: { loss: 1, dice: 0.5 }, bestMetrics: { dice: 0.7 } })).toEqual({
      name: 'dice',
      value: 0.7,
    });
  });

  it('is never a loss, and nothing when there is no Dice', () => {
    expect(runScore({ metrics: { diceLoss: 0.3, dice: null }, bestMetrics: {} })).toBeNull();
  });
});
