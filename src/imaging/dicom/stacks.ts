/**
 * @file Frames of many images to stacks: which of them form one volume, in which order, and what is odd about it. Geometry comes from positions and
 * orientations only, never from slice thickness or file order (PS3.3 C.7.6.2).
 */
import { type Affine, affineFromColumns, type Point } from '../geometry/affine.ts';
import type { DicomImage, Frame } from './image.ts';

/** A frame and the image it lies in. */
export interface PlacedFrame {
  readonly image: DicomImage;
  readonly frame: Frame;
}

/** Frames that form one volume. */
export interface Stack {
  /** For people: description, number, and what sets it apart from its neighbours. */
  readonly title: string;
  readonly modality: string;
  readonly seriesKey: string;
  readonly patientKey: string;
  /** [time point][slice], slices along the stack's direction. */
  readonly slices: readonly (readonly PlacedFrame[])[];
  readonly rasFromIjk: Affine;
  readonly timeStepS: number;
  /** What a person should know: gaps, tilt, frames left out, no place in the patient. */
  readonly notices: readonly string[];
}

/** Positions closer than this are one slice, mm. */
const samePlaceMm = 1e-2;
/** A step this far from the usual one, as a share of it, is said. */
const unevenShare = 0.02;

/** All volumes among the images, by series, then in the order of their keys. */
export function stacksOf(images: readonly DicomImage[]): Stack[] {
  const groups = Map.groupBy(
    images.flatMap((image) => image.frames.map((frame) => ({ image, frame }))),
    groupKey,
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, frames]) => stackOf(frames, variety(groups, frames[0]!)));
}

/** Frames of other series, sizes, directions, spacings or kinds never share a volume. */
function groupKey({ image, frame }: PlacedFrame): string {
  const { rows, columns, samplesPerPixel, kind, bitsAllocated, isSigned } = image.format;
  const round = (value: number, step: number) => Math.round(value / step) * step;
  return JSON.stringify([
    image.patientKey,
    image.seriesKey,
    frame.volumeKey,
    [columns, rows, samplesPerPixel, kind, bitsAllocated, isSigned],
    frame.orientationLps?.flat().map((value) => round(value, 1e-3) + 0) ?? null,
    frame.pixelSpacingMm?.map((value) => round(value, 1e-4)) ?? null,
    // Films without a place are volumes of their own.
    frame.positionLps === undefined && image.frames.length > 1 ? image.path : null,
  ]);
}

/** How many volumes the frame's series falls into. */
function variety(groups: ReadonlyMap<string, unknown>, { image }: PlacedFrame): number {
  return [...groups.keys()].filter((key) => (JSON.parse(key) as unknown[])[1] === image.seriesKey).length;
}

function stackOf(frames: readonly PlacedFrame[], volumesInSeries: number): Stack {
  const first = frames[0]!;
  const { image, frame } = first;
  const { columns, rows } = image.format;
  const parts = [image.description || image.modality || 'Images'];
  // What all have in common tells nobody anything.
  if (volumesInSeries > 1) parts.push(frame.volumeKey || `${columns} × ${rows}`);
  const shared = {
    title: parts.join(', '),
    modality: image.modality,
    seriesKey: image.seriesKey,
    patientKey: image.patientKey,
  };
  if (image.mosaic !== undefined) return { ...shared, ...mosaicStack(frames) };
  const isPlaced = frames.every(({ frame }) => frame.positionLps && frame.orientationLps);
  return { ...shared, ...(isPlaced ? placedStack(frames) : filmStack(frames)) };
}

type Geometry = Pick<Stack, 'slices' | 'rasFromIjk' | 'timeStepS' | 'notices'>;

/** Images without a place: their frames are time points of one slice. */
function filmStack(frames: readonly PlacedFrame[]): Geometry {
  const ordered = frames.toSorted(byTime);
  const { frame, image } = ordered[0]!;
  const [betweenRows, betweenColumns] = frame.pixelSpacingMm ?? [1, 1];
  const notices = ['The images do not say where in the patient they lie: sides cannot be told.'];
  if (frame.pixelSpacingMm === undefined)
    notices.push('The size of a pixel is not known; 1 mm is taken. Do not measure.');
  return {
    slices: ordered.map((placed) => [placed]),
    // As a radiologist looks at it: columns to the patient's left, rows to the feet.
    rasFromIjk: affineFromColumns([-betweenColumns, 0, 0], [0, 0, -betweenRows], [0, 1, 0], [0, 0, 0]),
    timeStepS: image.frameTimeS,
    notices,
  };
}

function placedStack(frames: readonly PlacedFrame[]): Geometry {
  const [row, column] = frames[0]!.frame.orientationLps!;
  const normal = cross(row, column);
  const depthOf = ({ frame }: PlacedFrame) => dot(frame.positionLps!, normal);
  const ordered = frames.toSorted((a, b) => depthOf(a) - depthOf(b) || byTime(a, b));
  const places: PlacedFrame[][] = [];
  for (const placed of ordered) {
    const last = places.at(-1);
    if (last && depthOf(placed) - depthOf(last[0]!) < samePlaceMm) last.push(placed);
    else places.push([placed]);
  }
  const notices: string[] = [];
  const timePoints = Math.min(...places.map((place) => place.length));
  const leftOut = frames.length - timePoints * places.length;
  if (leftOut > 0)
    notices.push(
      `Not all slices have the same number of images; ${leftOut} of ${frames.length} images are left out.`,
    );
  const byOrder = places.map((place) => place.toSorted(byTime));
  const slices = Array.from({ length: timePoints }, (_, t) => byOrder.map((place) => place[t]!));
  const step = stepOf(places, { normal, notices });
  return {
    slices,
    rasFromIjk: affineOf(frames[0]!.frame, { step, origin: places[0]![0]!.frame.positionLps! }),
    timeStepS: timeStep(slices),
    notices,
  };
}

