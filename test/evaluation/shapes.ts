/** @file Small masks for the tests: drawn as text, packed in fixtures, or grown at random from a seed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/base/random.ts';
import type { Mask } from '../../src/evaluation/mask.ts';
import { identityAffine } from '../../src/imaging/geometry/affine.ts';
import type { Dims, Volume } from '../../src/imaging/volume.ts';

/** Slices from z = 0 on; in each a line is a row from y = 0 on, and `#` is foreground. */
export function draw(slices: readonly string[], spacingMm: Mask['spacingMm'] = [1, 1, 1]): Mask {
  const rows = slices.map((slice) => slice.trim().split(/\s+/));
  const dims: Dims = [rows[0]![0]!.length, rows[0]!.length, rows.length];
  const data = Uint8Array.from(rows.flat().join(''), (mark) => (mark === '#' ? 1 : 0));
  return { data, dims, spacingMm };
}

/** One along which `isInside` holds. */
export function fill(dims: Dims, isInside: (x: number, y: number, z: number) => boolean): Mask {
  const data = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (let z = 0, at = 0; z < dims[2]; z++)
    for (let y = 0; y < dims[1]; y++)
      for (let x = 0; x < dims[0]; x++, at++) data[at] = isInside(x, y, z) ? 1 : 0;
  return { data, dims, spacingMm: [1, 1, 1] };
}

export function unpack(bits: string, dims: Dims, spacingMm: Mask['spacingMm'] = [1, 1, 1]): Mask {
  const bytes = Buffer.from(bits, 'base64');
  const data = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (let i = 0; i < data.length; i++) data[i] = (bytes[i >> 3]! >> (i & 7)) & 1;
  return { data, dims, spacingMm };
}

/** Balls along a few random walks: vessels with forks, loops, touching walls and clipped ends. */
export function randomTubes(seed: number): Mask {
  const random = new Random(seed, 'test/tubes');
  const dims: Dims = [10 + random.integer(14), 10 + random.integer(14), 8 + random.integer(14)];
  const mask = fill(dims, () => false);
  for (let walks = 1 + random.integer(4); walks > 0; walks--) drawWalk(mask, random);
  return mask;
}

function drawWalk({ data, dims }: Mask, random: Random): void {
  const radius = random.uniform(0.5, 3.2);
  const point = dims.map((size) => random.uniform(0, size));
  let heading = dims.map(() => random.normal());
  for (let step = 0; step < 50; step++) {
    heading = heading.map((value) => value + random.normal(0, 0.5));
    const length = Math.hypot(...heading);
    heading = heading.map((value) => value / length);
    for (const axis of [0, 1, 2]) point[axis] = point[axis]! + 0.7 * heading[axis]!;
    const ball = fill(
      dims,
      (x, y, z) => Math.hypot(x - point[0]!, y - point[1]!, z - point[2]!) <= radius,
    ).data;
    for (let i = 0; i < data.length; i++) data[i] = data[i]! | ball[i]!;
  }
}

export function volumeOf(mask: Mask, change: Partial<Volume> = {}): Volume {
  return {
    data: mask.data,
    dtype: 'uint8',
    dims: mask.dims,
    timePoints: 1,
    components: 1,
    spacingMm: mask.spacingMm,
    timeStepS: 0,
    rasFromIjk: identityAffine,
    slope: 1,
    intercept: 0,
    ...change,
  };
}

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as T;
}
