/** @file Raters who err in their own way: where they draw the border, how thin a vessel they still see, what they miss and spill. */
import { Random } from '../../base/random.ts';
import type { Dims } from '../volume.ts';
import type { RasterisedVessels } from './rasterise.ts';
import type { Vector } from './vector.ts';
import type { Branch } from './vessel-tree.ts';

/** The habits of one rater; the same for every volume. */
export interface RaterProfile {
  readonly id: string;
  /** Share of a voxel that must be vessel: low draws generously, high meanly. */
  readonly threshold: number;
  /** Thinner vessels are not seen, in units. */
  readonly smallestRadius: number;
  /** Chance to miss a whole thin branch. */
  readonly missChance: number;
  /** Chance of a gap in a thin branch. */
  readonly gapChance: number;
  /** Chance to spill over at a fork. */
  readonly leakChance: number;
}

/** Radius up to which a branch counts as thin, in units. */
const thinRadius = 1.1;

/** Profiles by number, from 1; the first is the most careful. */
export function raterProfile(number: number): RaterProfile {
  const random = new Random(number, 'phantom/rater profile');
  const spread = Math.min(1, 0.3 + 0.2 * number);
  return {
    id: `rater${number}`,
    threshold: 0.5 + spread * random.uniform(-0.15, 0.15),
    smallestRadius: 0.6 + spread * random.uniform(0, 0.9),
    missChance: spread * random.uniform(0.02, 0.2),
    gapChance: spread * random.uniform(0.05, 0.3),
    leakChance: spread * random.uniform(0.05, 0.3),
  };
}

/** Label of 0 and 1. The same rater, volume and seed give the same label. */
export function rate(
  vessels: RasterisedVessels,
  branches: readonly Branch[],
  profile: RaterProfile,
  { dims, scale, seed }: { dims: Dims; scale: Vector; seed: number },
): Uint8Array {
  const random = new Random(seed, `phantom/${profile.id}`);
  const isThin = branches.map(({ radii }) => radii[Math.floor(radii.length / 2)]! <= thinRadius);
  const isMissed = branches.map((_, i) => random.chance(profile.missChance) && isThin[i]!);
  const parents = new Set(branches.map(({ parent }) => parent));
  const label = new Uint8Array(vessels.fraction.length);
  for (let i = 0; i < label.length; i++) {
    const branch = vessels.branch[i]!;
    const isSeen = branch >= 0 && !isMissed[branch] && vessels.radius[i]! >= profile.smallestRadius;
    if (isSeen && vessels.fraction[i]! >= profile.threshold) label[i] = 1;
  }
  branches.forEach(({ id, points, radii }, i) => {
    if (random.chance(profile.gapChance) && isThin[i]) {
      const at = random.integer(points.length);
      paintBall(label, { dims, scale, centre: points[at]!, radius: radii[at]! + 1.2, value: 0 });
    }
    if (random.chance(profile.leakChance) && parents.has(id))
      paintBall(label, { dims, scale, centre: points.at(-1)!, radius: radii.at(-1)! * 1.4, value: 1 });
  });
  return label;
}

function paintBall(
  label: Uint8Array,
  ball: { dims: Dims; scale: Vector; centre: Vector; radius: number; value: 0 | 1 },
): void {
  const { dims, scale, centre, radius, value } = ball;
  const range = (axis: 0 | 1 | 2) => {
    const low = Math.max(0, Math.ceil((centre[axis] - radius) / scale[axis]));
    const high = Math.min(dims[axis] - 1, Math.floor((centre[axis] + radius) / scale[axis]));
    return { low, high };
  };
  const [x, y, z] = [range(0), range(1), range(2)];
  for (let k = z.low; k <= z.high; k++)
    for (let j = y.low; j <= y.high; j++)
      for (let i = x.low; i <= x.high; i++) {
        const squared =
          (i * scale[0] - centre[0]) ** 2 + (j * scale[1] - centre[1]) ** 2 + (k * scale[2] - centre[2]) ** 2;
        if (squared <= radius * radius) label[i + dims[0] * (j + dims[1] * k)] = value;
      }
}
