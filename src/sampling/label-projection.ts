/** @file Maximum projection of a whole label volume, cropped to the place of a patch (the published form of the MIP loss). */
import { reflectIndex } from '../imaging/tiles.ts';
import type { SourceOf } from './augment/resample-patch.ts';
import type { Box } from './crop.ts';
import type { Triple } from './patch-shape.ts';

export interface ProjectionOptions {
  readonly shape: Triple;
  readonly box: Box;
  /** Where each place of the patch comes from when it is turned or deformed; null for a plain crop. */
  readonly source: SourceOf | null;
  /** Tensor axis to project along; of three. */
  readonly axis: number;
}

/**
 * Largest class along whole rays through the volume, one ray for each place of the patch's face.
 * A turned or deformed patch sends its rays along its own axis. Beyond the volume the patch itself is reflected, and its projection with it;
 * the rest of a ray beyond the volume counts as background.
 *
 * out  [D, H, W] with size 1 along the axis, C order
 */
export function projectLabel(labelMap: Uint8Array, options: ProjectionOptions, out: Float32Array): void {
  const { box, axis } = options;
  const face: [number, number, number] = [...box.size];
  face[axis] = 1;
  const ray = options.source === null ? straightRay(labelMap, options) : bentRay(labelMap, options);
  let position = 0;
  for (let d = 0; d < face[0]; d++)
    for (let h = 0; h < face[1]; h++) for (let w = 0; w < face[2]; w++) out[position++] = ray([d, h, w]);
}

type Ray = (place: readonly number[]) => number;

function straightRay(labelMap: Uint8Array, { shape, box, axis }: ProjectionOptions): Ray {
  const strides = [shape[1] * shape[2], shape[2], 1];
  return (place) => {
    let at = 0;
    for (let a = 0; a < 3; a++)
      if (a !== axis) at += reflectIndex(box.start[a]! + place[a]!, shape[a]!) * strides[a]!;
    let largest = 0;
    for (let i = 0; i < shape[axis]!; i++, at += strides[axis]!)
      if (labelMap[at]! > largest) largest = labelMap[at]!;
    return largest;
  };
}

function bentRay(labelMap: Uint8Array, { shape, box, source, axis }: ProjectionOptions): Ray {
  // Long enough to leave the volume at both ends whichever way the patch is turned.
  const reach = Math.ceil(Math.hypot(...shape));
  const at = new Float64Array(3);
  return (place) => {
    const [d, h, w] = [...place] as [number, number, number];
    const length = box.size[axis]!;
    let largest = 0;
    for (let i = -reach; i < length + reach; i++) {
      source!(axis === 0 ? i : d, axis === 1 ? i : h, axis === 2 ? i : w, at);
      const isOwn = i >= 0 && i < length;
      const value = isOwn ? nearestReflected(labelMap, shape, at) : nearestInside(labelMap, shape, at);
      if (value > largest) largest = value;
    }
    return largest;
  };
}

function nearestInside(labelMap: Uint8Array, shape: Triple, at: Float64Array): number {
  const d = Math.round(at[0]!);
  const h = Math.round(at[1]!);
  const w = Math.round(at[2]!);
  const inside = d >= 0 && d < shape[0] && h >= 0 && h < shape[1] && w >= 0 && w < shape[2];
  return inside ? labelMap[(d * shape[1] + h) * shape[2] + w]! : 0;
}

function nearestReflected(labelMap: Uint8Array, shape: Triple, at: Float64Array): number {
  const [d, h, w] = [0, 1, 2].map((axis) => reflectIndex(Math.round(at[axis]!), shape[axis]!)) as [
    number,
    number,
    number,
  ];
  return labelMap[(d * shape[1] + h) * shape[2] + w]!;
}
