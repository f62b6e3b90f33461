/** @file Rotation, scale and elastic deformation of a patch, joined into one transform so that voxels are resampled once. */
import type { Random } from '../../base/random.ts';
import type { Augmentation } from '../../recipe/recipe.ts';
import { evaluateBspline, randomControl } from '../bspline.ts';
import { product, type Triple, tripleOf } from '../patch-shape.ts';

/** Row-major 3×3, on voxel offsets (d, h, w). */
export type Matrix = readonly number[];

export interface SpatialTransform {
  /** Source offset from the patch centre = matrix · offset in the patch, in voxels. */
  readonly matrix: Matrix;
  /** Displacements in voxels along d, h, w, each [D, H, W]; null for none. */
  readonly displacement: readonly Float32Array[] | null;
}

const identity: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export interface SpatialOptions {
  readonly augmentations: readonly Augmentation[];
  readonly patch: Triple;
  /** Voxel edges along d, h, w: rotations are rigid in millimetres, not in voxels. */
  readonly spacingMm: Triple;
  /** A stream of its own for each kind, so that adding one does not change the others. */
  readonly randomFor: (kind: string) => Random;
}

/** Draws the transform of a patch; null when nothing spatial was drawn, so that the patch can be cut as it is. */
export function drawSpatialTransform(options: SpatialOptions): SpatialTransform | null {
  let matrix = identity;
  let displacement: readonly Float32Array[] | null = null;
  for (const augmentation of options.augmentations) {
    const random = options.randomFor(augmentation.kind);
    if (augmentation.kind === 'rotate') {
      const drawn = random.chance(augmentation.chance);
      const limit = (augmentation.maxDegrees * Math.PI) / 180;
      if (drawn && limit > 0) matrix = multiply(matrix, drawRotation(random, limit, options));
    } else if (augmentation.kind === 'scale') {
      const drawn = random.chance(augmentation.chance);
      const factor = random.uniform(augmentation.min, augmentation.max);
      if (drawn && factor !== 1) matrix = multiply(matrix, scaling(1 / factor, options.patch));
    } else if (augmentation.kind === 'elastic') {
      if (random.chance(augmentation.chance) && augmentation.deviationVoxels > 0)
        displacement = drawElastic(random, augmentation, options.patch);
    }
  }
  return matrix === identity && displacement === null ? null : { matrix, displacement };
}

/** Axes of size one stay as they are: a 2-D patch turns in its plane only. */
function drawRotation(random: Random, limit: number, { patch, spacingMm }: SpatialOptions): Matrix {
  let rotation = identity;
  for (const [a, b] of [
    [1, 2],
    [0, 2],
    [0, 1],
  ] as const) {
    const angleRad = random.uniform(-limit, limit);
    if (patch[a] > 1 && patch[b] > 1) rotation = multiply(rotation, planeRotation(a, b, angleRad));
  }
  // voxel → mm → turned → voxel
  return rotation.map((value, index) => (value * spacingMm[index % 3]!) / spacingMm[Math.floor(index / 3)]!);
}

function planeRotation(a: number, b: number, angleRad: number): Matrix {
  const matrix = [...identity];
  matrix[a * 3 + a] = Math.cos(angleRad);
  matrix[b * 3 + b] = Math.cos(angleRad);
  matrix[a * 3 + b] = -Math.sin(angleRad);
  matrix[b * 3 + a] = Math.sin(angleRad);
  return matrix;
}

function scaling(factor: number, patch: Triple): Matrix {
  return identity.map((value, index) => (patch[Math.floor(index / 3)]! > 1 ? value * factor : value));
}

function drawElastic(
  random: Random,
  { gridVoxels, deviationVoxels }: Extract<Augmentation, { kind: 'elastic' }>,
  patch: Triple,
): Float32Array[] {
  const points = tripleOf(patch.map((size) => Math.max(1, Math.ceil((size - 1) / gridVoxels)) + 3));
  return patch.map((size) => {
    const control = randomControl(points, () => random.normal(0, deviationVoxels));
    return size > 1 ? evaluateBspline(control, points, patch) : new Float32Array(product(patch));
  });
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, index) => {
    const row = Math.floor(index / 3) * 3;
    const column = index % 3;
    return a[row]! * b[column]! + a[row + 1]! * b[3 + column]! + a[row + 2]! * b[6 + column]!;
  });
}
