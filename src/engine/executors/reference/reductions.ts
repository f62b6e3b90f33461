/** @file Sums, maxima, soft maxima, sorting and matrix products. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import { aroundAxis, broadcastOffsetOf, fill, type Kernels, type Values } from './values.ts';

type Reduction = 'sum' | 'max' | 'argMax' | 'softmax' | 'logSoftmax' | 'argSort' | 'matmul';

/** Each element of x is merged into the result's element of its index, where reduced axes have size 1. */
function reduce(x: Values, to: Shape, start: number, merge: (a: number, b: number) => number): Float64Array {
  const result = new Float64Array(elementCount(to)).fill(start);
  fill(x.shape, (index, i) => {
    const target = broadcastOffsetOf(to, index);
    result[target] = merge(result[target]!, x.data[i]!);
    return 0;
  });
  return result;
}

/** Every line of x along `axis` is replaced by `map(line)`; results of one element shrink the axis. */
function alongAxis(x: Values, axis: number, map: (line: number[]) => readonly number[]): Float64Array {
  const { before, size, after } = aroundAxis(x.shape, axis);
  const lines: (readonly number[])[] = [];
  for (let i = 0; i < before * after; i++) {
    const start = Math.floor(i / after) * size * after + (i % after);
    lines.push(map(Array.from({ length: size }, (_, k) => x.data[start + k * after]!)));
  }
  const length = lines[0]!.length;
  return fill([before, length, after], ([b, k, a]) => lines[b! * after + a!]![k!]!);
}

/** Not Math.max(...line): a line may be longer than an argument list. */
const peakOf = (line: readonly number[]) => line.reduce((a, b) => Math.max(a, b));

function softmax(line: readonly number[]): number[] {
  const peak = peakOf(line);
  const powers = line.map((x) => Math.exp(x - peak));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

function logSoftmax(line: readonly number[]): number[] {
  const peak = peakOf(line);
  const logTotal = peak + Math.log(line.reduce((total, x) => total + Math.exp(x - peak), 0));
  return line.map((x) => x - logTotal);
}

export const reductionKernels: Kernels<Reduction> = {
  sum: ({ shape }, x) => reduce(x!, shape, 0, (a, b) => a + b),
  max: ({ shape }, x) => reduce(x!, shape, Number.NEGATIVE_INFINITY, Math.max),
  argMax: ({ attributes }, x) => alongAxis(x!, attributes.axis, (line) => [line.indexOf(peakOf(line))]),
  softmax: ({ attributes }, x) => alongAxis(x!, attributes.axis, softmax),
  logSoftmax: ({ attributes }, x) => alongAxis(x!, attributes.axis, logSoftmax),
  argSort: ({ attributes }, x) =>
    alongAxis(x!, attributes.axis, (line) => [...line.keys()].sort((a, b) => line[a]! - line[b]!)),
  matmul: ({ attributes: { transposeA, transposeB }, shape }, a, b) => {
    const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
    const inner = transposeA ? a!.shape.at(-2)! : a!.shape.at(-1)!;
    const batches = elementCount(shape.slice(0, -2));
    return fill([batches, rows, columns], ([batch, row, column]) => {
      let total = 0;
      for (let k = 0; k < inner; k++) {
        const inA = transposeA ? k * rows + row! : row! * inner + k;
        const inB = transposeB ? column! * inner + k : k * columns + column!;
        total += a!.data[batch! * rows * inner + inA]! * b!.data[batch! * inner * columns + inB]!;
      }
      return total;
    });
  },
};
