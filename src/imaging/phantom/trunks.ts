/** @file Where the trees enter and which way the great arteries take: two carotids, the basilar artery, and some outer ones. */
import type { Random } from '../../base/random.ts';
import { type Head, headDepth, outward } from './head.ts';
import { plus, unit, type Vector } from './vector.ts';

/** Places to pass, then, after a fork, the routes of the thicker and the thinner daughter. */
export interface Route {
  readonly via: readonly Vector[];
  readonly onward?: readonly [Route, Route] | undefined;
}

/** A vessel about to grow. */
export interface Sprout {
  /** −1 for the trunk of a tree. */
  readonly parent: number;
  readonly point: Vector;
  readonly direction: Vector;
  readonly radius: number;
  /** Points at the start that may touch other vessels: it starts inside its parent. */
  readonly grace: number;
  readonly route?: Route | undefined;
}

/** Places as shares of the volume: x from left to right, y from back to front, z from foot to head. */
const carotid = [
  [0.385, 0.5, 0.13],
  [0.375, 0.6, 0.2],
  [0.395, 0.645, 0.27],
  [0.4, 0.575, 0.33],
] as const;
const middleCerebral = [
  [0.3, 0.565, 0.37],
  [0.21, 0.54, 0.41],
  [0.19, 0.45, 0.53],
] as const;
const anteriorCerebral = [
  [0.475, 0.645, 0.37],
  [0.485, 0.76, 0.46],
  [0.485, 0.78, 0.6],
  [0.485, 0.66, 0.75],
] as const;
const basilar = [
  [0.5, 0.41, 0.15],
  [0.5, 0.43, 0.3],
] as const;
const posteriorCerebral = [
  [0.4, 0.43, 0.34],
  [0.34, 0.33, 0.37],
  [0.4, 0.2, 0.42],
  [0.41, 0.16, 0.58],
] as const;

type Places = readonly (readonly [number, number, number])[];

/** Three inner trees and one to three outer ones, all from below; radii 1.8 to 3.5 where the volume has room. */
export function trunks(random: Random, head: Head): Sprout[] {
  const { size } = head;
  const scale = Math.min(1.2, Math.max(0.75, Math.min(...size) / 96));
  const jitter = () => random.uniform(-0.025, 0.025);
  const places = (list: Places, isMirrored: boolean): Vector[] =>
    list.map(([x, y, z]) => [
      ((isMirrored ? 1 - x : x) + jitter()) * size[0],
      (y + jitter()) * size[1],
      (z + jitter()) * size[2],
    ]);
  const enter = (x: number, y: number, route: Route, radius: number): Sprout => {
    const point: Vector = [x * size[0], y * size[1], -0.5];
    const direction = unit(plus(route.via[0]!, point, -1));
    return { parent: -1, point, direction, radius: Math.min(3.5, radius * scale), grace: 0, route };
  };
  const carotids = [false, true].map((isMirrored) => {
    const route: Route = {
      via: places(carotid, isMirrored),
      onward: [{ via: places(middleCerebral, isMirrored) }, { via: places(anteriorCerebral, isMirrored) }],
    };
    const x = 0.345 + jitter();
    return enter(isMirrored ? 1 - x : x, 0.47 + jitter(), route, random.uniform(2.7, 3.2));
  });
  const isLeftThicker = random.chance(0.5);
  const basilarRoute: Route = {
    via: places(basilar, false),
    onward: [
      { via: places(posteriorCerebral, !isLeftThicker) },
      { via: places(posteriorCerebral, isLeftThicker) },
    ],
  };
  const middle = enter(0.5 + 2 * jitter(), 0.36 + jitter(), basilarRoute, random.uniform(2.3, 2.8));
  const outer = Array.from({ length: 1 + random.integer(3) }, (_, i) => outerTrunk(random, head, i, scale));
  return [...carotids, middle, ...outer];
}

/** Enters at the edge of the brain and runs up along it, by turns on the left and on the right. */
function outerTrunk(random: Random, head: Head, index: number, scale: number): Sprout {
  const angle = random.uniform(-0.9, 0.9) + (index % 2 === 0 ? Math.PI : 0);
  const { centre, semiAxes } = head;
  const towards: Vector = [Math.cos(angle) * semiAxes[0], Math.sin(angle) * semiAxes[1], 0];
  const bottom: Vector = [centre[0], centre[1], -0.5];
  let share = 0.8;
  while (headDepth(head, plus(bottom, towards, share)) > 0.8) share -= 0.02;
  const point = plus(bottom, towards, share);
  const inward = outward(head, point);
  const direction = unit([-0.3 * inward[0], -0.3 * inward[1], 1]);
  return { parent: -1, point, direction, radius: random.uniform(1.8, 2.2) * scale, grace: 0 };
}
