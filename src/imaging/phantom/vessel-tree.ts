/**
 * @file Grows vessel trees in a head: smooth random walks that taper, fork by Murray's law and keep clear of each other.
 * Lengths are in voxels of the first axis ("units"), so that an anisotropic grid only changes how the tree is sampled.
 */
import type { Random } from '../../base/random.ts';
import { fork, sideOf } from './fork.ts';
import { depthOf, type Head, headDepth, outward } from './head.ts';
import { Occupancy } from './occupancy.ts';
import { addPathology, type Pathology } from './pathology.ts';
import { type Route, type Sprout, trunks } from './trunks.ts';
import { dot, length, plus, times, turnTowards, unit, type Vector } from './vector.ts';

export interface Branch {
  readonly id: number;
  /** −1 for the trunk of a tree. */
  readonly parent: number;
  /** Along the centreline, {@link stepUnits} apart. */
  readonly points: Vector[];
  readonly radii: number[];
  readonly pathology: Pathology[];
}

export interface TreeOptions {
  readonly head: Head;
  /** 0 straight, 1 as usual, 2 winding. */
  readonly tortuosity: number;
  /** Chance of a branch to have one. */
  readonly stenosisRate: number;
  readonly aneurysmRate: number;
  /** Vessels thinner than this are not followed. */
  readonly smallestRadius: number;
}

export const stepUnits = 0.7;
const maxBranches = 4000;
const upward: Vector = [0, 0, 1];

interface Growth {
  readonly random: Random;
  readonly options: TreeOptions;
  readonly occupancy: Occupancy;
}

/** The tip of a growing branch. */
interface Tip {
  point: Vector;
  direction: Vector;
  radius: number;
  bend: Vector;
  /** Places of the route still to pass. */
  via: readonly Vector[];
}

export function growTrees(random: Random, options: TreeOptions): Branch[] {
  const growth: Growth = { random, options, occupancy: new Occupancy(options.head.size) };
  const branches: Branch[] = [];
  const queue = trunks(random, options.head);
  while (queue.length > 0 && branches.length < maxBranches) {
    // Widest first, so that large vessels have the right of way.
    queue.sort((a, b) => b.radius - a.radius);
    const sprout = queue.shift()!;
    const branch: Branch = {
      id: branches.length,
      parent: sprout.parent,
      points: [],
      radii: [],
      pathology: [],
    };
    const end = growBranch(branch, sprout, growth);
    if (branch.points.length < 3) continue;
    branches.push(branch);
    addPathology(branch, random, options);
    if (end === undefined) continue;
    const point = branch.points.at(-1)!;
    const daughters = fork(
      { ...end, branch: branch.id, point, radius: branch.radii.at(-1)!, stepUnits },
      { random, head: options.head, occupancy: growth.occupancy },
    );
    queue.push(...daughters.filter(({ radius }) => radius >= options.smallestRadius));
  }
  return branches;
}

/** Adds points until the branch forks (its heading and the rest of its route), or ends: outside, hemmed in or too thin (undefined). */
function growBranch(
  branch: Branch,
  sprout: Sprout,
  growth: Growth,
): { direction: Vector; route: Route | undefined } | undefined {
  const { random, options, occupancy } = growth;
  // 8 to 25 radii, short lengths more often: long ones would leave the head before they divide.
  const lengthUnits = sprout.radius * (8 + 17 * random.uniform() ** 3);
  const longestUnits = 25 * sprout.radius;
  // Per voxel of a 96³ volume; in a larger one the same vessel is drawn with more voxels.
  const taper = random.uniform(0.005, 0.01) * Math.min(1, 96 / Math.min(...options.head.size));
  const shrink = (1 - taper) ** stepUnits;
  const correlation = random.uniform(15, 30);
  const { point, direction, radius, route } = sprout;
  const tip: Tip = { point, direction, radius, bend: [0, 0, 0], via: route?.via ?? [] };
  for (let grown = 0; ; grown += stepUnits) {
    if (tip.radius < options.smallestRadius || isOutside(tip, options.head)) return undefined;
    branch.points.push(tip.point);
    branch.radii.push(tip.radius);
    occupancy.claim(tip.point, tip.radius, branch.id);
    const isRouteDone = route !== undefined && tip.via.length === 0;
    const isLongEnough = grown >= lengthUnits || (isRouteDone && grown >= 8 * sprout.radius);
    if (isLongEnough || grown >= longestUnits)
      return { direction: tip.direction, route: route && { via: tip.via, onward: route.onward } };
    if (!advance(tip, { branch, sprout, correlation }, growth)) return undefined;
    tip.radius *= shrink;
  }
}

