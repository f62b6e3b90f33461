/** @file Normalisation in its parts: statistics, application, and the two steps of its gradient. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import type { NormAttributes } from '../../graph/ops.ts';
import type { Kernels, Values } from './values.ts';

type Norm = 'normStats' | 'normApply' | 'normGradSums' | 'normGradInput';

/** Where an element of x [N, C, …] belongs: its channel, its row of statistics, its row of [N, C] sums. */
interface Place {
  readonly channel: number;
  readonly set: number;
  readonly row: number;
}

function placesOf(shape: Shape, kind: 'group' | 'batch', groups: number): (i: number) => Place {
  const channels = shape[1]!;
  const voxels = elementCount(shape.slice(2));
  return (i) => {
    const row = Math.floor(i / voxels);
    const channel = row % channels;
    const group = Math.floor((channel * groups) / channels);
    return { channel, row, set: kind === 'group' ? Math.floor(row / channels) * groups + group : channel };
  };
}

/** x̂ = (x − mean)/√(variance + ε), 1/√(variance + ε), and dy' = dy through the activation that follows x̂·scale + bias. */
function formulasOf(attributes: NormAttributes, [x, stats, scale, bias]: readonly Values[]) {
  const place = placesOf(x!.shape, attributes.kind, attributes.groups);
  const inverse = (set: number) => 1 / Math.sqrt(stats!.data[2 * set + 1]! + attributes.epsilon);
  const normalised = (i: number) => {
    const { set } = place(i);
    return (x!.data[i]! - stats!.data[2 * set]!) * inverse(set);
  };
  const affine = (i: number) => {
    const { channel } = place(i);
    return normalised(i) * scale!.data[channel]! + bias!.data[channel]!;
  };
  const slopeAt = (i: number) => (attributes.slope === null || affine(i) > 0 ? 1 : attributes.slope);
  return { place, inverse, normalised, affine, slopeAt };
}

export const normKernels: Kernels<Norm> = {
  normStats: ({ attributes: { kind, groups }, shape }, x) => {
    const place = placesOf(x!.shape, kind, groups);
    const stats = new Float64Array(elementCount(shape));
    const perSet = x!.data.length / (stats.length / 2);
    x!.data.forEach((value, i) => {
      stats[2 * place(i).set]! += value / perSet;
    });
    x!.data.forEach((value, i) => {
      const { set } = place(i);
      stats[2 * set + 1]! += (value - stats[2 * set]!) ** 2 / perSet;
    });
    return stats;
  },
  normApply: ({ attributes, shape }, ...inputs) => {
    const { affine, slopeAt } = formulasOf(attributes, inputs);
    return Float64Array.from({ length: elementCount(shape) }, (_, i) => affine(i) * slopeAt(i));
  },
  normGradSums: ({ attributes, shape }, dy, ...inputs) => {
    const { place, normalised, slopeAt } = formulasOf(attributes, inputs);
    const sums = new Float64Array(elementCount(shape));
    dy!.data.forEach((value, i) => {
      const { row } = place(i);
      sums[2 * row]! += value * slopeAt(i);
      sums[2 * row + 1]! += value * slopeAt(i) * normalised(i);
    });
    return sums;
  },
  // With g = dy'·scale over the M elements that share statistics: dx = (g − Σg/M − x̂·Σ(g·x̂)/M)/√(variance + ε).
  normGradInput: ({ attributes }, dy, x, stats, scale, bias, sums) => {
    const { place, inverse, normalised, slopeAt } = formulasOf(attributes, [x!, stats!, scale!, bias!]);
    const rows = sums!.data.length / 2;
    const voxels = x!.data.length / rows;
    const perSet = (2 * x!.data.length) / stats!.data.length;
    const totals = new Float64Array(stats!.data.length);
    for (let row = 0; row < rows; row++) {
      const { set, channel } = place(row * voxels);
      totals[2 * set]! += (scale!.data[channel]! * sums!.data[2 * row]!) / perSet;
      totals[2 * set + 1]! += (scale!.data[channel]! * sums!.data[2 * row + 1]!) / perSet;
    }
    return Float64Array.from(dy!.data, (value, i) => {
      const { set, channel } = place(i);
      const g = value * slopeAt(i) * scale!.data[channel]!;
      return (g - totals[2 * set]! - normalised(i) * totals[2 * set + 1]!) * inverse(set);
    });
  },
};
