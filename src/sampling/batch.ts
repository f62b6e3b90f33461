/** @file One batch: patches side by side in `[N, C, D, H, W]`, and the further inputs that the recipe asks for. */
import { unreachable } from '../base/errors.ts';
import type { SamplerInput } from '../recipe/recipe.ts';
import { randomBsplineGrid } from './bspline.ts';
import { makePatch, type PatchSource } from './patch.ts';
import { product, tripleOf } from './patch-shape.ts';
import { sampleRandom } from './sample-random.ts';

/** Inputs of the training graph by name: `image`, `label` and the extra inputs. C order; nothing else refers to the arrays. */
export type Batch = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/** Makes the batch with this index, counted over the whole run: a pure function of (source, index), on any thread. */
export function makeBatch(source: PatchSource, batchIndex: number): Batch {
  const { batchSize, extraInputs, patchSize } = source.sampling;
  const channels = source.subjects[0]?.channels.length ?? 1;
  const voxels = product(patchSize);
  const image = new Float32Array(batchSize * channels * voxels);
  const label = new Float32Array(batchSize * voxels);
  const extras = Object.fromEntries(
    extraInputs.map((extra) => [extra.input, makeExtraInput(source, extra, batchIndex)]),
  );
  for (let n = 0; n < batchSize; n++) {
    makePatch(source, batchIndex * batchSize + n, {
      image: slot(image, n, channels * voxels),
      label: slot(label, n, voxels),
      projections: extraInputs.flatMap((extra) => {
        if (extra.kind !== 'labelProjection') return [];
        const values = extras[extra.input]!;
        return [
          { axis: projectedAxis(source, extra.axis), values: slot(values, n, values.length / batchSize) },
        ];
      }),
    });
  }
  return { image, label, ...extras };
}

/** The array of an extra input; projections are filled patch by patch. */
function makeExtraInput(
  source: PatchSource,
  extra: SamplerInput,
  batchIndex: number,
): Float32Array<ArrayBuffer> {
  const { batchSize, patchSize } = source.sampling;
  const size = tripleOf(patchSize);
  switch (extra.kind) {
    case 'labelProjection':
      return new Float32Array((batchSize * product(size)) / size[projectedAxis(source, extra.axis)]!);
    case 'bsplineGrid': {
      const random = sampleRandom(source.seed, `bsplineGrid/${extra.input}`, batchIndex);
      const grid = randomBsplineGrid(random, { ...extra, size, rank: patchSize.length });
      const all = new Float32Array(batchSize * grid.length);
      for (let n = 0; n < batchSize; n++) all.set(grid, n * grid.length);
      return all;
    }
    default:
      return unreachable(extra);
  }
}

/** Axes in a recipe count from the patch's own first axis. */
function projectedAxis({ sampling }: PatchSource, axis: number): 0 | 1 | 2 {
  return Math.min(2, axis + 3 - sampling.patchSize.length) as 0 | 1 | 2;
}

function slot(values: Float32Array, index: number, length: number): Float32Array {
  return values.subarray(index * length, (index + 1) * length);
}
