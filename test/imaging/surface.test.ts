/** @file Surfaces of masks: closed, oriented, of the size that geometry says. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import type { Affine } from '../../src/imaging/geometry/affine.ts';
import { maskSurface, measureSurface } from '../../src/imaging/surface.ts';
import type { Dims } from '../../src/imaging/volume.ts';

const spaced = (x: number, y: number, z: number): Affine => [
  [x, 0, 0, -7],
  [0, y, 0, 5],
  [0, 0, z, 11],
  [0, 0, 0, 1],
];

function ball(dims: Dims, radiusMm: number, [sx, sy, sz]: readonly [number, number, number]): Uint8Array {
  const mask = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (let z = 0, at = 0; z < dims[2]; z++)
    for (let y = 0; y < dims[1]; y++)
      for (let x = 0; x < dims[0]; x++, at++) {
        const d = [(x - (dims[0] - 1) / 2) * sx, (y - (dims[1] - 1) / 2) * sy, (z - (dims[2] - 1) / 2) * sz];
        mask[at] = Math.hypot(...d) <= radiusMm ? 1 : 0;
      }
  return mask;
}

describe('the surface of a sphere', () => {
  it.each([
    ['even voxels', [48, 48, 48], [1, 1, 1]],
    ['uneven voxels', [80, 64, 56], [0.6, 0.75, 0.9]],
  ] satisfies [
    string,
    Dims,
    [number, number, number],
  ][])('has its volume and area within 1 % with %s', (_what, dims, spacing) => {
    const radius = 18;
    const mask = ball(dims, radius, spacing);
    const surface = maskSurface(mask, { dims, rasFromIjk: spaced(...spacing) }, { smoothVoxels: 1 });
    const { areaMm2, volumeMm3, openEdgeCount } = measureSurface(surface);
    expect(openEdgeCount).toBe(0);
    expect(Math.abs(volumeMm3 / ((4 / 3) * Math.PI * radius ** 3) - 1)).toBeLessThan(0.01);
    expect(Math.abs(areaMm2 / (4 * Math.PI * radius ** 2) - 1)).toBeLessThan(0.01);
  });

  it('faces outwards under an affine that mirrors, too', () => {
    const dims: Dims = [20, 20, 20];
    const surface = maskSurface(
      ball(dims, 7, [1, 1, 1]),
      { dims, rasFromIjk: spaced(-1, 1, 1) },
      { smoothVoxels: 0 },
    );
    expect(measureSurface(surface).volumeMm3).toBeGreaterThan(1000);
  });
});

describe('the surface of any mask', () => {
  it.each([1, 2, 3, 4])('is closed and oriented: noise of seed %i', (seed) => {
    const random = new Random(seed, 'surface');
    const dims: Dims = [9, 8, 7];
    const mask = Uint8Array.from({ length: 9 * 8 * 7 }, () => (random.uniform() < 0.4 ? 1 : 0));
    const surface = maskSurface(mask, { dims, rasFromIjk: spaced(1, 1, 1) }, { smoothVoxels: 0 });
    expect(surface.triangles.length).toBeGreaterThan(0);
    expect(measureSurface(surface).openEdgeCount).toBe(0);
  });

  it('is closed where it touches the border of the volume', () => {
    const dims: Dims = [4, 4, 4];
    const surface = maskSurface(
      new Uint8Array(64).fill(1),
      { dims, rasFromIjk: spaced(1, 1, 1) },
      { smoothVoxels: 0 },
    );
    const { openEdgeCount, volumeMm3 } = measureSurface(surface);
    expect(openEdgeCount).toBe(0);
    expect(volumeMm3).toBeGreaterThan(50);
  });

  it('is empty for an empty mask', () => {
    const surface = maskSurface(
      new Uint8Array(27),
      { dims: [3, 3, 3], rasFromIjk: spaced(1, 1, 1) },
      { smoothVoxels: 1 },
    );
    expect(surface.triangles).toHaveLength(0);
  });
});
