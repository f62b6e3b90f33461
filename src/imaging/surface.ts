/**
 * @file The surface of a mask as triangles: closed, oriented outwards, in world millimetres. Marching tetrahedra (Doi and Koide 1991): unlike marching
 * cubes it has no ambiguous cases, so the surface is watertight by construction. Each cell is cut into six tetrahedra around its diagonal.
 */
import { blur } from './blur.ts';
import { type Affine, affineDeterminant, applyAffine } from './geometry/affine.ts';
import type { Dims } from './volume.ts';

export interface Surface {
  /** x y z of each vertex, RAS+ mm. */
  readonly positions: Float32Array;
  /** Three vertices a triangle, counter-clockwise seen from outside. */
  readonly triangles: Uint32Array;
}

export interface SurfaceOptions {
  /** Gaussian smoothing of the mask before its 0.5 level is taken; 0 keeps the steps of the voxels. */
  readonly smoothVoxels: number;
}

/** Corners of a cell as bits x, y, z; the six tetrahedra share the diagonal 0-7. */
const tetrahedra = [
  [0, 1, 3, 7],
  [0, 3, 2, 7],
  [0, 2, 6, 7],
  [0, 6, 4, 7],
  [0, 4, 5, 7],
  [0, 5, 1, 7],
] as const;

/** A growing list of numbers. */
class Numbers {
  #values = new Float64Array(1024);
  length = 0;

