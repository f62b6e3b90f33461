/** @file The still parts of the head as a time-of-flight scan shows them: brain in three classes, sinuses, skull, scalp. */
import type { Random } from '../../base/random.ts';
import type { Dims } from '../volume.ts';
import { depthOf, type Head, headDepth } from './head.ts';
import { smoothNoise } from './smooth.ts';
import type { Vector } from './vector.ts';

/** Mean signal of brain tissue; fresh blood is 1. */
export const tissueSignal = 0.31;

const signalOf = { air: 0.008, fluid: 0.19, white: 0.345, grey: 0.285, bone: 0.07, scalp: 0.36 } as const;

/** An ellipsoid in which the signal is multiplied by `factor`. */
interface Hollow {
  readonly centre: Vector;
  readonly radii: Vector;
  readonly factor: number;
}

interface Fields {
  /** Width of gyri. */
  readonly folds: Float32Array;
  /** Small irregularities. */
  readonly grain: Float32Array;
  /** Slow changes of thickness and brightness. */
  readonly drift: Float32Array;
}

/** Signal of every voxel without vessels. Lengths of the head are units; `scale` is units a voxel along each axis. */
export function renderTissue(
  random: Random,
  { head, dims, scale }: { head: Head; dims: Dims; scale: Vector },
): Float32Array {
  const grid = (units: number): Dims => [units / scale[0], units / scale[1], units / scale[2]];
  const width = Math.min(...head.size) / 96;
  const fields: Fields = {
    folds: smoothNoise(random, dims, grid(2.8 * width)),
    grain: smoothNoise(random, dims, grid(1.8)),
    drift: smoothNoise(random, dims, grid(16 * width)),
  };
  const signal = new Float32Array(dims[0] * dims[1] * dims[2]);
  const point: [number, number, number] = [0, 0, 0];
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    point[2] = k * scale[2];
    for (let j = 0; j < dims[1]; j++) {
      point[1] = j * scale[1];
      for (let i = 0; i < dims[0]; i++, index++) {
        point[0] = i * scale[0];
        signal[index] = signalAt(
          fields,
          index,
          headDepth(head, point),
          (point[0] - head.centre[0]) / head.size[0],
        );
      }
    }
  }
  for (const hollow of hollows(random, head)) dim(signal, hollow, dims, scale);
  return signal;
}

/** `acrossMidline` is the distance from the middle plane over the width of the volume. */
function signalAt(
  { folds, grain, drift }: Fields,
  index: number,
  depth: number,
  acrossMidline: number,
): number {
  const slow = drift[index]!;
  const fine = grain[index]!;
  if (depth > depthOf.skin) return signalOf.air;
  if (depth > depthOf.skull + 0.008 * slow)
    return Math.max(signalOf.bone, signalOf.scalp + 0.05 * slow + 0.03 * fine);
  if (depth > depthOf.fluid + 0.006 * slow) return signalOf.bone + 0.012 * fine;
  const bent = acrossMidline + 0.004 * slow + 0.003 * folds[index]!;
  const fissure = 0.7 * Math.exp(-((bent / 0.009) ** 2)) * step((depth - 0.45) * 20);
  // Sulci open towards the surface, where folds are low; grey matter lines them.
  const surface = step((depth - 0.68) * 14);
  const fold = folds[index]! + 0.2 * slow;
  const fluid = Math.max(fissure, step((depth - depthOf.brain) * 90), surface * step((-0.55 - fold) * 8));
  const grey = Math.max(surface * step((0.2 - fold) * 6), step((Math.abs(fold) - 1.2) * 6));
  const brain = signalOf.white + (signalOf.grey - signalOf.white) * grey;
  return brain + (signalOf.fluid - brain) * fluid + 0.008 * slow + 0.009 * fine;
}

/** A soft step from 0 to 1 about 0. */
function step(value: number): number {
  if (value < -9) return 0;
  return value > 9 ? 1 : 1 / (1 + Math.exp(-value));
}

/** Ventricles, and the air-filled sinuses at the front of the base. */
function hollows(random: Random, { size, centre, semiAxes }: Head): Hollow[] {
  const at = (x: number, y: number, z: number): Vector => [
    centre[0] + x * semiAxes[0],
    centre[1] + y * semiAxes[1],
    z * size[2],
  ];
  const ventricles = [-1, 1].map(
    (side): Hollow => ({
      centre: at(side * random.uniform(0.13, 0.17), random.uniform(-0.08, 0.04), random.uniform(0.56, 0.62)),
      radii: [0.075 * semiAxes[0], random.uniform(0.3, 0.4) * semiAxes[1], 0.07 * size[2]],
      factor: 0.6,
    }),
  );
  const sinuses = [-0.3, 0, 0.3].map(
    (x): Hollow => ({
      centre: at(x + random.uniform(-0.06, 0.06), random.uniform(0.52, 0.66), random.uniform(0.02, 0.12)),
      radii: [
        random.uniform(0.11, 0.17) * semiAxes[0],
        random.uniform(0.13, 0.2) * semiAxes[1],
        random.uniform(0.07, 0.12) * size[2],
      ],
      factor: 0.12,
    }),
  );
  return [...ventricles, ...sinuses];
}

function dim(signal: Float32Array, { centre, radii, factor }: Hollow, dims: Dims, scale: Vector): void {
  const low = [0, 1, 2].map((a) => Math.max(0, Math.floor((centre[a]! - 1.4 * radii[a]!) / scale[a]!)));
  const high = [0, 1, 2].map((a) =>
    Math.min(dims[a]! - 1, Math.ceil((centre[a]! + 1.4 * radii[a]!) / scale[a]!)),
  );
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const x = (i * scale[0] - centre[0]) / radii[0];
        const y = (j * scale[1] - centre[1]) / radii[1];
        const z = (k * scale[2] - centre[2]) / radii[2];
        const inside = step((1 - Math.sqrt(x * x + y * y + z * z)) * 14);
        signal[i + dims[0] * (j + dims[1] * k)]! *= 1 + (factor - 1) * inside;
      }
}