/** Moves the tip one step; false when other vessels leave no way. */
function advance(
  tip: Tip,
  { branch, sprout, correlation }: { branch: Branch; sprout: Sprout; correlation: number },
  growth: Growth,
): boolean {
  const { random, options } = growth;
  // Ornstein-Uhlenbeck process on the change of direction.
  const share = stepUnits / correlation;
  const kick: Vector = [random.normal(), random.normal(), random.normal()];
  const spread = 0.055 * options.tortuosity * Math.sqrt(2 * share);
  tip.bend = plus(times(tip.bend, 1 - share), kick, spread);
  const clear = steer(tip, branch, sprout, growth);
  if (clear === undefined) return false;
  const drift = plus(tip.bend, pull(tip, growth));
  tip.direction = unit(plus(plus(clear, drift), kick, 0.012 * options.tortuosity));
  tip.point = plus(tip.point, tip.direction, stepUnits);
  return true;
}

function isOutside({ point, radius }: Tip, head: Head): boolean {
  return (
    point.some((value, axis) => value < -radius - 1 || value > head.size[axis]! + radius) ||
    headDepth(head, point) > depthOf.fluid - 0.01
  );
}

/** Great arteries follow their route; others seek open space, thin ones the brain's surface, and all turn along the skull. */
function pull(tip: Tip, { options: { head }, occupancy }: Growth): Vector {
  const { point, direction } = tip;
  while (tip.via.length > 0) {
    const way = plus(tip.via[0]!, point, -1);
    const distance = length(way);
    const isPassed = distance < 0.035 * head.size[0] || (distance < 10 && dot(way, direction) < 0);
    if (!isPassed) return times(way, 0.15 / distance);
    tip.via = tip.via.slice(1);
  }
  const out = outward(head, point);
  const depth = headDepth(head, point);
  const open = plus(times(occupancy.openDirection(point), 0.06), upward, tip.radius < 1.6 ? 0.02 : 0);
  if (depth < 0.68) return plus(open, out, tip.radius < 1.6 ? 0.03 : 0);
  const along = Math.max(0, dot(direction, out) + 0.15);
  return plus(open, out, -along * Math.min(1, 4 * (depth - 0.68)));
}

/** The direction, turned away from other vessels ahead; undefined when there is no way past. */
function steer(tip: Tip, branch: Branch, sprout: Sprout, { occupancy, random }: Growth): Vector | undefined {
  const { point, direction, radius } = tip;
  if (branch.points.length < sprout.grace) return direction;
  const isBlocked = (heading: Vector) => {
    const ahead = occupancy.at(plus(point, heading, radius + 3));
    return ahead !== -1 && ahead !== branch.id;
  };
  if (!isBlocked(direction)) return direction;
  for (let attempt = 1; attempt <= 10; attempt++) {
    const side = sideOf(direction, random);
    if (!isBlocked(turnTowards(direction, side, 0.3 + 0.08 * attempt)))
      return turnTowards(direction, side, 0.2);
  }
  // Large vessels push on, thin ones end: crossings without contact are rarer than in a head, but they happen.
  return radius > 0.6 ? direction : undefined;
}
