/** @file Volumes made in the page: one world, whatever grid it is stored on. Every blob has its own value, so no two sides can be mistaken. */
import {
  type Affine,
  affineFromColumns,
  applyAffine,
  type Point,
} from '../../../../src/imaging/geometry/affine.ts';
import type { ViewerVolume, Voxels } from '../../../../src/renderer/viewer/types.ts';

/** Balls of 9 mm: centre (RAS mm) and scaled value. The body around them has 100, the air 0. */
export const blobs = {
  right: { centre: [30, 0, 0], value: 400 },
  left: { centre: [-30, 0, 0], value: 200 },
  anterior: { centre: [0, 32, 0], value: 600 },
  posterior: { centre: [0, -32, 0], value: 300 },
  superior: { centre: [0, 0, 26], value: 800 },
  inferior: { centre: [0, 0, -26], value: 500 },
} as const satisfies Record<string, { centre: Point; value: number }>;
export const blobRadiusMm = 9;

export type World = (point: Point) => number;

export const anatomy: World = (point) => {
  for (const { centre, value } of Object.values(blobs))
    if (distance(point, centre) <= blobRadiusMm) return value;
  return Math.hypot(point[0] / 46, point[1] / 48, point[2] / 40) <= 1 ? 100 : 0;
};

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export interface Frame {
  readonly dims: readonly [number, number, number];
  readonly rasFromIjk: Affine;
}

/** Size of a voxel, and voxels, along R, A and S. */
const stepsMm = [2, 2.5, 3] as const;
const counts = [49, 41, 29] as const;

/** The grid whose axes i, j, k walk towards the three letters, centred at 0 0 0. */
export function frameOf(code: string): Frame {
  const axes = [...code].map((letter) => {
    const at = 'RLAPSI'.indexOf(letter);
    return { world: at >> 1, sign: at % 2 === 0 ? 1 : -1 };
  });
  const dims = axes.map(({ world }) => counts[world]!) as [number, number, number];
  const columns = axes.map(({ world, sign }) =>
    [0, 1, 2].map((axis) => (axis === world ? sign * stepsMm[world]! : 0)),
  ) as unknown as [Point, Point, Point];
  return { dims, rasFromIjk: centred(dims, columns) };
}

/** Turned by 25° about S, then by 15° about R; `isMirrored` reverses the first axis. */
export function obliqueFrame(isMirrored: boolean): Frame {
  const [c, s] = [Math.cos((25 * Math.PI) / 180), Math.sin((25 * Math.PI) / 180)];
  const [d, t] = [Math.cos((15 * Math.PI) / 180), Math.sin((15 * Math.PI) / 180)];
  const sign = isMirrored ? -2 : 2;
  const dims = [67, 67, 67] as const;
  const columns: [Point, Point, Point] = [
    [sign * c, sign * s * d, sign * s * t],
    [-2 * s, 2 * c * d, 2 * c * t],
    [0, -2 * t, 2 * d],
  ];
  return { dims, rasFromIjk: centred(dims, columns) };
}

function centred(dims: readonly [number, number, number], [i, j, k]: readonly [Point, Point, Point]): Affine {
  const origin = [0, 1, 2].map(
    (axis) => -(i[axis]! * (dims[0] - 1) + j[axis]! * (dims[1] - 1) + k[axis]! * (dims[2] - 1)) / 2,
  ) as unknown as Point;
  return affineFromColumns(i, j, k, origin);
}

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

export interface Making {
  readonly name: string;
  readonly frame: Frame;
  readonly dtype: keyof typeof arrays;
  /** Scaled values; `timePoint` counts from 0. */
  readonly world: (point: Point, timePoint: number) => number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly timePoints?: number;
  readonly window?: readonly [number, number] | null;
  readonly range?: readonly [number, number] | null;
  /** Waited for before the voxels of a time point are given. */
  readonly before?: (timePoint: number) => Promise<void>;
}

let made = 0;

export function makeVolume({
  name,
  frame,
  dtype,
  world,
  slope = 1,
  intercept = 0,
  timePoints = 1,
  window = [0, 1000],
  range = [0, 1000],
  before = () => Promise.resolve(),
}: Making): ViewerVolume {
  made++;
  return {
    id: `${name}-${made}`,
    name,
    ...frame,
    slope,
    intercept,
    timePoints,
    timeStepS: 1,
    components: 1,
    unit: '',
    window,
    range,
    loadVoxels: async (timePoint) => {
      const voxels = fill(frame, arrays[dtype], (point) => (world(point, timePoint) - intercept) / slope);
      await before(timePoint);
      return voxels;
    },
  };
}

function fill({ dims, rasFromIjk }: Frame, ofType: new (size: number) => Voxels, stored: World): Voxels {
  const voxels = new ofType(dims[0] * dims[1] * dims[2]);
  for (let k = 0, at = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, at++) voxels[at] = stored(applyAffine(rasFromIjk, [i, j, k]));
  return voxels;
}
