/** @file Sizes that keys step through: of the brush and of the slab. */

/** Of the slab in millimetres; 0 shows single slices, the thickest holds the whole head in most scans. */
export const slabStepsMm: readonly number[] = [0, 3, 5, 10, 15, 20, 30, 50, 75, 100];

/** Diameters of the brush in millimetres. */
export const brushStepsMm: readonly number[] = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50];

/** The next larger (+1) or smaller (-1) of the steps, which grow; the last one beyond the ends. */
export function nextStep(steps: readonly number[], value: number, direction: 1 | -1): number {
  if (direction === 1) return steps.find((step) => step > value) ?? steps.at(-1)!;
  return steps.findLast((step) => step < value) ?? steps[0]!;
}
