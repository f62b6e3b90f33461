/** @file Sampling at grid positions, with both gradients. Positions follow PyTorch's grid_sample. */
import { elementCount, type Shape } from '../../graph/graph.ts';
import type { GridSampleAttributes } from '../../graph/ops.ts';
import type { Kernels, Values } from './values.ts';

/** One voxel that a grid position reads: its offset in space, weight, and the weight's slope by each grid coordinate. */
interface Corner {
  readonly at: number;
  readonly weight: number;
  readonly slopes: readonly number[];
}

/** One axis: voxel index, weight and slope of the weight; indices may lie outside. */
interface AxisCorner {
  readonly at: number;
  readonly weight: number;
  readonly slope: number;
}

function axisCorners(coordinate: number, size: number, attributes: GridSampleAttributes): AxisCorner[] {
  const { mode, padding, alignCorners } = attributes;
  const scale = alignCorners ? (size - 1) / 2 : size / 2;
  const free = (coordinate + 1) * scale - (alignCorners ? 0 : 0.5);
  const position = padding === 'border' ? Math.min(Math.max(free, 0), size - 1) : free;
  if (mode === 'nearest') return [{ at: roundHalfToEven(position), weight: 1, slope: 0 }];
  // Held at the border, the position does not move with the grid.
  const slope = padding === 'border' && (free <= 0 || free >= size - 1) ? 0 : scale;
  const low = Math.floor(position);
  const fraction = position - low;
  return [
    { at: low, weight: 1 - fraction, slope: -slope },
    { at: low + 1, weight: fraction, slope },
  ];
}

function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** Corners inside the image for one position (x, y[, z]): x runs along the last axis. */
function cornersOf(position: readonly number[], spatial: Shape, attributes: GridSampleAttributes): Corner[] {
  const axes = spatial.length;
  let corners: Corner[] = [{ at: 0, weight: 1, slopes: position.map(() => 0) }];
  spatial.forEach((size, axis) => {
    const coordinate = axes - 1 - axis;
    const steps = axisCorners(position[coordinate]!, size, attributes).filter(
      ({ at }) => at >= 0 && at < size,
    );
    corners = corners.flatMap((corner) =>
      steps.map((step) => ({
        at: corner.at * size + step.at,
        weight: corner.weight * step.weight,
        slopes: corner.slopes.map((slope, i) =>
          i === coordinate ? corner.weight * step.slope : slope * step.weight,
        ),
      })),
    );
  });
  return corners;
}

/** Visits each position of the grid with its corners; `point` counts grid positions of all samples. */
function forEachPoint(
  grid: Values,
  spatial: Shape,
  attributes: GridSampleAttributes,
  visit: (sample: number, point: number, corners: readonly Corner[]) => void,
): void {
  const axes = spatial.length;
  const points = elementCount(grid.shape.slice(1, -1));
  for (let i = 0; i < grid.shape[0]! * points; i++) {
    const position = Array.from(grid.data.subarray(i * axes, (i + 1) * axes));
    visit(Math.floor(i / points), i % points, cornersOf(position, spatial, attributes));
  }
}

export const gridSampleKernels: Kernels<'gridSample' | 'gridSampleGradInput' | 'gridSampleGradGrid'> = {
  gridSample: ({ attributes, shape }, x, grid) => {
    const result = new Float64Array(elementCount(shape));
    const spatial = x!.shape.slice(2);
    const [channels, points, voxels] = [shape[1]!, elementCount(shape.slice(2)), elementCount(spatial)];
    forEachPoint(grid!, spatial, attributes, (n, point, corners) => {
      for (let c = n * channels; c < (n + 1) * channels; c++) {
        for (const { at, weight } of corners)
          result[c * points + point]! += weight * x!.data[c * voxels + at]!;
      }
    });
    return result;
  },
  gridSampleGradInput: ({ attributes, shape }, dy, grid) => {
    const result = new Float64Array(elementCount(shape));
    const [channels, voxels] = [shape[1]!, elementCount(attributes.spatial)];
    const points = elementCount(dy!.shape.slice(2));
    forEachPoint(grid!, attributes.spatial, attributes, (n, point, corners) => {
      for (let c = n * channels; c < (n + 1) * channels; c++) {
        for (const { at, weight } of corners)
          result[c * voxels + at]! += weight * dy!.data[c * points + point]!;
      }
    });
    return result;
  },
  gridSampleGradGrid: ({ attributes, shape }, dy, x, grid) => {
    const result = new Float64Array(elementCount(shape));
    const spatial = x!.shape.slice(2);
    const [channels, voxels] = [x!.shape[1]!, elementCount(spatial)];
    const points = elementCount(dy!.shape.slice(2));
    forEachPoint(grid!, spatial, attributes, (n, point, corners) => {
      const first = (n * points + point) * spatial.length;
      for (let c = n * channels; c < (n + 1) * channels; c++) {
        for (const { at, slopes } of corners) {
          const product = dy!.data[c * points + point]! * x!.data[c * voxels + at]!;
          slopes.forEach((slope, i) => {
            result[first + i]! += slope * product;
          });
        }
      }
    });
    return result;
  },
};
