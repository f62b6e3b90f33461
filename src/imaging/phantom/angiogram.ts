/** @file What a time-of-flight scan would show: tissue, flowing blood, saturation within slabs, bias field, blur and noise. */
import type { Random } from '../../base/random.ts';
import type { Dims } from '../volume.ts';
import type { RasterisedVessels } from './rasterise.ts';
import { blur, smoothNoise } from './smooth.ts';
import type { Vector } from './vector.ts';
import { headDepth } from './vessel-tree.ts';

export interface AngiogramOptions {
  readonly dims: Dims;
  /** Units (voxels of the first axis) a voxel. */
  readonly scale: Vector;
  /** Mean tissue signal over the standard deviation of the noise. */
  readonly snr: number;
  /** Slabs in which the volume is excited one after another. */
  readonly slabCount: number;
}

/** Mean signal of brain tissue; fresh blood is 1. */
const tissueSignal = 0.3;
const greyScale = 1000;

/** int16 values, fresh blood about {@link greyScale}. */
export function renderAngiogram(
  vessels: RasterisedVessels,
  random: Random,
  options: AngiogramOptions,
): Int16Array {
  const { dims, scale, snr } = options;
  const signal = tissue(random, options);
  addBlood(signal, vessels, random, options);
  applyBias(signal, random, dims);
  const sigma = random.uniform(0.4, 0.6);
  blur(signal, dims, [sigma, sigma / (scale[1] / scale[0]), sigma / (scale[2] / scale[0])]);
  return rician(signal, random, tissueSignal / snr);
}

/** Brain in three classes, dark skull and air-filled sinuses, a bright rim of scalp. */
function tissue(random: Random, { dims, scale }: AngiogramOptions): Float32Array {
  const size: Vector = [dims[0] * scale[0], dims[1] * scale[1], dims[2] * scale[2]];
  const folds = smoothNoise(random, dims, 9);
  const grain = smoothNoise(random, dims, 3);
  const sinuses = Array.from({ length: 3 }, () => ({
    centre: [
      size[0] * random.uniform(0.38, 0.62),
      size[1] * random.uniform(0.78, 0.9),
      size[2] * random.uniform(0, 0.25),
    ] as Vector,
    radius: size[0] * random.uniform(0.05, 0.09),
  }));
  const signal = new Float32Array(folds.length);
  let index = 0;
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, index++) {
        const point: Vector = [i * scale[0], j * scale[1], k * scale[2]];
        const depth = headDepth(point, size);
        let value = 0.01;
        if (depth < 0.9) {
          // White matter, grey matter and fluid with soft borders between them.
          const fold = folds[index]!;
          value =
            tissueSignal +
            0.05 * Math.tanh(3 * fold) -
            0.06 / (1 + Math.exp(-12 * (Math.abs(fold) - 1.3))) +
            0.012 * grain[index]!;
          for (const { centre, radius } of sinuses) {
            const distance =
              Math.hypot(point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]) / radius;
            if (distance < 1.6) value *= 1 / (1 + Math.exp(-14 * (distance - 1)));
          }
        } else if (depth < 0.945) value = 0.06;
        else if (depth < 1) value = 0.34 + 0.05 * grain[index]!;
        signal[index] = value;
      }
  return signal;
}

/** Blood by partial volume: fainter in thin vessels, towards the top of each slab, and near spots of signal loss. */
function addBlood(
  signal: Float32Array,
  vessels: RasterisedVessels,
  random: Random,
  { dims, scale, slabCount }: AngiogramOptions,
): void {
  const slab = dims[2] / slabCount;
  const decay = random.uniform(1.8, 3) * slab;
  const size: Vector = [dims[0] * scale[0], dims[1] * scale[1], dims[2] * scale[2]];
  const spots = Array.from({ length: 2 }, () => ({
    centre: [
      size[0] * random.uniform(0.3, 0.7),
      size[1] * random.uniform(0.6, 0.85),
      size[2] * random.uniform(0, 0.4),
    ] as Vector,
    radius: size[0] * random.uniform(0.03, 0.06),
  }));
  const fresh = random.uniform(0.88, 1);
  const plane = dims[0] * dims[1];
  for (let index = 0; index < signal.length; index++) {
    const fraction = vessels.fraction[index]!;
    if (fraction === 0) continue;
    const z = Math.floor(index / plane);
    const y = Math.floor(index / dims[0]) % dims[1];
    const x = index % dims[0];
    const radius = vessels.radius[index]!;
    // Thin vessels carry slower blood, which stays longer and saturates.
    let blood = fresh * Math.min(1, (1.25 * radius) / (radius + 0.6)) * Math.exp(-(z % slab) / decay);
    for (const { centre, radius: reach } of spots) {
      const squared =
        (x * scale[0] - centre[0]) ** 2 + (y * scale[1] - centre[1]) ** 2 + (z * scale[2] - centre[2]) ** 2;
      blood *= 1 - 0.6 * Math.exp(-squared / (2 * reach * reach));
    }
    signal[index] = signal[index]! * (1 - fraction) + Math.max(blood, tissueSignal) * fraction;
  }
}

/** Low-order cosines, ±25 % at most: receive coils see near tissue brighter. */
function applyBias(signal: Float32Array, random: Random, dims: Dims): void {
  const waves = [0, 1, 2].map((axis) => {
    const amplitude = random.uniform(-0.08, 0.08);
    const phase = random.uniform(0, Math.PI);
    return Float32Array.from(
      { length: dims[axis]! },
      (_, i) => amplitude * Math.cos((Math.PI * i) / dims[axis]! + phase),
    );
  });
  let index = 0;
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++) {
      const base = 1 + waves[2]![k]! + waves[1]![j]!;
      for (let i = 0; i < dims[0]; i++) signal[index++]! *= base + waves[0]![i]!;
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