  push3(a: number, b: number, c: number): void {
    if (this.length + 3 > this.#values.length) {
      const wider = new Float64Array(2 * this.#values.length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length++] = a;
    this.#values[this.length++] = b;
    this.#values[this.length++] = c;
  }

  view(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}

/**
 * The surface between voxels where `mask` is not 0 and the others. What touches the border of the volume is closed there.
 * An empty mask gives no triangles.
 */
export function maskSurface(
  mask: ArrayLike<number>,
  { dims, rasFromIjk }: { dims: Dims; rasFromIjk: Affine },
  { smoothVoxels }: SurfaceOptions,
): Surface {
  // A border wide enough that the smoothed mask fades to nothing within it.
  const margin = 1 + Math.ceil(3 * smoothVoxels);
  const padded: Dims = [dims[0] + 2 * margin, dims[1] + 2 * margin, dims[2] + 2 * margin];
  const field = padMask(mask, { dims, padded, margin });
  if (smoothVoxels > 0) blur(field, padded, [smoothVoxels, smoothVoxels, smoothVoxels]);
  const { vertices, triangles } = march(field, padded);
  const positions = new Float32Array(vertices.length);
  for (let at = 0; at < vertices.length; at += 3) {
    const ijk = [vertices[at]! - margin, vertices[at + 1]! - margin, vertices[at + 2]! - margin] as const;
    positions.set(applyAffine(rasFromIjk, ijk), at);
  }
  // An affine that mirrors turns every triangle inside out.
  if (affineDeterminant(rasFromIjk) < 0) flip(triangles);
  return { positions, triangles };
}

function padMask(
  mask: ArrayLike<number>,
  { dims, padded, margin }: { dims: Dims; padded: Dims; margin: number },
): Float32Array {
  const field = new Float32Array(padded[0] * padded[1] * padded[2]);
  for (let z = 0, from = 0; z < dims[2]; z++)
    for (let y = 0; y < dims[1]; y++) {
      const to = margin + padded[0] * (y + margin + padded[1] * (z + margin));
      for (let x = 0; x < dims[0]; x++) field[to + x] = mask[from++]! === 0 ? 0 : 1;
    }
  return field;
}

const level = 0.5;

function march(field: Float32Array, dims: Dims): { vertices: Float64Array; triangles: Uint32Array } {
  const [nx, ny, nz] = dims;
  const offsets = Array.from(
    { length: 8 },
    (_, bits) => (bits & 1) + nx * (((bits >> 1) & 1) + ny * (bits >> 2)),
  );
  const vertices = new Numbers();
  const corners = new Numbers();
  // Every edge runs from a voxel to one of seven neighbours ahead, so voxel and direction name it.
  const vertexOfEdge = new Map<number, number>();
  const vertexOn = (a: number, b: number): number => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const direction = offsets.indexOf(high - low);
    const key = low * 8 + direction;
    const known = vertexOfEdge.get(key);
    if (known !== undefined) return known;
    const t = (level - field[low]!) / (field[high]! - field[low]!);
    const x = low % nx;
    const y = Math.floor(low / nx) % ny;
    const z = Math.floor(low / (nx * ny));
    vertices.push3(x + t * (direction & 1), y + t * ((direction >> 1) & 1), z + t * (direction >> 2));
    const vertex = vertices.length / 3 - 1;
    vertexOfEdge.set(key, vertex);
    return vertex;
  };
  for (let z = 0; z + 1 < nz; z++)
    for (let y = 0; y + 1 < ny; y++)
      for (let x = 0; x + 1 < nx; x++) {
        const base = x + nx * (y + ny * z);
        let inside = 0;
        for (let bits = 0; bits < 8; bits++) if (field[base + offsets[bits]!]! > level) inside++;
        if (inside === 0 || inside === 8) continue;
        for (const tetrahedron of tetrahedra)
          cut(
            tetrahedron.map((bits) => base + offsets[bits]!),
            { field, vertexOn, corners },
          );
      }
  return { vertices: vertices.view(), triangles: Uint32Array.from(corners.view()) };
}

/**
 * Triangles of one tetrahedron, whose corners a b c d are positively oriented: seen from d, a b c go clockwise.
 * One corner apart gives one triangle, two and two give a quadrangle.
 */
function cut(
  at: readonly number[],
  {
    field,
    vertexOn,
    corners,
  }: { field: Float32Array; vertexOn: (a: number, b: number) => number; corners: Numbers },
): void {
  const inside = at.map((voxel) => field[voxel]! > level);
  const count = inside.filter(Boolean).length;
  if (count === 0 || count === 4) return;
  if (count === 2) {
    const [i, j] = inside.flatMap((isInside, n) => (isInside ? [n] : [])) as [number, number];
    const [k, l] = inside.flatMap((isInside, n) => (isInside ? [] : [n])) as [number, number];
    const quadrangle = [
      vertexOn(at[i]!, at[k]!),
      vertexOn(at[i]!, at[l]!),
      vertexOn(at[j]!, at[l]!),
      vertexOn(at[j]!, at[k]!),
    ] as const;
    const [a, b, c, d] = isEven(i, j, k, l)
      ? quadrangle
      : ([...quadrangle].reverse() as unknown as typeof quadrangle);
    corners.push3(a, b, c);
    corners.push3(a, c, d);
    return;
  }
  const apart = inside.indexOf(count === 1);
  const [j, k, l] = [0, 1, 2, 3].filter((n) => n !== apart) as [number, number, number];
  const [a, b, c] = [j, k, l].map((n) => vertexOn(at[apart]!, at[n]!)) as [number, number, number];
  // The triangle faces away from a corner that is inside, towards one that is outside.
  if (isEven(apart, j, k, l) === (count === 1)) corners.push3(a, b, c);
  else corners.push3(a, c, b);
}

/** Whether the order is an even permutation of 0 1 2 3. */
function isEven(...order: readonly [number, number, number, number]): boolean {
  let inversions = 0;
  for (let i = 0; i < 4; i++) for (let j = i + 1; j < 4; j++) if (order[i]! > order[j]!) inversions++;
  return inversions % 2 === 0;
}

function flip(triangles: Uint32Array): void {
  for (let at = 0; at < triangles.length; at += 3) {
    const second = triangles[at + 1]!;
    triangles[at + 1] = triangles[at + 2]!;
    triangles[at + 2] = second;
  }
}

export interface SurfaceMeasures {
  readonly areaMm2: number;
  /** Enclosed; positive when the triangles face outwards. */
  readonly volumeMm3: number;
  /** Edges that do not have exactly two triangles, one in each direction; 0 for a closed, oriented surface. */
  readonly openEdgeCount: number;
}

export function measureSurface({ positions, triangles }: Surface): SurfaceMeasures {
  let area = 0;
  let volume = 0;
  const directed = new Map<number, number>();
  const vertexCount = positions.length / 3;
  const point = (vertex: number) =>
    [positions[3 * vertex]!, positions[3 * vertex + 1]!, positions[3 * vertex + 2]!] as const;
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at]!, triangles[at + 1]!, triangles[at + 2]!] as const;
    const [p, q, r] = corners.map(point) as [
      ReturnType<typeof point>,
      ReturnType<typeof point>,
      ReturnType<typeof point>,
    ];
    const u = [q[0] - p[0], q[1] - p[1], q[2] - p[2]] as const;
    const v = [r[0] - p[0], r[1] - p[1], r[2] - p[2]] as const;
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
    area += Math.hypot(...n) / 2;
    volume += (p[0] * n[0] + p[1] * n[1] + p[2] * n[2]) / 6;
    for (let e = 0; e < 3; e++) {
      const [from, to] = [corners[e]!, corners[(e + 1) % 3]!];
      const key = from * vertexCount + to;
      directed.set(key, (directed.get(key) ?? 0) + 1);
    }
  }
  let openEdgeCount = 0;
  for (const [key, count] of directed) {
    const [from, to] = [Math.floor(key / vertexCount), key % vertexCount];
    if (count !== 1 || directed.get(to * vertexCount + from) !== 1) openEdgeCount++;
  }
  return { areaMm2: area, volumeMm3: volume, openEdgeCount };
}
