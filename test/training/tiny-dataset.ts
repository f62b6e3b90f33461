/** @file A few small NIfTI pairs on disk. */
import { join } from 'node:path';
import { Random } from '../../src/base/random.ts';
import { openDataset } from '../../src/dataset/node/open-dataset.ts';
import type { Dataset } from '../../src/dataset/subject.ts';
import { identityAffine } from '../../src/imaging/geometry/affine.ts';
import { writeVolume } from '../../src/imaging/node/save.ts';
import type { Dims, Volume } from '../../src/imaging/volume.ts';

/** A plain volume on the identity grid. */
export function makeVolume(dims: Dims, data: Float32Array | Uint8Array): Volume {
  return {
    data,
    dtype: data instanceof Uint8Array ? 'uint8' : 'float32',
    dims,
    timePoints: 1,
    components: 1,
    spacingMm: [1, 1, 1],
    timeStepS: 0,
    rasFromIjk: identityAffine,
    slope: 1,
    intercept: 0,
  };
}

/** Noise with a brighter block; the block is the label. */
export async function writeTinyDataset(folder: string, count = 3): Promise<Dataset> {
  for (let n = 0; n < count; n++) {
    const dims: Dims = [9, 8 + n, 10];
    const random = new Random(n, 'tiny data set');
    const size = dims[0] * dims[1] * dims[2];
    const label = Uint8Array.from({ length: size }, (_, at) => {
      const i = at % dims[0];
      const j = Math.floor(at / dims[0]) % dims[1];
      return i > 2 && i < 6 && j > 1 && j < 6 ? 1 : 0;
    });
    const image = Float32Array.from(label, (inside) => 100 * inside + 40 * random.uniform());
    await writeVolume(join(folder, 'images', `case${n}.nii.gz`), makeVolume(dims, image));
    await writeVolume(join(folder, 'labels', `case${n}.nii.gz`), makeVolume(dims, label));
  }
  return openDataset(folder);
}
