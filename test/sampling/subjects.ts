/** @file Small made-up subjects for tests of sampling and training. */
import { Random } from '../../src/base/random.ts';
import { foregroundLists, type PreparedSubject, sharedFloats } from '../../src/dataset/prepared-subject.ts';
import type { Dims } from '../../src/imaging/volume.ts';
import type { Sampling } from '../../src/recipe/recipe.ts';

/** A subject whose image is `valueAt` and whose label is `classAt`, both of (i, j, k). */
export function makeSubject(
  dims: Dims,
  valueAt: (i: number, j: number, k: number) => number,
  classAt: (i: number, j: number, k: number) => number,
): PreparedSubject {
  const count = dims[0] * dims[1] * dims[2];
  const values = sharedFloats(count);
  const map = new Uint8Array(new SharedArrayBuffer(count));
  for (let index = 0; index < count; index++) {
    const place = [
      index % dims[0],
      Math.floor(index / dims[0]) % dims[1],
      Math.floor(index / (dims[0] * dims[1])),
    ] as const;
    values[index] = valueAt(...place);
    map[index] = classAt(...place);
  }
  return {
    id: 'made-up',
    dims,
    spacingMm: [1, 1, 1],
    channels: [values],
    labels: [map],
    foreground: [foregroundLists(map, Math.max(1, ...map))],
  };
}

/** Noise with a bright ball in it; the ball is the label. */
export function ballSubject(dims: Dims, seed: number): PreparedSubject {
  const random = new Random(seed, 'ball');
  const inside = (i: number, j: number, k: number) =>
    (i - dims[0] / 3) ** 2 + (j - dims[1] / 2) ** 2 + (k - dims[2] / 2) ** 2 < (Math.min(...dims) / 4) ** 2;
  return makeSubject(
    dims,
    (i, j, k) => (inside(i, j, k) ? 1 : 0) + 0.2 * random.uniform(),
    (i, j, k) => (inside(i, j, k) ? 1 : 0),
  );
}

export function sampling(changes: Partial<Sampling> = {}): Sampling {
  return {
    patchSize: [8, 8, 8],
    batchSize: 2,
    foregroundShare: 0.5,
    augmentation: [],
    extraInputs: [],
    ...changes,
  };
}
