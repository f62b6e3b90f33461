/** @file The head that holds the vessels: an egg whose top and bottom reach beyond the slab, as in a scan of the brain's base. */
import type { Random } from '../../base/random.ts';
import type { Vector } from './vector.ts';
import { unit } from './vector.ts';

/** Lengths in units (voxels of the first axis). */
export interface Head {
  /** Of the whole volume. */
  readonly size: Vector;
  readonly centre: Vector;
  readonly semiAxes: Vector;
}

/** Depths at which one tissue ends and the next begins: 0 is the middle of the head, 1 its surface. */
export const depthOf = { brain: 0.87, fluid: 0.9, skull: 0.955, skin: 1 } as const;

export function makeHead(random: Random, size: Vector): Head {
  return {
    size,
    centre: [0.5 * size[0], 0.5 * size[1], 0.34 * size[2]],
    semiAxes: [
      random.uniform(0.405, 0.435) * size[0],
      random.uniform(0.46, 0.485) * size[1],
      random.uniform(1.05, 1.2) * size[2],
    ],
  };
}

/** 0 in the middle of the head, 1 at its surface. */
export function headDepth({ centre, semiAxes }: Head, point: Vector): number {
  const x = (point[0] - centre[0]) / semiAxes[0];
  const y = (point[1] - centre[1]) / semiAxes[1];
  const z = (point[2] - centre[2]) / semiAxes[2];
  return Math.sqrt(x * x + y * y + z * z);
}

/** Unit normal of the shell of equal depth through a point. */
export function outward({ centre, semiAxes }: Head, point: Vector): Vector {
  return unit([
    (point[0] - centre[0]) / semiAxes[0] ** 2,
    (point[1] - centre[1]) / semiAxes[1] ** 2,
    (point[2] - centre[2]) / semiAxes[2] ** 2,
  ]);
}
