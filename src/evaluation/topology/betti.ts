/** @file Betti numbers of a mask: parts, loops and cavities, from its Euler number and two labellings. */
import { labelComponents } from '../../imaging/components.ts';
import { type Mask, padMask } from '../mask.ts';

export interface BettiNumbers {
  /** Parts, 26-connected. */
  readonly b0: number;
  /** Independent loops (tunnels, handles). */
  readonly b1: number;
  /** Cavities: background parts, 6-connected, that do not reach the outside. */
  readonly b2: number;
}

/** Betti numbers of the union of closed voxels; all 0 for an empty mask. Outside the volume is background. */
export function bettiNumbers(mask: Mask): BettiNumbers {
  const padded = padMask(mask);
  const b0 = labelComponents(padded.data, padded.dims, 26).count;
  const background = padded.data.map((value) => 1 - value);
  // The part that holds the padding is the outside.
  const b2 = labelComponents(background, padded.dims, 6).count - 1;
  // χ = b₀ − b₁ + b₂
  return { b0, b1: b0 + b2 - eulerOfPadded(padded), b2 };
}

/** χ of the union of closed voxels (26-connectivity): corners − edges + faces − voxels. 0 for an empty mask. */
export function eulerNumber(mask: Mask): number {
  return eulerOfPadded(padMask(mask));
}

/**
 * What the cells that belong to a corner add to χ, for each pattern of the eight voxels around it. To it belong the
 * corner itself and the edges, faces and voxel that lead from it towards +x, +y, +z; so each cell counts once.
 * Bit x + 2y + 4z of a pattern is the voxel on the far side along those axes.
 */
const shareOfPattern = Int8Array.from({ length: 256 }, (_, pattern) => {
  let share = 0;
  // A cell leads along the axes of `along`; it is there if any voxel that touches it is.
  for (let along = 0; along < 8; along++) {
    let touching = 0;
    for (let voxel = 0; voxel < 8; voxel++) if ((voxel & along) === along) touching |= 1 << voxel;
    const isThere = (pattern & touching) !== 0;
    const dimension = (along & 1) + ((along >> 1) & 1) + (along >> 2);
    if (isThere) share += dimension % 2 === 0 ? 1 : -1;
  }
  return share;
});

function eulerOfPadded({ data, dims: [nx, ny, nz] }: Mask): number {
  let total = 0;
  const slice = nx * ny;
  for (let z = 0; z + 1 < nz; z++) {
    for (let y = 0; y + 1 < ny; y++) {
      let near = 0;
      for (let at = z * slice + y * nx, end = at + nx - 1; at < end; at++) {
        const next = at + 1;
        const far =
          data[next]! |
          (data[next + nx]! << 2) |
          (data[next + slice]! << 4) |
          (data[next + nx + slice]! << 6);
        total += shareOfPattern[near | (far << 1)]!;
        near = far;
      }
    }
  }
  return total;
}
