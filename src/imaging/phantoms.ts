/** @file Made-up volumes with exact truth, deterministic from a seed. Vessel trees as a time-of-flight MR angiogram shows them. */
import { Random } from '../base/random.ts';
import type { Affine, Point } from './geometry/affine.ts';
import { applyAffine } from './geometry/affine.ts';
import { renderAngiogram } from './phantom/angiogram.ts';
import { makeHead } from './phantom/head.ts';
import type { Pathology } from './phantom/pathology.ts';
import { rasterise } from './phantom/rasterise.ts';
import { type RaterProfile, rate, raterProfile } from './phantom/raters.ts';
import type { Vector } from './phantom/vector.ts';
import { type Branch, growTrees, stepUnits } from './phantom/vessel-tree.ts';
import type { Dims, Volume } from './volume.ts';

export interface VesselPhantomOptions {
  readonly seed: number;
  /** Voxels along each axis, 32-512; or `dims`. */
  readonly size?: number;
  readonly dims?: Dims;
  /** Default 0.5 mm each. */
  readonly spacingMm?: readonly [number, number, number];
  /** Imperfect labels besides the truth (default 1). */
  readonly raters?: number;
  /** Tilt the grid against the scanner axes. */
  readonly oblique?: boolean;
  /** 0 straight, 1 as usual (default), 2 winding. */
  readonly tortuosity?: number;
  /** Mean tissue signal over noise; default drawn from 10-22. */
  readonly snr?: number;
  readonly stenosisRate?: number;
  readonly aneurysmRate?: number;
}

/** A diseased place as the side file tells it. */
export interface SidePathology {
  readonly kind: Pathology['kind'];
  readonly pointIndex: number;
  readonly radiusVoxels: number;
  readonly centreIjk: Point;
  readonly centreRas: Point;
}

/** A branch as the side file tells it; points in voxels and in RAS+ mm, radii in voxels of the first axis. */
export interface CentrelineBranch {
  readonly id: number;
  readonly parent: number;
  readonly pointsIjk: Point[];
  readonly pointsRas: Point[];
  readonly radiiVoxels: number[];
  readonly pathology: readonly SidePathology[];
}

export interface VesselPhantom {
  /** int16; fresh blood about 1000. */
  readonly image: Volume;
  /** uint8: 1 where at least half of the voxel is vessel. */
  readonly label: Volume;
  readonly raters: readonly Volume[];
  readonly centrelines: { readonly stepVoxels: number; readonly branches: readonly CentrelineBranch[] };
  readonly manifest: {
    readonly seed: number;
    readonly dims: Dims;
    readonly spacingMm: readonly number[];
    readonly snr: number;
    readonly branchCount: number;
    readonly vesselShare: number;
    readonly raters: readonly RaterProfile[];
  };
}

const smallestRadius = 0.45;

export function makeVesselPhantom(options: VesselPhantomOptions): VesselPhantom {
  const {
    seed,
    spacingMm = [0.5, 0.5, 0.5],
    raters = 1,
    tortuosity = 1,
    stenosisRate = 0.04,
    aneurysmRate = 0.02,
  } = options;
  const edge = options.size ?? 96;
  const dims = options.dims ?? [edge, edge, edge];
  const scale = spacingMm.map((mm) => mm / spacingMm[0]) as unknown as Vector;
  const size: Vector = [dims[0] * scale[0], dims[1] * scale[1], dims[2] * scale[2]];
  const random = (stream: string) => new Random(seed, `phantom/${stream}`);
  const snr = options.snr ?? random('snr').uniform(10, 22);
  const head = makeHead(random('head'), size);
  const branches = growTrees(random('trees'), {
    head,
    tortuosity,
    stenosisRate,
    aneurysmRate,
    smallestRadius,
  });
  const vessels = rasterise(branches, dims, scale);
  const rasFromIjk = placement(random('placement'), dims, spacingMm, options.oblique ?? false);
  const volume = (data: Int16Array | Uint8Array): Volume => ({
    data,
    dtype: data instanceof Int16Array ? 'int16' : 'uint8',
    dims,
    timePoints: 1,
    components: 1,
    spacingMm,
    timeStepS: 0,
    rasFromIjk,
    slope: 1,
    intercept: 0,
  });
  const truth = new Uint8Array(vessels.fraction.length);
  let vesselCount = 0;
  for (let i = 0; i < truth.length; i++)
    if (vessels.fraction[i]! >= 0.5) {
      truth[i] = 1;
      vesselCount++;
    }
  const profiles = Array.from({ length: raters }, (_, i) => raterProfile(i + 1));
  return {
    image: volume(renderAngiogram(vessels, random('scan'), { head, dims, scale, snr, slabCount: 3 })),
    label: volume(truth),
    raters: profiles.map((profile) => volume(rate(vessels, branches, profile, { dims, scale, seed }))),
    centrelines: {
      stepVoxels: stepUnits,
      branches: branches.map((branch) => centreline(branch, scale, rasFromIjk)),
    },
    manifest: {
      seed,
      dims,
      spacingMm,
      snr: rounded(snr),
      branchCount: branches.length,
      vesselShare: rounded(vesselCount / truth.length),
      raters: profiles,
    },
  };
}

const rounded = (value: number) => Number(value.toPrecision(5));

function centreline(
  { id, parent, points, radii, pathology }: Branch,
  scale: Vector,
  rasFromIjk: Affine,
): CentrelineBranch {
  const tidy = (point: Point) => point.map(rounded) as unknown as Point;
  const ijk = (point: Vector): Point => [point[0] / scale[0], point[1] / scale[1], point[2] / scale[2]];
  const ras = (point: Vector): Point => applyAffine(rasFromIjk, ijk(point));
  return {
    id,
    parent,
    pointsIjk: points.map((point) => tidy(ijk(point))),
    pointsRas: points.map((point) => tidy(ras(point))),
    radiiVoxels: radii.map(rounded),
    pathology: pathology.map(({ kind, pointIndex, radius, centre }) => ({
      kind,
      pointIndex,
      radiusVoxels: rounded(radius),
      centreIjk: tidy(ijk(centre)),
      centreRas: tidy(ras(centre)),
    })),
  };
}

/** The middle of the volume lies at the origin; an oblique grid is turned by 8-20° about a random axis. */
function placement(
  random: Random,
  dims: Dims,
  spacingMm: readonly [number, number, number],
  oblique: boolean,
): Affine {
  const axis = [random.normal(), random.normal(), random.normal()];
  const norm = Math.hypot(...axis);
  const [x, y, z] = axis.map((value) => value / norm) as [number, number, number];
  const angle = oblique ? random.uniform(0.14, 0.35) : 0;
  const [c, s, t] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
  // Rodrigues' rotation about (x, y, z).
  const rotation = [
    [t * x * x + c, t * x * y - s * z, t * x * z + s * y],
    [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
    [t * x * z - s * y, t * y * z + s * x, t * z * z + c],
  ];
  const rows = rotation.map((row) => {
    const scaled = row.map((value, i) => value * spacingMm[i]!);
    const shift = -scaled.reduce((sum, value, i) => sum + (value * (dims[i]! - 1)) / 2, 0);
    return [...scaled, shift] as unknown as Affine[0];
  });
  return [rows[0]!, rows[1]!, rows[2]!, [0, 0, 0, 1]];
}