function byTime(a: PlacedFrame, b: PlacedFrame): number {
  return (
    a.frame.temporalOrder - b.frame.temporalOrder ||
    a.image.instanceNumber - b.image.instanceNumber ||
    a.frame.index - b.frame.index ||
    (a.image.path < b.image.path ? -1 : 1)
  );
}

/** From one slice to the next, LPS mm. Says what is uneven, missing or tilted. */
function stepOf(
  places: readonly (readonly PlacedFrame[])[],
  { normal, notices }: { normal: Point; notices: string[] },
): Point {
  const { image, frame } = places[0]![0]!;
  if (places.length === 1) {
    const thickness = image.sliceThicknessMm ?? Math.min(...(frame.pixelSpacingMm ?? [1, 1]));
    return scale(normal, thickness > 0 ? thickness : 1);
  }
  const positions = places.map((place) => place[0]!.frame.positionLps!);
  const depths = positions.map((position) => dot(position, normal));
  const gaps = depths.slice(1).map((depth, i) => depth - depths[i]!);
  const usual = median(gaps);
  const odd = gaps.filter((gap) => Math.abs(gap - usual) > unevenShare * usual);
  const missing = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / usual) - 1), 0);
  if (missing > 0)
    notices.push(
      `${missing} ${missing === 1 ? 'slice is' : 'slices are'} missing: between neighbours there are up to ${mm(Math.max(...gaps))}, usually ${mm(usual)}. What lies beyond a gap is shown too near.`,
    );
  else if (odd.length > 0)
    notices.push(
      `Slices are not evenly spaced: ${mm(Math.min(...gaps))} to ${mm(Math.max(...gaps))}; their mean is used.`,
    );
  const whole = subtract(positions.at(-1)!, positions[0]!);
  const step = missing > 0 ? scale(whole, usual / dot(whole, normal)) : scale(whole, 1 / (places.length - 1));
  const tilt = Math.acos(Math.min(1, dot(step, normal) / Math.hypot(...step))) * (180 / Math.PI);
  if (tilt > 0.1)
    notices.push(
      `The slices are tilted by ${tilt.toFixed(1)}° against their stacking (gantry tilt); the volume is sheared accordingly.`,
    );
  return step;
}

function affineOf(frame: Frame, { step, origin }: { step: Point; origin: Point }): Affine {
  const [row, column] = frame.orientationLps!;
  const [betweenRows, betweenColumns] = frame.pixelSpacingMm ?? [1, 1];
  const ras = ([x, y, z]: Point): Point => [-x + 0, -y + 0, z];
  return affineFromColumns(
    ras(scale(row, betweenColumns)),
    ras(scale(column, betweenRows)),
    ras(step),
    ras(origin),
  );
}

/** Slices of a mosaic lie around its middle: the file's position is that of the whole picture's corner. */
function mosaicStack(frames: readonly PlacedFrame[]): Geometry {
  const ordered = frames.toSorted(byTime);
  const { image, frame } = ordered[0]!;
  const { sliceCount, normalLps, sliceSpacingMm } = image.mosaic!;
  const { orientationLps, positionLps } = frame;
  if (orientationLps === undefined || positionLps === undefined) return filmStack(frames);
  const [row, column] = orientationLps;
  const [betweenRows, betweenColumns] = frame.pixelSpacingMm ?? [1, 1];
  const tilesAcross = Math.ceil(Math.sqrt(sliceCount));
  const shift = (size: number) => (size - size / tilesAcross) / 2;
  const origin = add(
    positionLps,
    add(
      scale(row, betweenColumns * shift(image.format.columns)),
      scale(column, betweenRows * shift(image.format.rows)),
    ),
  );
  const step = scale(normalLps ?? cross(row, column), sliceSpacingMm);
  const slices = ordered.map((placed) => Array.from({ length: sliceCount }, () => placed));
  return { slices, rasFromIjk: affineOf(frame, { step, origin }), timeStepS: timeStep(slices), notices: [] };
}

/** Mean seconds between time points; 0 when the files do not say. */
function timeStep(slices: readonly (readonly PlacedFrame[])[]): number {
  const first = slices[0]?.[0]?.frame.timeS;
  const last = slices.at(-1)?.[0]?.frame.timeS;
  if (slices.length < 2 || first === undefined || last === undefined || last <= first) return 0;
  return (last - first) / (slices.length - 1);
}

const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const add = (a: Point, b: Point): Point => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const subtract = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (a: Point, factor: number): Point => [a[0] * factor, a[1] * factor, a[2] * factor];
const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const mm = (value: number): string => `${Number(value.toPrecision(3))} mm`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
