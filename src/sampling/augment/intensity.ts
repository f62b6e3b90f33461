/** @file Random changes of brightness values. Each works in place on one channel of a patch and leaves the label alone. */

import type { Random } from '../../base/random.ts';
import { reflectIndex } from '../../imaging/tiles.ts';
import { product, type Triple } from '../patch-shape.ts';

/** Raises values, mapped to 0-1 by the patch's own range, to a power drawn from [min, max]; the range stays. */
export function gamma(
  values: Float32Array,
  random: Random,
  { min, max }: { min: number; max: number },
): void {
  const power = random.uniform(min, max);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = high - low;
  if (!(range > 0)) return;
  for (let i = 0; i < values.length; i++) values[i] = low + range * ((values[i]! - low) / range) ** power;
}

/** Adds normal noise; its standard deviation is uniform in 0 … maxDeviation, in units of the prepared values. */
export function noise(values: Float32Array, random: Random, maxDeviation: number): void {
  const deviation = random.uniform(0, maxDeviation);
  // Box-Muller gives two numbers for two uniforms; both are used, since this is the most costly augmentation.
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    values[i]! += radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1]! += radius * Math.sin(angle);
  }
}

/** Multiplies by 1 + strength · f, f a smooth field in −1 … 1: a product of one slow cosine per axis. */
export function biasField(
  values: Float32Array,
  random: Random,
  options: { size: Triple; strength: number },
): void {
  const waves = options.size.map((size) => {
    const frequency = random.uniform(0.25, 1);
    const phase = random.uniform(0, 2 * Math.PI);
    return Float64Array.from({ length: size }, (_, at) =>
      Math.cos(phase + (2 * Math.PI * frequency * at) / Math.max(1, size - 1)),
    );
  });
  const strength = random.uniform(-options.strength, options.strength);
  const [d, h, w] = options.size;
  for (let i = 0; i < d; i++)
    for (let j = 0; j < h; j++) {
      const plane = strength * waves[0]![i]! * waves[1]![j]!;
      const row = (i * h + j) * w;
      for (let k = 0; k < w; k++) values[row + k]! *= 1 + plane * waves[2]![k]!;
    }
}

/** Scales by 1 ± maxScale and shifts by ± maxShift, both uniform. */
export function brightness(
  values: Float32Array,
  random: Random,
  { maxShift, maxScale }: { maxShift: number; maxScale: number },
): void {
  const scale = 1 + random.uniform(-maxScale, maxScale);
  const shift = random.uniform(-maxShift, maxShift);
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale + shift;
}

/** Gaussian blur, σ uniform in 0 … maxSigmaVoxels, cut at 3 σ, borders reflected. */
export function blur(
  values: Float32Array,
  random: Random,
  { size, maxSigmaVoxels }: { size: Triple; maxSigmaVoxels: number },
): void {
  const sigma = random.uniform(0, maxSigmaVoxels);
  const radius = Math.ceil(3 * sigma);
  if (radius === 0) return;
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= total;
  for (let axis = 0; axis < 3; axis++) if (size[axis]! > 1) blurAxis(values, size, axis, kernel);
}

function blurAxis(values: Float32Array, size: Triple, axis: number, kernel: Float64Array): void {
  const length = size[axis]!;
  const inner = product(size.slice(axis + 1));
  const radius = (kernel.length - 1) / 2;
  const line = new Float64Array(length + 2 * radius);
  const mirrored = Int32Array.from(line, (_, at) => reflectIndex(at - radius, length) * inner);
  for (let start = 0; start < values.length / length; start++) {
    const base = Math.floor(start / inner) * length * inner + (start % inner);
    for (let i = 0; i < line.length; i++) line[i] = values[base + mirrored[i]!]!;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap++) sum += kernel[tap]! * line[i + tap]!;
      values[base + i * inner] = sum;
    }
  }
}
