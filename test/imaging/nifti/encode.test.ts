/** @file Whatever is written is read back: the same bytes of voxels, the same place. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { sourceOfBytes } from '../../../src/imaging/byte-source.ts';
import { type Affine, affineDistance, spacingOf } from '../../../src/imaging/geometry/affine.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { readVolumeFrom } from '../../../src/imaging/read.ts';
import type { Volume, VoxelType } from '../../../src/imaging/volume.ts';
import { bytesOf, makeVoxels, voxelTypes } from '../../../src/imaging/voxel-type.ts';
import { encodeVolume } from '../../../src/imaging/write.ts';

const orthogonal: Affine = [
  [0, 0, 2.5, -31.25],
  [-0.75, 0, 0, 12.5],
  [0, 1.5, 0, 7],
  [0, 0, 0, 1],
];
const sheared: Affine = [
  [1.9, 0.1, -0.4, -30.5],
  [-0.2, 1.4, 0.3, 12.25],
  [0.5, -0.2, 2.8, 7.125],
  [0, 0, 0, 1],
];

function makeVolume(options: Partial<Volume> & { dtype: VoxelType }): Volume {
  const { dims = [5, 4, 3] as const, timePoints = 1, components = 1, rasFromIjk = orthogonal } = options;
  const data = makeVoxels(options.dtype, dims[0] * dims[1] * dims[2] * timePoints * components);
  const random = new Random(3, `encode ${options.dtype}`);
  if (options.dtype.startsWith('float')) {
    for (let i = 0; i < data.length; i++) (data as Float64Array)[i] = random.normal(0, 1000);
  } else {
    const bytes = bytesOf(data);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.integer(256);
  }
  const base = { data, dims, timePoints, components, rasFromIjk, timeStepS: 0, slope: 1, intercept: 0 };
  return { ...base, spacingMm: spacingOf(rasFromIjk), ...options };
}

async function roundTrip(volume: Volume): Promise<Volume> {
  const pieces = encodeVolume(volume, 'volume.nii');
  return readVolumeFrom(sourceOfBytes(new Uint8Array(Buffer.concat(pieces)), 'volume.nii'));
}

async function expectSame(volume: Volume): Promise<Volume> {
  const back = await roundTrip(volume);
  expect(Buffer.compare(bytesOf(back.data), bytesOf(volume.data))).toBe(0);
  expect(affineDistance(back.rasFromIjk, volume.rasFromIjk)).toBeLessThan(1e-5);
  const { dims, timePoints, timeStepS, components, componentKind, dtype, slope, intercept } = volume;
  expect(back).toMatchObject({ dims, timePoints, timeStepS, components, dtype, slope, intercept });
  expect(back.componentKind).toBe(componentKind);
  return back;
}

describe('a volume written and read again', () => {
  it.each(Object.keys(voxelTypes) as VoxelType[])('keeps every bit of %s voxels', async (dtype) => {
    await expectSame(makeVolume({ dtype }));
  });

  it.each([
    ['a sheared affine', makeVolume({ dtype: 'int16', rasFromIjk: sheared })],
    ['slope and intercept', makeVolume({ dtype: 'int16', slope: 0.25, intercept: -1024 })],
    ['a time series', makeVolume({ dtype: 'int16', timePoints: 6, timeStepS: 2.5 })],
    ['colours', makeVolume({ dtype: 'uint8', components: 3, componentKind: 'colour' })],
    ['colours with opacity', makeVolume({ dtype: 'uint8', components: 4, componentKind: 'colour' })],
    ['complex numbers', makeVolume({ dtype: 'float64', components: 2, componentKind: 'complex' })],
    [
      'vectors in time',
      makeVolume({ dtype: 'float32', components: 3, componentKind: 'vector', timePoints: 2 }),
    ],
    ['one voxel', makeVolume({ dtype: 'uint8', dims: [1, 1, 1] })],
    ['an axis of more than 32,767 voxels', makeVolume({ dtype: 'uint8', dims: [40_000, 2, 1] })],
  ])('keeps %s', async (_, volume) => {
    const back = await expectSame(volume);
    expect(back.format).toBe(Math.max(...volume.dims) > 32_767 ? 'NIfTI-2' : 'NIfTI-1');
  });

  it('has a qform that says the same as the sform when axes are at right angles, else none', async () => {
    const rotations = Array.from({ length: 40 }, (_, n) => randomRigid(new Random(n, 'rotation')));
    for (const rasFromIjk of rotations) {
      const [header] = encodeVolume(makeVolume({ dtype: 'uint8', rasFromIjk }), 'x.nii');
      const view = new DataView(header!.buffer);
      expect(view.getInt16(252, true)).toBe(1);
      view.setInt16(254, 0, true);
      const bytes = new Uint8Array(Buffer.concat([header!, new Uint8Array(60)]));
      const back = await readVolumeFrom(sourceOfBytes(bytes, 'x.nii'));
      expect(affineDistance(back.rasFromIjk, rasFromIjk)).toBeLessThan(2e-5);
    }
    const [header] = encodeVolume(makeVolume({ dtype: 'uint8', rasFromIjk: sheared }), 'x.nii');
    expect(new DataView(header!.buffer).getInt16(252, true)).toBe(0);
  });
});

/** A random rotation or reflection with random spacings. */
function randomRigid(random: Random): Affine {
  const [w, x, y, z] = Array.from({ length: 4 }, () => random.normal()) as [number, number, number, number];
  const n = Math.hypot(w, x, y, z);
  const [a, b, c, d] = [w / n, x / n, y / n, z / n];
  const [sx, sy, sz] = [random.uniform(0.3, 3), random.uniform(0.3, 3), random.uniform(0.3, 3)];
  const hand = random.chance(0.5) ? 1 : -1;
  return [
    [(a * a + b * b - c * c - d * d) * sx, 2 * (b * c - a * d) * sy, 2 * (b * d + a * c) * sz * hand, 4.5],
    [2 * (b * c + a * d) * sx, (a * a + c * c - b * b - d * d) * sy, 2 * (c * d - a * b) * sz * hand, -60],
    [2 * (b * d - a * c) * sx, 2 * (c * d + a * b) * sy, (a * a + d * d - c * c - b * b) * sz * hand, 9.25],
    [0, 0, 0, 1],
  ];
}

describe('on disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sagitta-encode-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    'a.nii',
    'deep/er/b.nii.gz',
  ])('%s comes back the same, with nothing left beside it', async (name) => {
    const volume = makeVolume({ dtype: 'int16', dims: [64, 64, 40] });
    const path = join(folder, name);
    await writeVolume(path, volume);
    const back = await readVolume(path);
    expect(Buffer.compare(bytesOf(back.data), bytesOf(volume.data))).toBe(0);
    expect((await readdir(join(path, '..'))).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
  });

  it('the same volume gives the same file', async () => {
    const volume = makeVolume({ dtype: 'float32' });
    await writeVolume(join(folder, 'one.nii.gz'), volume);
    await writeVolume(join(folder, 'two.nii.gz'), volume);
    const [one, two] = await Promise.all(['one.nii.gz', 'two.nii.gz'].map((n) => readFile(join(folder, n))));
    expect(one!.equals(two!)).toBe(true);
  });

  it('refuses a name that no format is written under', async () => {
    const written = writeVolume(join(folder, 'volume.mgz'), makeVolume({ dtype: 'uint8' }));
    await expect(written).rejects.toMatchObject({ code: 'VOLUME_FORMAT_NOT_WRITTEN', field: 'file name' });
  });
});
