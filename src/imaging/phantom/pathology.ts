/** @file Diseased vessels: narrowed ones and those with a bulge. */
import type { Random } from '../../base/random.ts';
import { sideOf } from './fork.ts';
import { plus, unit, type Vector } from './vector.ts';

export interface Pathology {
  readonly kind: 'stenosis' | 'aneurysm';
  readonly pointIndex: number;
  /** Of the lumen at its narrowest, or of the sphere, in units. */
  readonly radius: number;
  /** Of the narrowest place, or of the sphere, which sits beside the vessel; in units. */
  readonly centre: Vector;
}

interface Lumen {
  readonly points: readonly Vector[];
  readonly radii: number[];
  readonly pathology: Pathology[];
}

/** Standard deviation of a dip, in points of the centreline for each unit of radius. */
const dipPoints = 1.3;

/** With the given chances narrows a branch in place, or hangs a sphere on it. Thin vessels (radius up to 1) stay as they are, and short ones are not narrowed. */
export function addPathology(
  { points, radii, pathology }: Lumen,
  random: Random,
  { stenosisRate, aneurysmRate }: { stenosisRate: number; aneurysmRate: number },
): void {
  const middle = Math.floor(points.length * random.uniform(0.42, 0.58));
  const radius = radii[middle]!;
  const centre = points[middle]!;
  // A dip that reached the ends would break Murray's law at the forks there.
  const hasRoom = Math.min(middle, points.length - 1 - middle) > 3.4 * dipPoints * radius;
  if (random.chance(stenosisRate) && radius > 1 && hasRoom) {
    // A Gaussian dip to between 40 and 70 % of the lumen.
    const depth = random.uniform(0.3, 0.6);
    for (const [i, value] of radii.entries())
      radii[i] = value * (1 - depth * Math.exp(-0.5 * ((i - middle) / (dipPoints * radius)) ** 2));
    pathology.push({ kind: 'stenosis', pointIndex: middle, radius: radii[middle]!, centre });
  } else if (random.chance(aneurysmRate) && radius > 1) {
    const sphere = radius * random.uniform(1.3, 2.1);
    const before = points[Math.max(0, middle - 1)]!;
    const side = sideOf(unit(plus(centre, before, -1)), random);
    pathology.push({
      kind: 'aneurysm',
      pointIndex: middle,
      radius: sphere,
      centre: plus(centre, side, 0.8 * sphere),
    });
  }
}
