/** @file Surfaces as files for printing, flow simulation and viewing: smoothed, simplified, then STL, OBJ or GLB. World points in RAS+ mm. */
import { MeshoptSimplifier } from 'meshoptimizer';
import { measureSurface, type Surface } from '../imaging/surface.ts';

export const meshFormats = ['stl', 'obj', 'glb'] as const;
export type MeshFormat = (typeof meshFormats)[number];

/**
 * Fewer triangles where the surface is nearly flat; it stays closed, or is left as it is.
 *
 * share        of the triangles that should remain, 0-1
 * toleranceMm  no point moves further than this from the surface
 */
export async function simplifySurface(
  { positions, triangles }: Surface,
  { share, toleranceMm }: { share: number; toleranceMm: number },
): Promise<Surface> {
  await MeshoptSimplifier.ready;
  if (triangles.length === 0) return { positions, triangles };
  const target = 3 * Math.max(4, Math.floor((share * triangles.length) / 3));
  // Collapsing may fold two sheets onto one edge; regular triangles make that unlikely, at the price of more of them.
  for (const flags of [['ErrorAbsolute'], ['ErrorAbsolute', 'Regularize']] as Flags[]) {
    const [kept] = MeshoptSimplifier.simplify(triangles, positions, 3, target, toleranceMm, flags);
    const simple = compact({ positions, triangles: kept });
    if (measureSurface(simple).openEdgeCount === 0) return simple;
  }
  return { positions, triangles };
}

type Flags = NonNullable<Parameters<typeof MeshoptSimplifier.simplify>[5]>;

/** Without vertices that no triangle uses. */
function compact({ positions, triangles }: Surface): Surface {
  const newOf = new Map<number, number>();
  const renamed = Uint32Array.from(triangles, (vertex) => {
    const known = newOf.get(vertex) ?? newOf.size;
    newOf.set(vertex, known);
    return known;
  });
  const kept = new Float32Array(3 * newOf.size);
  for (const [from, to] of newOf) kept.set(positions.subarray(3 * from, 3 * from + 3), 3 * to);
  return { positions: kept, triangles: renamed };
}

/** The bytes of a file in this format. */
export function encodeMesh(surface: Surface, format: MeshFormat): Uint8Array {
  switch (format) {
    case 'stl':
      return encodeStl(surface);
    case 'obj':
      return encodeObj(surface);
    case 'glb':
      return encodeGlb(surface);
  }
}

const stlHeaderBytes = 80;
const stlTriangleBytes = 50;

/** Binary STL. The header names unit and space, as the format has no field for them. */
function encodeStl({ positions, triangles }: Surface): Uint8Array {
  const count = triangles.length / 3;
  const bytes = new Uint8Array(stlHeaderBytes + 4 + stlTriangleBytes * count);
  bytes.set(new TextEncoder().encode('Sagitta; UNIT=mm; SPACE=RAS'));
  const view = new DataView(bytes.buffer);
  view.setUint32(stlHeaderBytes, count, true);
  for (let t = 0; t < count; t++) {
    const points = [0, 1, 2].map((n) => {
      const vertex = 3 * triangles[3 * t + n]!;
      return [positions[vertex]!, positions[vertex + 1]!, positions[vertex + 2]!] as const;
    });
    const numbers = [...normalOf(points as [Vector, Vector, Vector]), ...points.flat()];
    const start = stlHeaderBytes + 4 + stlTriangleBytes * t;
    numbers.forEach((value, n) => {
      view.setFloat32(start + 4 * n, value, true);
    });
  }
  return bytes;
}

type Vector = readonly [number, number, number];

/** Of length 1; of a triangle without area, 0 0 0, as readers expect. */
function normalOf([p, q, r]: readonly [Vector, Vector, Vector]): Vector {
  const u = [q[0] - p[0], q[1] - p[1], q[2] - p[2]] as const;
  const v = [r[0] - p[0], r[1] - p[1], r[2] - p[2]] as const;
  const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
  const length = Math.hypot(...n);
  return length === 0 ? [0, 0, 0] : [n[0] / length, n[1] / length, n[2] / length];
}

function encodeObj({ positions, triangles }: Surface): Uint8Array {
  const lines = ['# Sagitta; UNIT=mm; SPACE=RAS'];
  for (let at = 0; at < positions.length; at += 3)
    lines.push(`v ${[0, 1, 2].map((n) => Number(positions[at + n]!.toPrecision(7))).join(' ')}`);
  // OBJ counts from 1.
  for (let at = 0; at < triangles.length; at += 3)
    lines.push(`f ${triangles[at]! + 1} ${triangles[at + 1]! + 1} ${triangles[at + 2]! + 1}`);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

const glbMagic = 0x46546c67;
const jsonChunk = 0x4e4f534a;
const binaryChunk = 0x004e4942;

/** glTF 2.0 in one file. glTF is in metres with y up: one node scales and turns, the vertices stay in mm. */
function encodeGlb({ positions, triangles }: Surface): Uint8Array {
  const ends = [0, 1, 2].map((axis) => {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = axis; at < positions.length; at += 3) {
      least = Math.min(least, positions[at]!);
      most = Math.max(most, positions[at]!);
    }
    return [least, most] as const;
  });
  const isEmpty = triangles.length === 0;
  const document = {
    asset: { version: '2.0', generator: 'Sagitta' },
    scene: 0,
    scenes: [{ nodes: isEmpty ? [] : [0] }],
    ...(!isEmpty && {
      // Right stays x, up (z) becomes y, front (y) becomes −z; columns one after another.
      nodes: [{ mesh: 0, matrix: [1e-3, 0, 0, 0, 0, 0, -1e-3, 0, 0, 1e-3, 0, 0, 0, 0, 0, 1] }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
      accessors: [
        {
          bufferView: 0,
          componentType: 5126,
          count: positions.length / 3,
          type: 'VEC3',
          min: ends.map(([least]) => least),
          max: ends.map(([, most]) => most),
        },
        { bufferView: 1, componentType: 5125, count: triangles.length, type: 'SCALAR' },
      ],
      bufferViews: [
        { buffer: 0, byteOffset: 0, byteLength: positions.byteLength, target: 34962 },
        { buffer: 0, byteOffset: positions.byteLength, byteLength: triangles.byteLength, target: 34963 },
      ],
      buffers: [{ byteLength: positions.byteLength + triangles.byteLength }],
    }),
  };
  const text = new TextEncoder().encode(JSON.stringify(document));
  const json = new Uint8Array(4 * Math.ceil(text.length / 4)).fill(0x20);
  json.set(text);
  const binaryBytes = positions.byteLength + triangles.byteLength;
  const bytes = new Uint8Array(12 + 8 + json.length + (isEmpty ? 0 : 8 + binaryBytes));
  const view = new DataView(bytes.buffer);
  [glbMagic, 2, bytes.length, json.length, jsonChunk].forEach((word, n) => {
    view.setUint32(4 * n, word, true);
  });
  bytes.set(json, 20);
  if (isEmpty) return bytes;
  const at = 20 + json.length;
  view.setUint32(at, binaryBytes, true);
  view.setUint32(at + 4, binaryChunk, true);
  bytes.set(new Uint8Array(positions.buffer, positions.byteOffset, positions.byteLength), at + 8);
  bytes.set(
    new Uint8Array(triangles.buffer, triangles.byteOffset, triangles.byteLength),
    at + 8 + positions.byteLength,
  );
  return bytes;
}
