/** @file What a time-of-flight scan would show: tissue, flowing blood, saturation within slabs, bias field, blur and noise. */
import type { Random } from '../../base/random.ts';
import { blur } from '../blur.ts';
import type { Dims } from '../volume.ts';
import type { Head } from './head.ts';
import type { RasterisedVessels } from './rasterise.ts';
import { renderTissue, tissueSignal } from './tissue.ts';
import type { Vector } from './vector.ts';

export interface AngiogramOptions {
  readonly head: Head;
  readonly dims: Dims;
  /** Units (voxels of the first axis) a voxel. */
  readonly scale: Vector;
  /** Mean tissue signal over the standard deviation of the noise. */
  readonly snr: number;
  /** Slabs in which the volume is excited one after another. */
  readonly slabCount: number;
}

/** A place where the field is uneven and blood loses signal: near air-filled sinuses. */
interface Spot {
  readonly centre: Vector;
  readonly radius: number;
}

const greyScale = 1000;

/** int16 values, fresh blood about {@link greyScale}. */
export function renderAngiogram(
  vessels: RasterisedVessels,
  random: Random,
  options: AngiogramOptions,
): Int16Array {
  const { dims, scale, snr } = options;
  const signal = renderTissue(random, options);
  addBlood(signal, vessels, random, options);
  applySlabsAndBias(signal, random, options);
  const sigma = random.uniform(0.4, 0.6);
  blur(signal, dims, [sigma, sigma / (scale[1] / scale[0]), sigma / (scale[2] / scale[0])]);
  return rician(signal, random, tissueSignal / snr);
}

/** Blood by partial volume: fainter in thin vessels, towards the top of each slab, and near spots of signal loss. */
function addBlood(
  signal: Float32Array,
  { fraction, radius }: RasterisedVessels,
  random: Random,
  { head: { size }, dims, scale, slabCount }: AngiogramOptions,
): void {
  const slab = dims[2] / slabCount;
  const decay = random.uniform(1.8, 3) * slab;
  const spots = Array.from(
    { length: 2 },
    (): Spot => ({
      centre: [
        size[0] * random.uniform(0.35, 0.65),
        size[1] * random.uniform(0.6, 0.75),
        size[2] * random.uniform(0.02, 0.25),
      ],
      radius: size[0] * random.uniform(0.025, 0.045),
    }),
  );
  const fresh = random.uniform(0.9, 1);
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    const entry = fresh * Math.exp(-(k % slab) / decay);
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, index++) {
        const share = fraction[index]!;
        if (share === 0) continue;
        const r = radius[index]!;
        // Thin vessels carry slower blood, which stays longer and saturates.
        const flow = Math.min(1, (1.25 * r) / (r + 0.6));
        const kept = flow * signalKept(spots, i * scale[0], j * scale[1], k * scale[2]);
        signal[index] = signal[index]! * (1 - share) + Math.max(entry * kept, tissueSignal) * share;
      }
  }
}

function signalKept(spots: readonly Spot[], x: number, y: number, z: number): number {
  let kept = 1;
  for (const { centre, radius } of spots) {
    const squared = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
    kept *= 1 - 0.55 * Math.exp(-squared / (2 * radius * radius));
  }
  return kept;
}

/** Slab borders darken, for the excited profile is not a box. Low-order cosines, ±25 % at most: near tissue is brighter. */
function applySlabsAndBias(
  signal: Float32Array,
  random: Random,
  { dims, slabCount }: AngiogramOptions,
): void {
  const [alongX, alongY, alongZ] = [0, 1, 2].map((axis) => {
    const amplitude = random.uniform(-0.08, 0.08);
    const phase = random.uniform(0, Math.PI);
    return Float32Array.from(
      { length: dims[axis]! },
      (_, i) => amplitude * Math.cos((Math.PI * i) / dims[axis]! + phase),
    );
  });
  const slab = dims[2] / slabCount;
  const depth = random.uniform(0.05, 0.12);
  let index = 0;
  for (let k = 0; k < dims[2]; k++) {
    const border = Math.max(1, Math.round(k / slab));
    const toBorder = border >= slabCount ? slab : k - border * slab;
    const profile = 1 - depth * Math.exp(-0.5 * (toBorder / 1.5) ** 2);
    for (let j = 0; j < dims[1]; j++) {
      const base = 1 + alongZ![k]! + alongY![j]!;
      for (let i = 0; i < dims[0]; i++) signal[index++]! *= profile * (base + alongX![i]!);
    }
  }
}

/** √((s + n₁)² + n₂²) with normal n₁, n₂: the magnitude of a complex signal. */
function rician(signal: Float32Array, random: Random, deviation: number): Int16Array {
  const out = new Int16Array(signal.length);
  for (let i = 0; i < signal.length; i++) {
    // One Box-Muller pair is both numbers.
    const radius = deviation * Math.sqrt(-2 * Math.log(random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    const real = signal[i]! + radius * Math.cos(angle);
    const imaginary = radius * Math.sin(angle);
    out[i] = Math.round(greyScale * Math.sqrt(real * real + imaginary * imaginary));
  }
  return out;
}
