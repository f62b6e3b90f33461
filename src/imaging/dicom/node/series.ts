/** @file Folders of DICOM files to volumes: find the files, sort them into stacks, read one stack into a Volume. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorReport, errorReport, UserError } from '../../../base/errors.ts';
import { spacingOf } from '../../geometry/affine.ts';
import type { Dims, Volume, VolumeHeader, VoxelData, VoxelType } from '../../volume.ts';
import { type DicomFile, looksLikeDicom, parseDicom } from '../data-set.ts';
import { dicomTooLarge } from '../errors.ts';
import { type DicomImage, describeImage } from '../image.ts';
import { type PlacedFrame, type Stack, stacksOf } from '../stacks.ts';
import { frameValues, type StoredValues } from './pixels.ts';

export interface DicomFolder {
  readonly stacks: readonly Stack[];
  /** Files that are DICOM but give no image, or are broken, and why. Other files are not mentioned. */
  readonly refused: readonly { path: string; error: ErrorReport }[];
}

/** Files read at the same time. */
const parallel = 8;

/** All volumes among these files and folders (searched to their ends; links are not followed). Holds no pixels. */
export async function findStacks(paths: readonly string[], signal?: AbortSignal): Promise<DicomFolder> {
  const files = (await Promise.all(paths.map(listFiles))).flat().sort();
  const images: DicomImage[] = [];
  const refused: { path: string; error: ErrorReport }[] = [];
  await inParallel(files, async (path) => {
    signal?.throwIfAborted();
    const content = await readFile(path);
    if (!looksLikeDicom(content)) return;
    try {
      images.push(describeImage(parseDicom(content, path)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push({ path, error: errorReport(error) });
    }
  });
  // Files end in any order; what is made of them must not depend on it.
  images.sort((a, b) => (a.path < b.path ? -1 : 1));
  refused.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { stacks: stacksOf(images), refused };
}

async function listFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function inParallel<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async () => {
    for (const item of rest) await task(item);
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

/** What a stack's volume will be, from its headers alone. */
export function stackHeader(stack: Stack): VolumeHeader {
  const { bitsAllocated, isSigned, kind } = stack.slices[0]![0]!.image.format;
  const { dims, components, scales } = shapeOf(stack);
  const whole = `${isSigned ? 'int' : 'uint'}${Math.max(8, bitsAllocated)}` as VoxelType;
  const stored = kind === 'float' ? 'float32' : kind === 'double' ? 'float64' : whole;
  const [slope, intercept] = components === 3 ? [1, 0] : (scales ?? [1, 0]);
  return {
    format: 'DICOM',
    dtype: components === 3 ? 'uint8' : scales === undefined ? 'float32' : stored,
    dims,
    timePoints: stack.slices.length,
    components,
    spacingMm: spacingOf(stack.rasFromIjk),
    timeStepS: stack.timeStepS,
    rasFromIjk: stack.rasFromIjk,
    slope,
    intercept,
    ...(components === 3 && { componentKind: 'colour' as const }),
  };
}

interface StackShape {
  readonly dims: Dims;
  /** 3 for colours. */
  readonly components: number;
  /** Slope and intercept when all frames share them. */
  readonly scales: readonly [number, number] | undefined;
}

function shapeOf(stack: Stack): StackShape {
  const { image, frame } = stack.slices[0]![0]!;
  const { columns, rows, samplesPerPixel, photometric } = image.format;
  const across = image.mosaic === undefined ? 1 : Math.ceil(Math.sqrt(image.mosaic.sliceCount));
  const isSame = stack.slices.every((slices) =>
    slices.every(({ frame: other }) => other.slope === frame.slope && other.intercept === frame.intercept),
  );
  return {
    dims: [Math.floor(columns / across), Math.floor(rows / across), stack.slices[0]!.length],
    components: samplesPerPixel === 3 || photometric === 'PALETTE COLOR' ? 3 : 1,
    scales: isSame ? [frame.slope === 0 ? 1 : frame.slope, frame.intercept] : undefined,
  };
}

/**
 * Reads the stack's files and decodes its pixels. Values with one scale for all frames stay as stored; where scales differ (PET), they are applied
 * and the volume is float32. Colours become three bytes.
 *
 * throws  DICOM_PIXELS, DICOM_SYNTAX_UNSUPPORTED, VOLUME_TOO_LARGE
 */
export async function readStack(stack: Stack, memoryLimitBytes = 2 ** 34): Promise<Volume> {
  const target = new StackTarget(stack, memoryLimitBytes);
  const byPath = Map.groupBy(
    stack.slices.flatMap((slices, t) => slices.map((placed, k) => ({ placed, t, k }))),
    ({ placed }) => placed.image.path,
  );
  await inParallel([...byPath], async ([path, wanted]) => {
    const file = parseDicom(await readFile(path), path);
    const byFrame = Map.groupBy(wanted, ({ placed }) => placed.frame.index);
    for (const uses of byFrame.values()) await target.put(file, uses);
  });
  return target.volume();
}

interface Use {
  readonly placed: PlacedFrame;
  readonly t: number;
  readonly k: number;
}

type Constructor = new (length: number) => Exclude<VoxelData, BigInt64Array | BigUint64Array>;

/** The volume while it is filled, slice by slice. Its array is made with the first slice, whose type it takes. */
class StackTarget {
  readonly #stack: Stack;
  readonly #dims: Dims;
  readonly #components: number;
  readonly #scales: readonly [number, number] | undefined;
  #data: InstanceType<Constructor> | undefined;
  readonly #limit: number;

  constructor(stack: Stack, memoryLimitBytes: number) {
    const { dims, components, scales } = shapeOf(stack);
    this.#stack = stack;
    this.#dims = dims;
    this.#components = components;
    this.#scales = scales;
    this.#limit = memoryLimitBytes;
  }

  async put(file: DicomFile, uses: readonly Use[]): Promise<void> {
    const { image, frame } = uses[0]!.placed;
    const values = await frameValues(file, image, frame.index);
    const data = this.#arrayFor(values, file.file);
    for (const { t, k } of uses) {
      const slice = image.mosaic === undefined ? values : this.#tile(values, k, image.format.columns);
      this.#write(data, { slice, t, k, scale: [frame.slope, frame.intercept] });
    }
  }

  volume(): Volume {
    return { ...stackHeader(this.#stack), data: this.#data!, dtype: dtypeOf(this.#data!) };
  }

  #arrayFor(values: StoredValues, file: string): InstanceType<Constructor> {
    if (this.#data !== undefined) return this.#data;
    const make = this.#scales === undefined ? Float32Array : (values.constructor as Constructor);
    const length =
      this.#dims[0] * this.#dims[1] * this.#dims[2] * this.#stack.slices.length * this.#components;
    const neededBytes = length * make.prototype.BYTES_PER_ELEMENT;
    if (neededBytes > this.#limit) throw dicomTooLarge({ file, neededBytes, limitBytes: this.#limit });
    this.#data = new make(length);
    return this.#data;
  }

  #tile(values: StoredValues, k: number, columns: number): StoredValues {
    const [width, height] = this.#dims;
    const across = Math.round(columns / width);
    const result = values.slice(0, width * height);
    const corner = Math.floor(k / across) * height * columns + (k % across) * width;
    for (let y = 0; y < height; y++) {
      const from = corner + y * columns;
      result.set(values.subarray(from, from + width) as never, y * width);
    }
    return result;
  }

  #write(
    data: InstanceType<Constructor>,
    { slice, t, k, scale }: { slice: StoredValues; t: number; k: number; scale: readonly [number, number] },
  ): void {
    const count = this.#dims[0] * this.#dims[1];
    const volumeSize = count * this.#dims[2];
    const at = (component: number) => (component * this.#stack.slices.length + t) * volumeSize + k * count;
    if (this.#components === 3) {
      for (let c = 0; c < 3; c++) for (let i = 0; i < count; i++) data[at(c) + i] = slice[3 * i + c]!;
      return;
    }
    if (this.#scales !== undefined) data.set(slice.subarray(0, count) as never, at(0));
    else for (let i = 0; i < count; i++) data[at(0) + i] = slice[i]! * scale[0] + scale[1];
  }
}

const dtypes: Readonly<Record<string, VoxelType>> = {
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

function dtypeOf(data: VoxelData): VoxelType {
  return dtypes[data.constructor.name]!;
}
