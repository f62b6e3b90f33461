/** @file What one DICOM file says about its frames: size, pixel format, place in the patient, and what sorts them into volumes. */
import type { Point } from '../geometry/affine.ts';
import { csaNumbers } from './csa.ts';
import type { DataSet, DicomFile } from './data-set.ts';
import { dicomFieldInvalid, dicomNoImage } from './errors.ts';

export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  /** 1, 8, 16, 32 or 64. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** 1: all red, then all green, then all blue. */
  readonly planarConfiguration: number;
  /** Float (32) or double (64) pixel data in tags of their own. */
  readonly kind: 'integer' | 'float' | 'double';
}

/** Where one frame lies and which volume it belongs to. Points are LPS+ millimetres, as in the file. */
export interface Frame {
  readonly index: number;
  /** Centre of the first pixel. Undefined for images without a place (secondary capture, ultrasound). */
  readonly positionLps: Point | undefined;
  /** Direction along a row (column index grows), then along a column (row index grows). */
  readonly orientationLps: readonly [Point, Point] | undefined;
  /** Between rows, between columns. */
  readonly pixelSpacingMm: readonly [number, number] | undefined;
  readonly slope: number;
  readonly intercept: number;
  /** Frames of other keys belong to other volumes: echo, image type, b-value, stack … in words for titles. */
  readonly volumeKey: string;
  /** Grows with time; frames at the same place are time points in this order. */
  readonly temporalOrder: number;
  /** Seconds, when the file says so. */
  readonly timeS: number | undefined;
}

/** Facts only: the file's content is not held. */
export interface DicomImage {
  readonly path: string;
  readonly format: PixelFormat;
  readonly frames: readonly Frame[];
  /** Same for all images of one series; never shown. */
  readonly seriesKey: string;
  /** Same for all images of one patient; never shown. */
  readonly patientKey: string;
  readonly modality: string;
  /** Of the series, for people; may hold anything that somebody typed. */
  readonly description: string;
  readonly seriesNumber: number | undefined;
  readonly instanceNumber: number;
  /** Between slices, as the file claims; positions decide. */
  readonly sliceThicknessMm: number | undefined;
  /** Between frames of a film without places, e.g. an ultrasound; 0 when unknown. */
  readonly frameTimeS: number;
  /** How Siemens packs a volume into one picture; undefined for all others. */
  readonly mosaic: Mosaic | undefined;
}

/** Slices lie as tiles in one picture, row by row. */
export interface Mosaic {
  readonly sliceCount: number;
  /** Direction in which slices follow each other, LPS. */
  readonly normalLps: Point | undefined;
  readonly sliceSpacingMm: number;
}

const kinds: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.3.10': 'a directory of other files (DICOMDIR)',
  '1.2.840.10008.5.1.4.1.1.481.3': 'a set of radiotherapy contours (RTSTRUCT)',
  '1.2.840.10008.5.1.4.1.1.481.5': 'a radiotherapy plan',
  '1.2.840.10008.5.1.4.1.1.66.4': 'a segmentation (SEG)',
  '1.2.840.10008.5.1.4.1.1.66': 'raw data',
  '1.2.840.10008.5.1.4.1.1.104.1': 'a PDF',
};

function kindOf(file: DicomFile): string {
  const sopClass = file.text('x00080016') ?? '';
  if (sopClass.startsWith('1.2.840.10008.5.1.4.1.1.88.')) return 'a structured report';
  if (sopClass.startsWith('1.2.840.10008.5.1.4.1.1.9.')) return 'a waveform';
  return kinds[sopClass] ?? kinds[file.text('x00020002') ?? ''] ?? 'an object without pixels';
}

/** Throws DICOM_NO_IMAGE or DICOM_FIELD. */
export function describeImage(file: DicomFile): DicomImage {
  const hasPixels = ['x7fe00010', 'x7fe00008', 'x7fe00009'].some((tag) => file.element(tag) !== undefined);
  if (!hasPixels) throw dicomNoImage({ file: file.file, kind: kindOf(file) });
  const format = pixelFormat(file);
  const instanceNumber = file.number('x00200013') ?? 0;
  return {
    path: file.file,
    format,
    frames: framesOf(file, frameCount(file, format), instanceNumber),
    seriesKey: [file.text('x0020000d'), file.text('x0020000e')].join('/'),
    patientKey: [file.text('x00100020'), file.text('x00100010')].join('/'),
    modality: file.text('x00080060') ?? '',
    description: file.text('x0008103e') ?? file.text('x00181030') ?? '',
    seriesNumber: file.number('x00200011'),
    instanceNumber,
    sliceThicknessMm: file.number('x00180050'),
    frameTimeS: (file.number('x00181063') ?? 0) / 1000,
    mosaic: mosaicOf(file),
  };
}

