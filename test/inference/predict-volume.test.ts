/** @file Sliding windows and what becomes of their maps. */
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/base/cancel.ts';
import { Random } from '../../src/base/random.ts';
import { makeReferenceExecutor } from '../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../src/engine/graph/builder.ts';
import { add, mean, mul } from '../../src/engine/graph/functions.ts';
import type { Affine } from '../../src/imaging/geometry/affine.ts';
import type { Dims, Volume } from '../../src/imaging/volume.ts';
import { decideLabels } from '../../src/inference/label-map.ts';
import { predictVolume } from '../../src/inference/predict-volume.ts';
import { compilePredictor, withPredictionWeights, writeVariables } from '../../src/inference/predictor.ts';
import { slideWindows, windowStride } from '../../src/inference/sliding-window.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { makeVolume } from '../training/tiny-dataset.ts';
import { tinyRecipe } from '../training/tiny-recipe.ts';

interface NetworkOptions {
  /** [D, H, W], or fewer axes. */
  readonly window?: readonly number[];
  readonly channels?: number;
  readonly network?: (image: Tensor) => Tensor;
  readonly inference?: Partial<Recipe['inference']>;
  readonly preparation?: Partial<Recipe['preparation']>;
}

/** A predictor whose network is the function given; the identity by default. */
function makePredictor(options: NetworkOptions = {}) {
  const { window = [5, 6, 7], channels = 1, network = (image) => image } = options;
  const builder = new GraphBuilder();
  builder.output('probability', network(builder.input('image', [2, channels, ...window])));
  const tiny = tinyRecipe();
  // Its training graphs keep the tiny recipe's single channel: prediction reads the predict graph alone.
  const recipe: Recipe = {
    ...tiny,
    channels,
    graphs: { ...tiny.graphs, predict: builder.build() },
    preparation: { ...tiny.preparation, normalisation: { kind: 'none' }, ...options.preparation },
    inference: { ...tiny.inference, window: [...window], ...options.inference },
  };
  return compilePredictor(makeReferenceExecutor().open(), recipe, 1);
}

