/**
 * @file Grows vessel trees in a head: smooth random walks that taper, fork by Murray's law and keep clear of each other.
 * Lengths are in voxels of the first axis ("units"), so that an anisotropic grid only changes how the tree is sampled.
 */
import type { Random } from '../../base/random.ts';
import { cross, dot, length, plus, turnTowards, unit, type Vector } from './vector.ts';

export interface Branch {
  readonly id: number;
  /** −1 for the trunk of a tree. */
  readonly parent: number;
  /** Along the centreline, {@link stepUnits} apart. */
  readonly points: Vector[];
  readonly radii: number[];
  readonly pathology: Pathology[];
}

export interface Pathology {
  readonly kind: 'stenosis' | 'aneurysm';
  readonly pointIndex: number;
  /** Of the lumen at its narrowest, or of the sphere. */
  readonly radius: number;
}

export interface TreeOptions {
  /** Box in which the trees grow. */
  readonly size: Vector;
  /** 0 straight, 1 as usual, 2 winding. */
  readonly tortuosity: number;
  /** Chance of a branch to have one. */
  readonly stenosisRate: number;
  readonly aneurysmRate: number;
  /** Vessels thinner than this are not followed. */
  readonly smallestRadius: number;
}

export const stepUnits = 0.7;
const cellUnits = 2;
const maxBranches = 2000;

interface Sprout {
  readonly parent: number;
  readonly point: Vector;
  readonly direction: Vector;
  readonly radius: number;
  /** Points at the start that may touch the parent. */
  readonly grace: number;
}

/** Which branch occupies each cell of a coarse grid; −1 for none. */
class Occupancy {
  private readonly cells: Int16Array;
  private readonly dims: readonly number[];

  constructor(size: Vector) {
    this.dims = size.map((units) => Math.ceil(units / cellUnits) + 1);
    this.cells = new Int16Array(this.dims[0]! * this.dims[1]! * this.dims[2]!).fill(-1);
  }

  private index(point: Vector): number {
    const [x, y, z] = point.map((value, axis) =>
      Math.min(this.dims[axis]! - 1, Math.max(0, Math.round(value / cellUnits))),
    );
    return x! + this.dims[0]! * (y! + this.dims[1]! * z!);
  }

  at(point: Vector): number {
    return this.cells[this.index(point)]!;
  }

  claim(point: Vector, branch: number): void {
    this.cells[this.index(point)] = branch;
  }
}

/** 0 in the middle of the head, 1 at its surface. The head reaches beyond the slab at top and bottom, as in a real slab. */
export function headDepth(point: Vector, size: Vector): number {
  const x = (point[0] - size[0] / 2) / (0.47 * size[0]);
  const y = (point[1] - size[1] / 2) / (0.48 * size[1]);
  const z = (point[2] - size[2] / 2) / (0.85 * size[2]);
  return Math.sqrt(x * x + y * y + z * z);
}

export function growTrees(random: Random, options: TreeOptions): Branch[] {
  const occupancy = new Occupancy(options.size);
  const branches: Branch[] = [];
  // Widest first, so that large vessels have the right of way.
  const queue = trunks(random, options.size);
  while (queue.length > 0 && branches.length < maxBranches) {
    queue.sort((a, b) => b.radius - a.radius);
    const sprout = queue.shift()!;
    const branch: Branch = {
      id: branches.length,
      parent: sprout.parent,
      points: [],
      radii: [],
      pathology: [],
    };
    const direction = growBranch(branch, sprout, { random, options, occupancy });
    if (branch.points.length < 3) continue;
    branches.push(branch);
    addPathology(branch, random, options);
    if (direction !== undefined) queue.push(...fork(branch, direction, random, options.smallestRadius));
  }
  return branches;
}