function frameCount(file: DicomFile, format: PixelFormat): number {
  const count = file.number('x00280008') ?? 1;
  const most = mostFrames(file, format);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  const expected =
    most === 0
      ? 'pixels for one frame at least'
      : `a whole number from 1 to ${most}, for which there are pixels,`;
  throw dicomFieldInvalid({
    file: file.file,
    field: 'NumberOfFrames (0028,0008)',
    found: String(count),
    expected,
  });
}

/** What the pixel data can hold at most: a frame needs a fragment, or its bytes. */
function mostFrames(
  file: DicomFile,
  { rows, columns, samplesPerPixel, bitsAllocated, kind }: PixelFormat,
): number {
  const tag = { integer: 'x7fe00010', float: 'x7fe00008', double: 'x7fe00009' }[kind];
  const element = file.element(tag)!;
  if (element.encapsulated) return file.parsed.elements[tag]?.fragments?.length ?? 0;
  const bytes = Math.min(element.length, file.content.length - element.dataOffset);
  // YBR_FULL_422 stores two samples a pixel, not three.
  const bitsPerFrame = rows * columns * Math.min(samplesPerPixel, 2) * bitsAllocated;
  return Math.floor((bytes * 8) / bitsPerFrame);
}

function pixelFormat(file: DicomFile): PixelFormat {
  const size = (tag: string, field: string): number => {
    const value = file.number(tag);
    if (value !== undefined && Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
    const found = value === undefined ? 'missing' : String(value);
    throw dicomFieldInvalid({ file: file.file, field, found, expected: 'a whole number from 1 to 65,535' });
  };
  const bitsAllocated = size('x00280100', 'BitsAllocated (0028,0100)');
  if (![1, 8, 16, 32, 64].includes(bitsAllocated))
    throw dicomFieldInvalid({
      file: file.file,
      field: 'BitsAllocated (0028,0100)',
      found: String(bitsAllocated),
      expected: '1, 8, 16, 32 or 64',
    });
  const bitsStored = Math.min(file.number('x00280101') ?? bitsAllocated, bitsAllocated);
  const samplesPerPixel = file.number('x00280002') ?? 1;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw dicomFieldInvalid({
      file: file.file,
      field: 'SamplesPerPixel (0028,0002)',
      found: String(samplesPerPixel),
      expected: '1 or 3',
    });
  return {
    rows: size('x00280010', 'Rows (0028,0010)'),
    columns: size('x00280011', 'Columns (0028,0011)'),
    samplesPerPixel,
    photometric: file.text('x00280004') ?? 'MONOCHROME2',
    bitsAllocated,
    bitsStored,
    highBit: file.number('x00280102') ?? bitsStored - 1,
    isSigned: file.number('x00280103') === 1,
    planarConfiguration: file.number('x00280006') ?? 0,
    kind: file.element('x7fe00008') ? 'float' : file.element('x7fe00009') ? 'double' : 'integer',
  };
}

/** Functional groups of enhanced objects: the frame's own item first, then what all frames share, then the object itself. */
function framesOf(file: DicomFile, count: number, instanceNumber: number): Frame[] {
  const doseOffsets = file.numbers('x3004000c');
  const [shared] = file.items('x52009229');
  const perFrame = file.items('x52009230');
  return Array.from({ length: count }, (_, index) => {
    const groups = [perFrame[index], shared].filter((group) => group !== undefined);
    const group = (tag: string): DataSet | undefined =>
      groups.map((candidate) => candidate.items(tag)[0]).find((item) => item !== undefined);
    const plane = group('x00209113') ?? file;
    const orientation = group('x00209116') ?? file;
    const measures = group('x00289110') ?? file;
    const rescale = group('x00289145') ?? file;
    const content = group('x00209111');
    const orientationLps = orientationOf(orientation.numbers('x00200037'));
    const position = pointOf(plane.numbers('x00200032'));
    return {
      index,
      positionLps: position && doseFramePosition(position, { orientationLps, offset: doseOffsets[index] }),
      orientationLps,
      pixelSpacingMm: spacingOf(measures) ?? spacingOf(file),
      ...scaleOf(file, rescale),
      volumeKey: volumeKey(file, group, content),
      temporalOrder: temporalOrder(file, content, { instanceNumber, index, isEnhanced: perFrame.length > 0 }),
      timeS: timeOf(file, content),
    };
  });
}

/** NumberOfImagesInMosaic is a private element of its own; the direction is in the CSA header. */
function mosaicOf(file: DicomFile): Mosaic | undefined {
  if (!/\\MOSAIC/.test(`\\${file.texts('x00080008')}`)) return undefined;
  const sliceCount =
    file.number('x0019100a') ?? csaNumbers(file.bytes('x00291010'), 'NumberOfImagesInMosaic')[0];
  if (sliceCount === undefined || sliceCount < 1) return undefined;
  const sliceSpacingMm = file.number('x00180088') ?? file.number('x00180050') ?? 1;
  const normalLps = pointOf(csaNumbers(file.bytes('x00291010'), 'SliceNormalVector'));
  return { sliceCount, normalLps, sliceSpacingMm };
}

/** Rescale slope and intercept. MONOCHROME1 shows small values bright: it is turned, so that bright is large in every volume. */
function scaleOf(file: DicomFile, rescale: DataSet): { slope: number; intercept: number } {
  const slope = rescale.number('x00281053') ?? 1;
  const intercept = rescale.number('x00281052') ?? 0;
  if (file.text('x00280004') !== 'MONOCHROME1') return { slope, intercept };
  const most = 2 ** (file.number('x00280101') ?? 8) - 1;
  return { slope: -slope, intercept: intercept + slope * most };
}

/** Frames of a radiotherapy dose lie at offsets from the first, along the normal (PS3.3 C.8.8.3.2). */
function doseFramePosition(
  position: Point,
  { orientationLps, offset }: { orientationLps: Frame['orientationLps']; offset: number | undefined },
): Point {
  if (offset === undefined || orientationLps === undefined) return position;
  const [[a, b, c], [d, e, f]] = orientationLps;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d] as const;
  return [
    position[0] + offset * normal[0],
    position[1] + offset * normal[1],
    position[2] + offset * normal[2],
  ];
}

