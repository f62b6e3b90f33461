/** @file Vessel trees → partial volumes: each voxel is cut into 3³ parts, and a part is vessel when its centre lies in a capsule. */
import type { Dims } from '../volume.ts';
import type { Vector } from './vector.ts';
import type { Branch } from './vessel-tree.ts';

export interface RasterisedVessels {
  /** Share of each voxel that is vessel, 0-1 in steps of 1/27. */
  readonly fraction: Float32Array;
  /** Largest vessel radius at each voxel, in units; 0 outside. */
  readonly radius: Float32Array;
  /** The branch of that radius; −1 outside. */
  readonly branch: Int32Array;
}

const allParts = 2 ** 27 - 1;
/** Half the diagonal of a voxel. */
const halfDiagonal = Math.sqrt(3) / 2;

interface Raster {
  readonly dims: Dims;
  /** Units a voxel along each axis. */
  readonly scale: Vector;
  readonly parts: Uint32Array;
  readonly radius: Float32Array;
  readonly branch: Int32Array;
}

/** Points are in units; voxel i covers (i − ½ … i + ½)·scale. */
export function rasterise(branches: readonly Branch[], dims: Dims, scale: Vector): RasterisedVessels {
  const count = dims[0] * dims[1] * dims[2];
  const raster: Raster = {
    dims,
    scale,
    parts: new Uint32Array(count),
    radius: new Float32Array(count),
    branch: new Int32Array(count).fill(-1),
  };
  for (const { id, points, radii, pathology } of branches) {
    for (let i = 0; i + 1 < points.length; i++)
      drawCapsule(raster, points[i]!, points[i + 1]!, Math.max(radii[i]!, radii[i + 1]!), id);
    for (const { kind, centre, radius } of pathology) {
      if (kind === 'aneurysm') drawCapsule(raster, centre, centre, radius, id);
    }
  }
  const fraction = new Float32Array(count);
  for (let i = 0; i < count; i++) if (raster.parts[i] !== 0) fraction[i] = bitCount(raster.parts[i]!) / 27;
  return { fraction, radius: raster.radius, branch: raster.branch };
}

function drawCapsule(raster: Raster, from: Vector, to: Vector, radius: number, branch: number): void {
  const { dims, scale, parts } = raster;
  const low = [0, 1, 2].map((axis) =>
    Math.max(0, Math.floor((Math.min(from[axis]!, to[axis]!) - radius) / scale[axis]! - 0.5)),
  );
  const high = [0, 1, 2].map((axis) =>
    Math.min(dims[axis]! - 1, Math.ceil((Math.max(from[axis]!, to[axis]!) + radius) / scale[axis]! + 0.5)),
  );
  const along: Vector = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const squaredLength = along[0] ** 2 + along[1] ** 2 + along[2] ** 2 || 1;
  const reach = halfDiagonal * Math.max(...scale);
  const squaredDistance = (x: number, y: number, z: number): number => {
    const t = Math.min(
      1,
      Math.max(
        0,
        ((x - from[0]) * along[0] + (y - from[1]) * along[1] + (z - from[2]) * along[2]) / squaredLength,
      ),
    );
    const dx = x - from[0] - t * along[0];
    const dy = y - from[1] - t * along[1];
    const dz = z - from[2] - t * along[2];
    return dx * dx + dy * dy + dz * dz;
  };
  const outer = (radius + reach) ** 2;
  const inner = radius > reach ? (radius - reach) ** 2 : -1;
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const index = i + dims[0] * (j + dims[1] * k);
        const x = i * scale[0];
        const y = j * scale[1];
        const z = k * scale[2];
        const distance = squaredDistance(x, y, z);
        if (distance > outer) continue;
        let bits = allParts;
        if (distance > inner) {
          bits = 0;
          let bit = 1;
          for (let c = -1; c <= 1; c++)
            for (let b = -1; b <= 1; b++)
              for (let a = -1; a <= 1; a++, bit <<= 1) {
                const part = squaredDistance(
                  x + (a * scale[0]) / 3,
                  y + (b * scale[1]) / 3,
                  z + (c * scale[2]) / 3,
                );
                if (part <= radius * radius) bits |= bit;
              }
        }
        if (bits === 0) continue;
        parts[index]! |= bits;
        if (radius > raster.radius[index]!) {
          raster.radius[index] = radius;
          raster.branch[index] = branch;
        }
      }
}

function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
