/** @file Constants, index ramps and random numbers. Inputs and variables are put in place by the executor itself. */
import { philox } from '../../../base/random.ts';
import { elementCount } from '../../graph/graph.ts';
import { fill, type Kernels } from './values.ts';

type Leaf = 'constant' | 'iota' | 'random';

export const leafKernels: Kernels<Leaf> = {
  constant: ({ attributes, shape }) =>
    'values' in attributes ? attributes.values : fill(shape, () => attributes.value),
  iota: ({ attributes, shape }) => fill(shape, (index) => index[attributes.axis]!),
  random: ({ attributes, shape }, key) => {
    const [seed, step] = [key!.data[0]!, key!.data[1]!];
    const map = attributes.distribution === 'uniform' ? uniforms : normals;
    const result = new Float64Array(elementCount(shape));
    const words = new Uint32Array(4);
    for (let first = 0; first < result.length; first += 4) {
      philox([seed, attributes.stream], [first / 4, step, 0, 0], words);
      result.set(map(words).slice(0, result.length - first), first);
    }
    return result;
  },
};

/** Four numbers in (0, 1), from the upper 23 bits of each word, so that they are exact in f32. */
function uniforms(words: Uint32Array): number[] {
  return Array.from(words, (word) => ((word >>> 9) + 0.5) * 2 ** -23);
}

/** Box-Muller: each pair of uniform numbers gives a cosine and a sine. */
function normals(words: Uint32Array): number[] {
  const u = uniforms(words);
  return u.map((_, lane) => {
    const pair = lane - (lane % 2);
    const radius = Math.sqrt(-2 * Math.log(u[pair]!));
    const angle = 2 * Math.PI * u[pair + 1]!;
    return radius * (lane % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}
