/** @file Mesh files: what is written is what the surface says, and simplifying keeps it closed. */
import { describe, expect, it } from 'vitest';
import { encodeMesh, simplifySurface } from '../../src/export/mesh.ts';
import { identityAffine } from '../../src/imaging/geometry/affine.ts';
import { maskSurface, measureSurface, type Surface } from '../../src/imaging/surface.ts';

const edge = 40;
const mask = Uint8Array.from({ length: edge ** 3 }, (_, at) => {
  const place = [at % edge, Math.floor(at / edge) % edge, Math.floor(at / edge ** 2)];
  return Math.hypot(...place.map((x) => x - (edge - 1) / 2)) < 15 ? 1 : 0;
});
const sphere = maskSurface(
  mask,
  { dims: [edge, edge, edge], rasFromIjk: identityAffine },
  { smoothVoxels: 1 },
);
const none: Surface = { positions: new Float32Array(), triangles: new Uint32Array() };

describe('simplifying', () => {
  it('leaves far fewer triangles, closed, with the volume within 1 %', async () => {
    const simple = await simplifySurface(sphere, { share: 0.2, toleranceMm: 0.2 });
    const before = measureSurface(sphere);
    const after = measureSurface(simple);
    expect(simple.triangles.length).toBeLessThan(0.35 * sphere.triangles.length);
    expect(after.openEdgeCount).toBe(0);
    expect(Math.abs(after.volumeMm3 / before.volumeMm3 - 1)).toBeLessThan(0.01);
  });
});

describe('an STL file', () => {
  it('holds each triangle with its outward normal', () => {
    const bytes = encodeMesh(sphere, 'stl');
    const view = new DataView(bytes.buffer);
    expect(view.getUint32(80, true)).toBe(sphere.triangles.length / 3);
    expect(bytes.length).toBe(84 + (50 * sphere.triangles.length) / 3);
    const floats = Array.from({ length: 12 }, (_, n) => view.getFloat32(84 + 4 * n, true));
    const [nx, ny, nz, x, y, z] = floats as [number, number, number, number, number, number];
    const middle = (edge - 1) / 2;
    expect(nx * (x - middle) + ny * (y - middle) + nz * (z - middle)).toBeGreaterThan(0);
  });
});

describe('an OBJ file', () => {
  it('lists vertices and faces, counted from 1', () => {
    const lines = new TextDecoder().decode(encodeMesh(sphere, 'obj')).split('\n');
    expect(lines.filter((line) => line.startsWith('v '))).toHaveLength(sphere.positions.length / 3);
    const faces = lines
      .filter((line) => line.startsWith('f '))
      .flatMap((line) => line.slice(2).split(' ').map(Number));
    expect(faces.map((vertex) => vertex - 1)).toEqual([...sphere.triangles]);
  });
});

describe('a GLB file', () => {
  it('describes its own buffers exactly', () => {
    const bytes = encodeMesh(sphere, 'glb');
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('glTF');
    expect(view.getUint32(8, true)).toBe(bytes.length);
    const jsonLength = view.getUint32(12, true);
    const document = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength)));
    expect(document.accessors.map((accessor: { count: number }) => accessor.count)).toEqual([
      sphere.positions.length / 3,
      sphere.triangles.length,
    ]);
    expect(28 + jsonLength + document.buffers[0].byteLength).toBe(bytes.length);
  });
});

describe('an empty surface', () => {
  it.each(['stl', 'obj', 'glb'] as const)('is a valid, empty %s file', (format) => {
    expect(encodeMesh(none, format).length).toBeGreaterThan(0);
  });

  it('is left as it is by simplifying', async () => {
    expect((await simplifySurface(none, { share: 0.5, toleranceMm: 1 })).triangles).toHaveLength(0);
  });
});
