/** @file Slides the predict graph over a prepared volume and blends what overlapping windows say. */
import { throwIfCancelled } from '../base/cancel.ts';
import { invariant } from '../base/errors.ts';
import { divideByMaximum } from '../imaging/divide-by-maximum.ts';
import { addWindow, cutWindow, type Position, windowPositions, windowWeights } from '../imaging/tiles.ts';
import { type Dims, voxelCount } from '../imaging/volume.ts';
import type { Inference } from '../recipe/recipe.ts';
import type { Predictor } from './predictor.ts';

/** One output of the graph over the whole volume. */
export interface BlendedMap {
  readonly channels: number;
  /** [channels][voxels], x fastest within a channel. */
  readonly values: Float32Array;
}

export interface SlideOptions {
  readonly predictor: Predictor;
  /** Prepared values, x fastest, one array per image channel. */
  readonly channels: readonly Float32Array[];
  readonly dims: Dims;
  readonly signal?: AbortSignal | undefined;
  /** Windows done, of all. */
  readonly report?: ((done: number, total: number) => void) | undefined;
}

/**
 * Blended maps by name of the recipe's outputs. Volumes smaller than a window are mirrored at their borders.
 * A window without any contrast (masked background) holds nothing to segment: it counts as 0 in every map and the network does not
 * see it, because instance norm makes its rounding as large as real structure.
 * Memory: the maps, one volume of weights, and one batch of windows. Throws Cancelled.
 */
export async function slideWindows(options: SlideOptions): Promise<Map<string, BlendedMap>> {
  const { predictor, dims } = options;
  const { recipe, program } = predictor;
  const size = windowDims(recipe.inference.window);
  const positions = windowPositions(dims, size, windowStride(recipe.inference));
  const weights = windowWeights(size, recipe.inference.blend);
  const weightSums = new Float32Array(voxelCount(dims));
  const maps = new Map(
    recipe.outputs.map(({ name, graphOutput }) => {
      const shape = program.outputs.get(graphOutput)?.shape;
      invariant(shape !== undefined && shape.length >= 2, `the predict graph has an output "${graphOutput}"`);
      return [name, { channels: shape[1]!, values: new Float32Array(shape[1]! * voxelCount(dims)) }];
    }),
  );
  const { batchSize } = recipe.inference;
  const image = new Float32Array(batchSize * options.channels.length * voxelCount(size));
  const [structured, flat] = partitionByContrast(positions, size, options);
  addFlat(flat, { size, weights }, { dims, map: maps.get(recipe.outputs[0]!.name)!, weightSums });
  for (let done = 0; done < structured.length; done += batchSize) {
    throwIfCancelled(options.signal);
    const batch = structured.slice(done, done + batchSize);
    cutBatch(image, batch, size, options);
    const outputs = await program.run({ image });
    for (const { name, graphOutput } of recipe.outputs) {
      const isFirst = name === recipe.outputs[0]!.name;
      const values = outputs[graphOutput] as Float32Array;
      const counted = isFirst ? weightSums : undefined;
      addBatch({ batch, values }, { size, weights }, { dims, map: maps.get(name)!, weightSums: counted });
    }
    options.report?.(Math.min(done + batchSize, structured.length), structured.length);
  }
  for (const { values } of maps.values()) divideByWeights(values, weightSums);
  return maps;
}

/** Window along x, y, z from [D, H, W] with one to three axes. */
export function windowDims(window: readonly number[]): Dims {
  const [x = 1, y = 1, z = 1] = [...window].reverse();
  return [x, y, z];
}

/** Steps along x, y, z; a single overlap holds for all axes. */
export function windowStride({ window, overlap }: Inference): Dims {
  const steps = window.map((length, axis) =>
    Math.max(1, Math.round(length * (1 - (overlap[axis] ?? overlap.at(-1)!)))),
  );
  return windowDims(steps);
}

/** Fills the batch; places after the last window keep what they held, and their results are not used. */
function cutBatch(image: Float32Array, batch: readonly Position[], size: Dims, options: SlideOptions): void {
  const { predictor, channels, dims } = options;
  const divides = predictor.recipe.preparation.normalisation.kind === 'patchMax';
  const voxels = voxelCount(size);
  batch.forEach((start, n) => {
    channels.forEach((values, c) => {
      const offset = (n * channels.length + c) * voxels;
      cutWindow(values, dims, { start, size }, { target: image, offset });
      if (divides) divideByMaximum(image.subarray(offset, offset + voxels));
    });
  });
}

/** Windows in which some channel varies, and those in which none does; where none does anywhere, all count as the former. */
function partitionByContrast(
  positions: readonly Position[],
  size: Dims,
  { channels, dims }: SlideOptions,
): [Position[], Position[]] {
  const target = new Float32Array(voxelCount(size));
  const isFlat = (start: Position) =>
    channels.every((values) => {
      cutWindow(values, dims, { start, size }, { target, offset: 0 });
      const first = target[0]!;
      return target.every((value) => value === first);
    });
  const structured: Position[] = [];
  const flat: Position[] = [];
  for (const start of positions) (isFlat(start) ? flat : structured).push(start);
  return structured.length === 0 ? [flat, []] : [structured, flat];
}

function addFlat(
  flat: readonly Position[],
  { size, weights }: { size: Dims; weights: Float32Array },
  { dims, map, weightSums }: { dims: Dims; map: BlendedMap; weightSums: Float32Array },
): void {
  const values = new Float32Array(voxelCount(size));
  const sums = map.values.subarray(0, voxelCount(dims));
  for (const start of flat)
    addWindow({ values, offset: 0 }, { start, size, weights }, { dims, sums, weightSums });
}

function addBatch(
  { batch, values }: { batch: readonly Position[]; values: Float32Array },
  { size, weights }: { size: Dims; weights: Float32Array },
  { dims, map, weightSums }: { dims: Dims; map: BlendedMap; weightSums: Float32Array | undefined },
): void {
  const voxels = voxelCount(size);
  const total = voxelCount(dims);
  batch.forEach((start, n) => {
    for (let c = 0; c < map.channels; c++) {
      const offset = (n * map.channels + c) * voxels;
      const sums = map.values.subarray(c * total, (c + 1) * total);
      const counted = c === 0 ? weightSums : undefined;
      addWindow({ values, offset }, { start, size, weights }, { dims, sums, weightSums: counted });
    }
  });
}

function divideByWeights(values: Float32Array, weightSums: Float32Array): void {
  for (let start = 0; start < values.length; start += weightSums.length)
    for (let i = 0; i < weightSums.length; i++) values[start + i]! /= weightSums[i]!;
}