function noise(dims: Dims, seed = 1): Float32Array {
  const random = new Random(seed, 'noise');
  return Float32Array.from({ length: dims[0] * dims[1] * dims[2] }, () => random.uniform());
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

const oblique: Affine = [
  [0, -1.9, 0.3, 4],
  [1, 0.1, 0, -7],
  [0, 0.3, 2, 12],
  [0, 0, 0, 1],
];

describe('the sliding window', () => {
  it.each([
    { dims: [13, 11, 9] as Dims, inference: {} },
    { dims: [13, 11, 9] as Dims, inference: { blend: 'uniform' as const, overlap: [0.25, 0.5, 0.7] } },
    { dims: [7, 6, 5] as Dims, inference: {} },
    { dims: [3, 17, 2] as Dims, inference: { overlap: [0] } },
    { dims: [1, 1, 1] as Dims, inference: {} },
  ])('gives an identity network’s input back exactly: $dims, $inference', async ({ dims, inference }) => {
    const values = noise(dims);
    const maps = await slideWindows({ predictor: makePredictor({ inference }), channels: [values], dims });
    expect(worst(maps.get('probability')!.values, values)).toBeLessThan(1e-6);
  });

  it('does not ask the network about windows without contrast', async () => {
    const dims: Dims = [12, 6, 5];
    const values = noise(dims).map((value, i) => (i % 12 < 6 ? value : 0));
    const network = (image: Tensor) => add(image, 1);
    const predictor = makePredictor({ window: [5, 6, 6], network, inference: { overlap: [0] } });
    const maps = await slideWindows({ predictor, channels: [values], dims });
    const expected = values.map((value, i) => (i % 12 < 6 ? value + 1 : 0));
    expect(worst(maps.get('probability')!.values, expected)).toBeLessThan(1e-6);
  });

  it('works slice by slice with a 2-D network', async () => {
    const dims: Dims = [9, 8, 4];
    const values = noise(dims);
    const maps = await slideWindows({
      predictor: makePredictor({ window: [4, 5] }),
      channels: [values],
      dims,
    });
    expect(worst(maps.get('probability')!.values, values)).toBeLessThan(1e-6);
  });

  it('keeps several channels apart', async () => {
    const dims: Dims = [8, 9, 10];
    const channels = [noise(dims, 1), noise(dims, 2)];
    const maps = await slideWindows({ predictor: makePredictor({ channels: 2 }), channels, dims });
    const map = maps.get('probability')!;
    expect(map.channels).toBe(2);
    expect(worst(map.values.subarray(720), channels[1]!)).toBeLessThan(1e-6);
  });

  it('lets seams vanish: with Gaussian weights steps between windows are smaller than with uniform ones', async () => {
    // Each window says its own mean, so that windows disagree; a seam is a jump between neighbours.
    const dims: Dims = [96, 6, 5];
    const ramp = Float32Array.from({ length: 2880 }, (_, i) => (i % 96) / 96);
    // The middle row: in corners of the volume the smallest weight (0.001) makes a Gaussian window nearly uniform.
    const row = (2 * 6 + 3) * 96;
    const jumpOf = async (blend: 'gaussian' | 'uniform') => {
      const network = (image: Tensor) =>
        mul(mean(image, [2, 3, 4], { keepDims: true }), image.builder.constant(1, image.shape));
      const predictor = makePredictor({ window: [5, 6, 32], network, inference: { blend, overlap: [0.5] } });
      const { values } = (await slideWindows({ predictor, channels: [ramp], dims })).get('probability')!;
      return Math.max(
        ...Array.from({ length: 95 }, (_, i) => Math.abs(values[row + i + 1]! - values[row + i]!)),
      );
    };
    const [gaussian, uniform] = [await jumpOf('gaussian'), await jumpOf('uniform')];
    expect(gaussian).toBeLessThan(0.6 * uniform);
  });

  it('divides each window by its maximum where training did', async () => {
    const preparation = { normalisation: { kind: 'patchMax' as const } };
    const dims: Dims = [7, 6, 5];
    const values = noise(dims).map((value) => 50 * value);
    const predictor = makePredictor({ preparation });
    const map = (await slideWindows({ predictor, channels: [values], dims })).get('probability')!;
    expect(Math.max(...map.values)).toBeCloseTo(1, 5);
  });

  it('steps by the overlap of each axis, a single one for all', () => {
    const inference = { ...tinyRecipe().inference, window: [10, 20, 40] };
    expect(windowStride({ ...inference, overlap: [0.5] })).toEqual([20, 10, 5]);
    expect(windowStride({ ...inference, overlap: [0, 0.5, 0.75] })).toEqual([10, 10, 10]);
    expect(windowStride({ ...inference, window: [8, 8], overlap: [0.5, 0.25] })).toEqual([6, 4, 1]);
  });

  it('reports each batch and stops when cancelled', async () => {
    const dims: Dims = [20, 12, 10];
    const channels = [noise(dims)];
    const abort = new AbortController();
    const seen: number[] = [];
    const report = (done: number) => {
      seen.push(done);
      if (seen.length === 2) abort.abort();
    };
    const work = slideWindows({ predictor: makePredictor(), channels, dims, signal: abort.signal, report });
    await expect(work).rejects.toBeInstanceOf(Cancelled);
    expect(seen).toEqual([2, 4]);
  });
});

describe('predicting a volume', () => {
  const dims: Dims = [11, 8, 9];
  const volume: Volume = {
    ...makeVolume(dims, noise(dims)),
    rasFromIjk: oblique,
    spacingMm: [1, 1.93, 2.02],
  };

  it('gives maps and labels on exactly the grid of the file, however it is turned', async () => {
    const predictor = makePredictor();
    const { maps, labels } = await predictVolume({ predictor, channels: [volume] });
    expect(maps.probability).toMatchObject({ dims, rasFromIjk: oblique, dtype: 'float32', components: 1 });
    expect(worst(maps.probability!.data as Float32Array, volume.data as Float32Array)).toBeLessThan(1e-6);
    const expected = Uint8Array.from(maps.probability!.data as Float32Array, (value) =>
      value > 0.5 ? 1 : 0,
    );
    expect(labels).toMatchObject({ dims, rasFromIjk: oblique, dtype: 'uint8' });
    expect(labels.data).toEqual(expected);
  });

  it('keeps the grid of the file when the network sees another spacing', async () => {
    const predictor = makePredictor({ preparation: { spacingMm: [1.5, 1.5, 1.5] } });
    const { maps, labels } = await predictVolume({ predictor, channels: [volume] });
    expect([maps.probability!.dims, labels.dims]).toEqual([dims, dims]);
  });

  it('writes the label values of the recipe', async () => {
    const predictor = makePredictor();
    const classes = [{ value: 300, name: 'x', colour: '#fff' }];
    const big = { ...predictor, recipe: { ...predictor.recipe, classes } };
    const { labels } = await predictVolume({ predictor: big, channels: [volume] });
    expect(labels.dtype).toBe('uint16');
    expect(new Set(labels.data as Uint16Array)).toEqual(new Set([0, 300]));
  });

  it('refuses other channels than it was trained on', async () => {
    const predictor = makePredictor({ channels: 2 });
    await expect(predictVolume({ predictor, channels: [volume] })).rejects.toMatchObject({
      code: 'INPUT_CHANNELS',
    });
    const other = makeVolume([4, 4, 4], noise([4, 4, 4]));
    await expect(predictVolume({ predictor, channels: [volume, other] })).rejects.toMatchObject({
      code: 'INPUT_GRIDS_DIFFER',
    });
  });
});

describe('labels', () => {
  const { inference } = tinyRecipe();
  const row = (
    values: number[],
    threshold: Recipe['inference']['threshold'],
    rest: Partial<Recipe['inference']> = {},
  ) => [
    ...decideLabels({ channels: 1, values: Float32Array.from(values) }, [values.length, 1, 1], {
      inference: { ...inference, threshold, ...rest },
      classCount: 1,
    }),
  ];

  it.each([
    ['fixed', { kind: 'fixed', value: 0.75 }, [0.5, 0.75, 0.8], [0, 0, 1]],
    ['Otsu', { kind: 'otsu' }, [0.1, 0.1, 0.2, 0.8, 0.9], [0, 0, 0, 1, 1]],
    ['Otsu of a constant', { kind: 'otsu' }, [0.7, 0.7], [1, 1]],
    [
      'hysteresis',
      { kind: 'hysteresis', low: 0.2, high: 0.5 },
      [0.3, 0.6, 0.3, 0, 0.4, 0.4],
      [1, 1, 1, 0, 0, 0],
    ],
    ['one class, most probable', { kind: 'argMax' }, [0.4, 0.6], [0, 1]],
  ] as const)('by %s threshold', (_, threshold, values, expected) => {
    expect(row([...values], threshold)).toEqual(expected);
  });

  it('drop small parts and keep the largest', () => {
    const values = [1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1];
    const fixed = { kind: 'fixed', value: 0.5 } as const;
    expect(row(values, fixed, { removeSmallerThanVoxels: 3 })).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1,
    ]);
    expect(row(values, fixed, { keepLargest: 1 })).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('of several classes are the most probable, with a background channel or without', () => {
    const threshold = { kind: 'argMax' } as const;
    const decide = (channels: number, values: number[]) => [
      ...decideLabels({ channels, values: Float32Array.from(values) }, [2, 1, 1], {
        inference: { ...inference, threshold },
        classCount: 2,
      }),
    ];
    expect(decide(3, [0.5, 0.2, 0.3, 0.1, 0.2, 0.7])).toEqual([0, 2]);
    expect(decide(2, [0.4, 0.6, 0.3, 0.9])).toEqual([0, 2]);
  });
});

describe('a predictor', () => {
  it('uses the averaged weights where the recipe keeps them', async () => {
    const recipe = tinyRecipe({ training: { emaDecay: 0.9 } });
    const session = makeReferenceExecutor().open();
    compilePredictor(session, recipe, 1);
    expect([...session.variables.keys()].sort()).toEqual(['average.conv.bias', 'average.conv.weight']);
    const plain = tinyRecipe();
    expect(withPredictionWeights(plain.graphs.predict, plain)).toBe(plain.graphs.predict);
  });

  it('says which tensor of a checkpoint does not fit', async () => {
    const session = makeReferenceExecutor().open();
    compilePredictor(session, tinyRecipe(), 1);
    const tensors = new Map([['conv.weight', { shape: [2], values: new Float32Array(2) }]]);
    await expect(writeVariables(session, tensors)).rejects.toMatchObject({
      code: 'CHECKPOINT_UNFIT',
      field: 'conv.weight',
    });
  });
});
