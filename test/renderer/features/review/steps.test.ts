/** @file Tests of the sizes that keys step through. */
import { describe, expect, it } from 'vitest';
import { brushStepsMm, nextStep, slabStepsMm } from '../../../../src/renderer/features/review/steps.ts';

describe('stepping through sizes', () => {
  it.each([
    [5, 1, 7],
    [5, -1, 4],
    [5.5, 1, 7],
    [5.5, -1, 5],
    [50, 1, 50],
    [1, -1, 1],
  ] as const)('from a brush of %d mm by %d', (from, direction, expected) => {
    expect(nextStep(brushStepsMm, from, direction)).toBe(expected);
  });

  it('turns the slab off at its lower end', () => {
    expect(nextStep(slabStepsMm, 3, -1)).toBe(0);
    expect(nextStep(slabStepsMm, 0, -1)).toBe(0);
  });
});
