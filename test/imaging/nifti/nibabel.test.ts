/** @file What we write, nibabel reads: the same voxels at the same place. Skipped where Python has no nibabel. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Affine, affineDistance, spacingOf } from '../../../src/imaging/geometry/affine.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import type { Volume, VoxelType } from '../../../src/imaging/volume.ts';
import { makeVoxels } from '../../../src/imaging/voxel-type.ts';

const python = '/usr/bin/python3';
const hasNibabel = spawnSync(python, ['-c', 'import nibabel']).status === 0;

interface ReadBack {
  readonly kind: string;
  readonly shape: readonly number[];
  readonly zooms: readonly number[];
  readonly units: readonly string[];
  readonly affine: Affine;
  readonly qform: Affine | null;
  readonly values: readonly number[];
}

const leftHanded: Affine = [
  [0, 0, 2.5, -31.25],
  [0.75, 0, 0, 12.5],
  [0, -1.5, 0, 7],
  [0, 0, 0, 1],
];
const sheared: Affine = [
  [1.9, 0.1, -0.4, -30.5],
  [-0.2, 1.4, 0.3, 12.25],
  [0.5, -0.2, 2.8, 7.125],
  [0, 0, 0, 1],
];

function makeVolume(dtype: VoxelType, options: Partial<Volume> = {}): Volume {
  const { dims = [4, 3, 5] as const, timePoints = 1, components = 1, rasFromIjk = leftHanded } = options;
  const data = makeVoxels(dtype, dims[0] * dims[1] * dims[2] * timePoints * components);
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < data.length; i++) (data as Float64Array)[i] = (isBig ? BigInt(i) : i % 120) as number;
  const base = {
    data,
    dtype,
    dims,
    timePoints,
    components,
    rasFromIjk,
    timeStepS: 0,
    slope: 1,
    intercept: 0,
  };
  return { ...base, spacingMm: spacingOf(rasFromIjk), ...options };
}

const scalars: VoxelType[] = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
const volumes: readonly Volume[] = [
  ...[...scalars, 'float32' as const, 'float64' as const].map((dtype) => makeVolume(dtype)),
  makeVolume('int16', { rasFromIjk: sheared, slope: 0.5, intercept: -10 }),
  makeVolume('float32', { timePoints: 3, timeStepS: 1.5 }),
  makeVolume('uint8', { components: 3, componentKind: 'colour' }),
  makeVolume('float32', { components: 2, componentKind: 'complex' }),
  makeVolume('float32', { components: 3, componentKind: 'vector' }),
  makeVolume('uint8', { dims: [33_000, 1, 2] }),
];

describe.skipIf(!hasNibabel)(hasNibabel ? 'nibabel' : 'nibabel: not installed for /usr/bin/python3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sagitta-nibabel-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads every kind of volume that we write', async () => {
    const paths = volumes.map((_, n) => join(folder, n % 2 === 0 ? `${n}.nii` : `${n}.nii.gz`));
    for (const [n, volume] of volumes.entries()) await writeVolume(paths[n]!, volume);
    const script = join(import.meta.dirname, 'read-back.py');
    const output = execFileSync(python, [script, ...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const found: ReadBack[] = JSON.parse(output);
    for (const [n, volume] of volumes.entries()) expectSame(found[n]!, volume);
  });
});

function expectSame(found: ReadBack, volume: Volume): void {
  const { dims, timePoints, components, componentKind, rasFromIjk, slope, intercept } = volume;
  const isVector = componentKind === 'vector';
  const isSeries = timePoints > 1 || isVector;
  const shape = [...dims, ...(isSeries ? [timePoints] : []), ...(isVector ? [components] : [])];
  expect(found.shape).toEqual(shape);
  expect(found.kind).toBe(Math.max(...dims) > 32_767 ? 'Nifti2Image' : 'Nifti1Image');
  expect(found.units).toEqual(['mm', 'sec']);
  if (timePoints > 1) expect(found.zooms[3]).toBeCloseTo(volume.timeStepS, 6);
  expect(affineDistance(found.affine, rasFromIjk)).toBeLessThan(1e-5);
  if (rasFromIjk === sheared) expect(found.qform).toBeNull();
  else expect(affineDistance(found.qform!, rasFromIjk)).toBeLessThan(1e-5);
  const values = Array.from(volume.data as ArrayLike<number | bigint>, (v) => Number(v) * slope + intercept);
  expect(found.values).toEqual(values);
}
