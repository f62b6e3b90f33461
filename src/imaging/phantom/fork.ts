/** @file How a vessel divides: Murray's law for the radii, least work for the angles, open space for the plane. */
import type { Random } from '../../base/random.ts';
import { depthOf, type Head, headDepth } from './head.ts';
import type { Occupancy } from './occupancy.ts';
import type { Route, Sprout } from './trunks.ts';
import { cross, dot, length, plus, times, turnTowards, unit, type Vector } from './vector.ts';

/** The end of a branch that is to divide. */
export interface BranchEnd {
  readonly branch: number;
  readonly point: Vector;
  readonly direction: Vector;
  readonly radius: number;
  readonly route?: Route | undefined;
  /** Grid step, for the length in which daughters may touch their parent. */
  readonly stepUnits: number;
}

export interface Surroundings {
  readonly random: Random;
  readonly head: Head;
  readonly occupancy: Occupancy;
}

/** Radii and angles of the two daughters, the thicker one first. */
export interface Division {
  readonly radii: readonly [number, number];
  readonly anglesRad: readonly [number, number];
}

/**
 * Radii with r₀³ = r₁³ + r₂³ and r₂/r₁ from a Beta(2, 2) stretched over 0.4 … 1.
 * Angles from Murray 1926: cos θ₁ = (r₀⁴ + r₁⁴ − r₂⁴) / (2 r₀² r₁²), and likewise θ₂.
 */
export function divide(r0: number, random: Random): Division {
  // The median of three uniform numbers has the distribution Beta(2, 2).
  const beta = [random.uniform(), random.uniform(), random.uniform()].sort((a, b) => a - b)[1]!;
  const ratio = 0.4 + 0.6 * beta;
  const r1 = r0 / Math.cbrt(1 + ratio ** 3);
  const r2 = ratio * r1;
  const angle = (a: number, b: number) =>
    Math.acos(Math.min(1, Math.max(-1, (r0 ** 4 + a ** 4 - b ** 4) / (2 * r0 ** 2 * a ** 2))));
  return { radii: [r1, r2], anglesRad: [angle(r1, r2), angle(r2, r1)] };
}

/** Two daughters. The thicker one goes on along the route; where that divides, each takes its part. */
export function fork(end: BranchEnd, surroundings: Surroundings): [Sprout, Sprout] {
  const { point, direction, route } = end;
  const division = divide(end.radius, surroundings.random);
  const { radii, anglesRad } = division;
  const ends = route !== undefined && route.via.length === 0;
  const routes = ends ? (route.onward ?? [undefined, undefined]) : [route, undefined];
  const side = chooseSide(end, division, routes[0], surroundings);
  const opposite = times(side, -1);
  const shared = {
    parent: end.branch,
    point,
    grace: Math.ceil((2 * end.radius + 4) / end.stepUnits),
  };
  return [
    {
      ...shared,
      direction: turnTowards(direction, side, anglesRad[0]),
      radius: radii[0],
      route: routes[0],
    },
    {
      ...shared,
      direction: turnTowards(direction, opposite, anglesRad[1]),
      radius: radii[1],
      route: routes[1],
    },
  ];
}

/** The thicker daughter's side: towards its route, else the one of eight random planes that leads both to open space. */
function chooseSide(
  { point, direction, radius }: BranchEnd,
  { anglesRad }: Division,
  route: Route | undefined,
  { random, head, occupancy }: Surroundings,
): Vector {
  const target = route?.via[0];
  if (target !== undefined) {
    const way = plus(target, point, -1);
    const across = plus(way, direction, -dot(way, direction));
    if (length(across) > 1e-3) return unit(across);
  }
  const ahead = 6 + 4 * radius;
  const cost = (heading: Vector) => {
    const place = plus(point, heading, ahead);
    return occupancy.crowding(place) + 200 * Math.max(0, headDepth(head, place) - depthOf.brain + 0.04);
  };
  let best = sideOf(direction, random);
  let bestCost = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 8; attempt++) {
    const side = sideOf(direction, random);
    const opposite = times(side, -1);
    const total =
      cost(turnTowards(direction, side, anglesRad[0])) +
      cost(turnTowards(direction, opposite, anglesRad[1] + 0.3));
    if (total < bestCost) [best, bestCost] = [side, total];
  }
  return best;
}

/** A random unit vector at right angles to `direction`. */
export function sideOf(direction: Vector, random: Random): Vector {
  const any: Vector = [random.normal(), random.normal(), random.normal()];
  const side = cross(direction, any);
  return length(side) < 1e-6 ? unit(cross(direction, [1, 0.3, 0.2])) : unit(side);
}