function pointOf(numbers: readonly number[]): Point | undefined {
  const [x, y, z] = numbers;
  return numbers.length === 3 ? [x!, y!, z!] : undefined;
}

/** Undefined unless both directions are of length 1 and at right angles, to within what a text of six digits keeps. */
function orientationOf(numbers: readonly number[]): readonly [Point, Point] | undefined {
  if (numbers.length !== 6) return undefined;
  const row: Point = [numbers[0]!, numbers[1]!, numbers[2]!];
  const column: Point = [numbers[3]!, numbers[4]!, numbers[5]!];
  const isUnit = (p: Point) => Math.abs(Math.hypot(...p) - 1) < 1e-2;
  const cosine = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  return isUnit(row) && isUnit(column) && Math.abs(cosine) < 1e-2 ? [row, column] : undefined;
}

function spacingOf(set: DataSet): readonly [number, number] | undefined {
  // Projection radiography gives the spacing at the detector instead.
  for (const tag of ['x00280030', 'x00181164']) {
    const [betweenRows, betweenColumns] = set.numbers(tag);
    if (betweenRows !== undefined && betweenColumns !== undefined && betweenRows > 0 && betweenColumns > 0)
      return [betweenRows, betweenColumns];
  }
  return undefined;
}

/** What makes frames at the same place belong to different volumes although they are of one series. */
function volumeKey(
  file: DicomFile,
  group: (tag: string) => DataSet | undefined,
  content: DataSet | undefined,
): string {
  const echo =
    file.number('x00180086') ?? group('x00189114')?.number('x00189082') ?? file.number('x00180081');
  const bValue = group('x00189117')?.number('x00189087') ?? file.number('x00189087');
  const type = group('x00189226')?.text('x00089007', 2) ?? file.text('x00080008', 2);
  const complex = group('x00189226')?.text('x00089208') ?? file.text('x00089208');
  const stack = content?.text('x00209056');
  const parts = [
    type && type !== 'M' && type !== 'NORM' && type !== 'NONE' ? type.toLowerCase() : '',
    complex && complex !== 'MAGNITUDE' ? complex.toLowerCase() : '',
    echo === undefined ? '' : `echo ${echo}`,
    bValue === undefined ? '' : `b ${bValue}`,
    stack === undefined || stack === '1' ? '' : `stack ${stack}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function temporalOrder(
  file: DicomFile,
  content: DataSet | undefined,
  { instanceNumber, index, isEnhanced }: { instanceNumber: number; index: number; isEnhanced: boolean },
): number {
  const position = content?.number('x00209128') ?? file.number('x00200100');
  if (position !== undefined) return position;
  return isEnhanced ? instanceNumber * 1e6 + index : (file.number('x00200012') ?? 0) * 1e6 + instanceNumber;
}

/** Seconds since midnight of the acquisition, or the trigger time. */
function timeOf(file: DicomFile, content: DataSet | undefined): number | undefined {
  const trigger = file.number('x00181060');
  if (trigger !== undefined) return trigger / 1000;
  const text = content?.text('x00189074')?.slice(8) ?? file.text('x00080032');
  const parts = /^(\d{2})(\d{2})(\d{2}(?:\.\d+)?)/.exec(text ?? '');
  return parts === null ? undefined : Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
}
