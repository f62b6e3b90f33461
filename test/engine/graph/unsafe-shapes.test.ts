import { expect, it } from 'vitest';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import type { DType, Shape } from '../../../src/engine/graph/graph.ts';

const norm = { kind: 'group', groups: 4, epsilon: 1e-5, slope: null } as const;
const window = { stride: [1, 1], padding: [[0, 0] as const, [0, 0] as const], kernel: [2, 2] };
const conv = { stride: [1, 1], padding: window.padding, dilation: [1, 1], groups: 2 };
const sampling = { mode: 'linear', padding: 'zeros', alignCorners: false } as const;

type Make = (given: (shape: Shape, dtype?: DType) => Tensor) => Tensor;

/** Operands that a kernel would read past their end, because their sizes follow from those of another. */
const unsafe: readonly [string, Make][] = [
  [
    'fewer indices than rows to scatter',
    (t) => t([]).builder.node('scatterAdd', [t([5, 3]), t([4], 'i32')], { axis: 0, size: 9 }),
  ],
  [
    'a matrix of indices to gather',
    (t) => t([]).builder.node('gather', [t([5, 3]), t([2, 2], 'i32')], { axis: 0 }),
  ],
  [
    'indices narrower than what they pick from',
    (t) => t([]).builder.node('takeAlong', [t([5, 3]), t([2, 1], 'i32')], { axis: 0 }),
  ],
  [
    'indices fewer than what they place',
    (t) => t([]).builder.node('putAlong', [t([5, 3]), t([4, 3], 'i32')], { axis: 0, size: 9 }),
  ],
  [
    'a smaller gradient of a norm, for the sums',
    (t) =>
      t([]).builder.node('normGradSums', [t([2, 4, 5]), t([2, 4, 6]), t([2, 4, 2]), t([4]), t([4])], norm),
  ],
  [
    'a smaller gradient of a norm',
    (t) =>
      t([]).builder.node(
        'normGradInput',
        [t([2, 4, 5]), t([2, 4, 6]), t([2, 4, 2]), t([4]), t([4]), t([2, 4, 2])],
        norm,
      ),
  ],
  [
    'sums of fewer channels',
    (t) =>
      t([]).builder.node(
        'normGradInput',
        [t([2, 4, 6]), t([2, 4, 6]), t([2, 4, 2]), t([4]), t([4]), t([2, 3, 2])],
        norm,
      ),
  ],
  [
    'no sums',
    (t) =>
      t([]).builder.node('normGradInput', [t([2, 4, 6]), t([2, 4, 6]), t([2, 4, 2]), t([4]), t([4])], norm),
  ],
  [
    'a pooled gradient of fewer channels',
    (t) => t([]).builder.node('maxPoolGrad', [t([1, 2, 2, 2]), t([1, 4, 3, 3])], window),
  ],
  [
    'a pool with a stride for more axes than it has',
    (t) => t([]).builder.node('maxPool', [t([1, 2, 4, 4])], { ...window, stride: [1, 1, 1] }),
  ],
  [
    'a weight gradient with a kernel of more axes',
    (t) =>
      t([]).builder.node('convGradWeight', [t([1, 2, 4, 4]), t([1, 2, 3, 3])], {
        ...conv,
        kernel: [2, 2, 2],
      }),
  ],
  [
    'a weight gradient whose groups do not divide dy',
    (t) =>
      t([]).builder.node('convGradWeight', [t([1, 2, 4, 4]), t([1, 3, 3, 3])], { ...conv, kernel: [2, 2] }),
  ],
  [
    'a transposed convolution whose groups do not divide y',
    (t) =>
      t([]).builder.node('convTranspose', [t([1, 3, 3, 3]), t([3, 1, 2, 2])], { ...conv, spatial: [4, 4] }),
  ],
  [
    'a sampled gradient smaller than the grid',
    (t) =>
      t([]).builder.node('gridSampleGradInput', [t([1, 2, 3, 3]), t([1, 4, 4, 2])], {
        ...sampling,
        spatial: [5, 5],
      }),
  ],
  [
    'a grid of fewer coordinates than axes',
    (t) =>
      t([]).builder.node('gridSampleGradInput', [t([1, 2, 4, 4]), t([1, 4, 4, 1])], {
        ...sampling,
        spatial: [5, 5],
      }),
  ],
  [
    'a gradient of samples smaller than the grid',
    (t) =>
      t([]).builder.node('gridSampleGradGrid', [t([1, 2, 3, 3]), t([1, 2, 5, 5]), t([1, 4, 4, 2])], sampling),
  ],
  [
    'an index ramp along no axis',
    (t) => t([]).builder.node('iota', [], { axis: 2 }, { shape: [2, 2], dtype: 'f32' }),
  ],
];

it.each(unsafe)('%s is refused', (_title, make) => {
  const builder = new GraphBuilder();
  let count = 0;
  const given = (shape: Shape, dtype: DType = 'f32') => builder.input(`t${count++}`, shape, dtype);
  expect(() => make(given)).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE_MISMATCH' }));
});