/** Two carotids and a basilar artery from below, and two or three vessels from the sides. */
function trunks(random: Random, size: Vector): Sprout[] {
  const scale = Math.min(...size) / 96;
  const rooted = (x: number, y: number, direction: Vector): Sprout => ({
    parent: -1,
    point: [x * size[0], y * size[1], 0.5],
    direction: unit(direction),
    radius: random.uniform(1.9, 3.2) * Math.min(1.2, Math.max(0.7, scale)),
    grace: 0,
  });
  const jitter = () => random.uniform(-0.03, 0.03);
  const below = [
    rooted(0.36 + jitter(), 0.58 + jitter(), [0.1, 0, 1]),
    rooted(0.64 + jitter(), 0.58 + jitter(), [-0.1, 0, 1]),
    rooted(0.5 + jitter(), 0.42 + jitter(), [0, 0.15, 1]),
  ];
  const sides = Array.from({ length: 2 + random.integer(2) }, (): Sprout => {
    const angle = random.uniform(0, 2 * Math.PI);
    const point: Vector = [
      size[0] * (0.5 + 0.36 * Math.cos(angle)),
      size[1] * (0.5 + 0.36 * Math.sin(angle)),
      0.5,
    ];
    const inward: Vector = [-0.3 * Math.cos(angle), -0.3 * Math.sin(angle), 1];
    return {
      parent: -1,
      point,
      direction: unit(inward),
      radius: random.uniform(1.3, 2) * Math.min(1.2, Math.max(0.7, scale)),
      grace: 0,
    };
  });
  return [...below, ...sides];
}

interface Growth {
  readonly random: Random;
  readonly options: TreeOptions;
  readonly occupancy: Occupancy;
}

/** Adds points until the branch forks (returns its last direction), leaves the box, meets another or becomes too thin (undefined). */
function growBranch(
  branch: Branch,
  sprout: Sprout,
  { random, options, occupancy }: Growth,
): Vector | undefined {
  const { size, tortuosity, smallestRadius } = options;
  // Small volumes hold a smaller head, not a part of one: branches are shorter there.
  const lengthUnits =
    sprout.radius * random.uniform(8, 25) * Math.min(1, Math.max(0.6, Math.min(...size) / 128));
  // Per voxel of a 96³ volume; in a larger one the same vessel is drawn with more voxels.
  const taper = random.uniform(0.005, 0.01) * Math.min(1, 96 / Math.min(...size));
  const correlation = random.uniform(15, 30);
  let { point, direction, radius } = sprout;
  let bend: Vector = [0, 0, 0];
  for (let grown = 0; grown < lengthUnits; grown += stepUnits) {
    if (radius < smallestRadius || isOutside(point, size, radius)) return undefined;
    branch.points.push(point);
    branch.radii.push(radius);
    occupancy.claim(point, branch.id);
    // Ornstein-Uhlenbeck process on the change of direction.
    const kick: Vector = [random.normal(), random.normal(), random.normal()];
    const share = stepUnits / correlation;
    bend = plus(
      [bend[0] * (1 - share), bend[1] * (1 - share), bend[2] * (1 - share)],
      kick,
      0.028 * tortuosity * Math.sqrt(2 * share),
    );
    const clear = steer(
      branch,
      { point, direction, radius, grace: sprout.grace, parent: sprout.parent },
      occupancy,
      random,
    );
    if (clear === undefined) return undefined;
    direction = unit(plus(plus(plus(clear, bend), kick, 0.03 * tortuosity), homing(point, radius, size)));
    point = plus(point, direction, stepUnits);
    radius *= (1 - taper) ** stepUnits;
  }
  return direction;
}

function isOutside(point: Vector, size: Vector, radius: number): boolean {
  return (
    point.some((value, axis) => value < -radius || value > size[axis]! + radius) ||
    headDepth(point, size) > 0.9
  );
}

/** Thin vessels are drawn outwards and upwards, as cortical branches are; near the skull all turn along it. */
function homing(point: Vector, radius: number, size: Vector): Vector {
  const outward = unit([point[0] - size[0] / 2, point[1] - size[1] / 2, 0.3 * (point[2] - size[2] * 0.3)]);
  const depth = headDepth(point, size);
  const pull = depth > 0.7 ? -0.9 * (depth - 0.7) : 0.02 * Math.max(0, 2.2 - radius);
  return [outward[0] * pull, outward[1] * pull, outward[2] * pull];
}

