/** @file The planes of the patient that the viewer shows, and the letters at their borders. World is LPS+ here, as Cornerstone has it. */
import type { Point } from '../../imaging/geometry/affine.ts';

export type Plane = 'axial' | 'sagittal' | 'coronal';

export const planes: readonly Plane[] = ['axial', 'sagittal', 'coronal'];

/** Where the screen's right and bottom point to in the patient, and where one looks. Radiological: as if from the feet, from the left, from the front. */
export interface View {
  readonly right: Point;
  readonly down: Point;
}

export const views: Readonly<Record<Plane, View>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
};

export interface SideLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/** Parts of a direction smaller than this (its cosine) are not named: below about 6° nobody calls a plane oblique. */
const smallest = 0.1;

/** Where a direction points to, the largest part first: `A`, or `AL` when it is oblique. */
export function directionLetters(direction: Point): string {
  const length = Math.hypot(...direction);
  if (length === 0) return '';
  return direction
    .map((part, axis) => ({ part: part / length, letter: letters[axis]![part > 0 ? 0 : 1] }))
    .filter(({ part }) => Math.abs(part) > smallest)
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ letter }) => letter)
    .join('');
}

/** Letters at the four sides of a picture whose right and lower sides point there. */
export function sideLetters({ right, down }: View): SideLetters {
  const opposite = ([x, y, z]: Point): Point => [-x, -y, -z];
  return {
    left: directionLetters(opposite(right)),
    right: directionLetters(right),
    top: directionLetters(opposite(down)),
    bottom: directionLetters(down),
  };
}