/** The direction, turned away from other vessels ahead; undefined when there is no way past. */
function steer(
  branch: Branch,
  head: { point: Vector; direction: Vector; radius: number; grace: number; parent: number },
  occupancy: Occupancy,
  random: Random,
): Vector | undefined {
  const isBlocked = (direction: Vector) => {
    const ahead = occupancy.at(plus(head.point, direction, head.radius + 3));
    const isOwn = ahead === branch.id || (ahead === head.parent && branch.points.length < head.grace);
    return ahead !== -1 && !isOwn;
  };
  if (branch.points.length < head.grace || !isBlocked(head.direction)) return head.direction;
  for (let attempt = 1; attempt <= 6; attempt++) {
    const side = sideOf(head.direction, random);
    const turned = turnTowards(head.direction, side, 0.12 * attempt);
    if (!isBlocked(turned)) return turnTowards(head.direction, side, 0.1);
  }
  // Large vessels push on, thin ones end: crossings without contact are rarer than in a head, but they happen.
  return head.radius > 0.7 ? head.direction : undefined;
}

function sideOf(direction: Vector, random: Random): Vector {
  const any: Vector = [random.normal(), random.normal(), random.normal()];
  const side = cross(direction, any);
  return length(side) < 1e-6 ? unit(cross(direction, [1, 0.3, 0.2])) : unit(side);
}

/**
 * Two daughters with r₀³ = r₁³ + r₂³ and r₂/r₁ from a Beta(2, 2) stretched over 0.4 … 1.
 * Angles from Murray 1926: cos θ₁ = (r₀⁴ + r₁⁴ − r₂⁴) / (2 r₀² r₁²), and likewise θ₂.
 */
function fork(branch: Branch, direction: Vector, random: Random, smallestRadius: number): Sprout[] {
  const r0 = branch.radii.at(-1)!;
  // The median of three uniform numbers has the distribution Beta(2, 2).
  const beta = [random.uniform(), random.uniform(), random.uniform()].sort((a, b) => a - b)[1]!;
  const ratio = 0.4 + 0.6 * beta;
  const r1 = r0 / (1 + ratio ** 3) ** (1 / 3);
  const r2 = ratio * r1;
  const angle = (a: number, b: number) =>
    Math.acos(Math.min(1, Math.max(-1, (r0 ** 4 + a ** 4 - b ** 4) / (2 * r0 ** 2 * a ** 2))));
  const side = sideOf(direction, random);
  const opposite: Vector = [-side[0], -side[1], -side[2]];
  const point = branch.points.at(-1)!;
  const grace = Math.ceil((2 * r0 + 4) / stepUnits);
  const daughters = [
    { direction: turnTowards(direction, side, angle(r1, r2)), radius: r1 },
    { direction: turnTowards(direction, opposite, angle(r2, r1)), radius: r2 },
  ];
  return daughters
    .filter(({ radius }) => radius >= smallestRadius)
    .map((daughter) => ({ ...daughter, parent: branch.id, point, grace }));
}

function addPathology(branch: Branch, random: Random, { stenosisRate, aneurysmRate }: TreeOptions): void {
  const middle = Math.floor(branch.points.length * random.uniform(0.35, 0.65));
  const radius = branch.radii[middle]!;
  if (random.chance(stenosisRate) && radius > 1) {
    // A Gaussian dip to between 40 and 70 % of the lumen.
    const depth = random.uniform(0.3, 0.6);
    const widthPoints = (2 * radius) / stepUnits;
    branch.radii.forEach((value, i) => {
      branch.radii[i] = value * (1 - depth * Math.exp(-0.5 * ((i - middle) / widthPoints) ** 2));
    });
    branch.pathology.push({ kind: 'stenosis', pointIndex: middle, radius: branch.radii[middle]! });
  } else if (random.chance(aneurysmRate) && radius > 1) {
    branch.pathology.push({
      kind: 'aneurysm',
      pointIndex: middle,
      radius: radius * random.uniform(1.6, 2.4),
    });
  }
}

/** Angle between two directions, for tests and statistics. */
export function angleBetweenRad(a: Vector, b: Vector): number {
  return Math.acos(Math.min(1, Math.max(-1, dot(unit(a), unit(b)))));
}
