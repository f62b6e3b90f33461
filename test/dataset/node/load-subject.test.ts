/** @file Data sets on disk: opening, checking, preparing, hashing, fingerprints. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintDataset } from '../../../src/dataset/node/fingerprint-dataset.ts';
import { hashSubject } from '../../../src/dataset/node/hash-subject.ts';
import { loadSubject } from '../../../src/dataset/node/load-subject.ts';
import { openDataset } from '../../../src/dataset/node/open-dataset.ts';
import { Notices } from '../../../src/dataset/notices.ts';
import { classMap, foregroundLists } from '../../../src/dataset/prepared-subject.ts';
import type { Affine } from '../../../src/imaging/geometry/affine.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import type { Dims, Volume } from '../../../src/imaging/volume.ts';
import { hasTestData, testData, withoutTestData } from '../../helpers/test-data.ts';
import { makeVolume, writeTinyDataset } from '../../training/tiny-dataset.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const dims: Dims = [5, 6, 7];
const count = 5 * 6 * 7;
const ramp = () => Float32Array.from({ length: count }, (_, i) => i);
const label = () => Uint8Array.from({ length: count }, (_, i) => (i % 5 === 0 ? 2 : i % 7 === 0 ? 3 : 0));

async function writePair(image: Volume, labels: Volume): Promise<void> {
  await writeVolume(join(folder, 'a_T1.nii'), image);
  await writeVolume(join(folder, 'a_labels.nii'), labels);
}

async function load(classValues: readonly (readonly number[])[] = [[2]]) {
  const notices = new Notices();
  const { subjects } = await openDataset(folder);
  const preparation = { orientation: 'RAS', spacingMm: null, normalisation: { kind: 'none' } } as const;
  const subject = await loadSubject(subjects[0]!, { preparation, classValues, notices });
  return { subject, codes: notices.all.map(({ code }) => code) };
}

const flippedX: Affine = [
  [-1, 0, 0, 4],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

describe('loading a subject', () => {
  it('gives channels, classes and their voxels in shared memory', async () => {
    await writePair(makeVolume(dims, ramp()), makeVolume(dims, label()));
    const { subject, codes } = await load([[3], [2]]);
    expect(codes).toEqual([]);
    expect([subject?.id, subject?.dims]).toEqual(['a', dims]);
    expect(subject?.channels[0]).toEqual(ramp());
    expect(subject?.channels[0]?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...subject!.labels[0]!]).toEqual(
      [...label()].map((value) => (value === 2 ? 2 : value === 3 ? 1 : 0)),
    );
    expect([...subject!.foreground[0]![1]!]).toEqual(Array.from({ length: 42 }, (_, i) => 5 * i));
  });

  it('turns image and label the same way', async () => {
    const turned = (data: Float32Array | Uint8Array) => ({ ...makeVolume(dims, data), rasFromIjk: flippedX });
    await writePair(turned(ramp()), turned(label()));
    const { subject } = await load();
    const values = subject!.channels[0]!;
    expect([...values.subarray(0, 5)]).toEqual([4, 3, 2, 1, 0]);
    expect([...subject!.labels[0]!]).toEqual([...values].map((value) => (value % 5 === 0 ? 1 : 0)));
  });

  it('merges label values of one class', async () => {
    await writePair(makeVolume(dims, ramp()), makeVolume(dims, label()));
    const { subject } = await load([[2, 3]]);
    expect([...subject!.labels[0]!]).toEqual([...label()].map((value) => (value > 0 ? 1 : 0)));
  });

  it.each([
    [
      'GRIDS_DIFFER',
      false,
      () => writePair(makeVolume([4, 6, 7], ramp().slice(42)), makeVolume(dims, label())),
    ],
    [
      'GRIDS_DIFFER',
      false,
      () => writePair(makeVolume(dims, ramp()), { ...makeVolume(dims, label()), rasFromIjk: flippedX }),
    ],
    [
      'NO_FOREGROUND',
      true,
      () => writePair(makeVolume(dims, ramp()), makeVolume(dims, new Uint8Array(count))),
    ],
    [
      'LABELS_NOT_WHOLE',
      true,
      () =>
        writePair(
          makeVolume(dims, ramp()),
          makeVolume(
            dims,
            ramp().map((v) => v + 0.4),
          ),
        ),
    ],
    [
      'VALUES_NOT_FINITE',
      true,
      () => writePair(makeVolume(dims, ramp().fill(Number.NaN, 3, 5)), makeVolume(dims, label())),
    ],
    [
      'NOT_ONE_VOLUME',
      true,
      () =>
        writePair(
          { ...makeVolume(dims, Float32Array.of(...ramp(), ...ramp())), timePoints: 2 },
          makeVolume(dims, label()),
        ),
    ],
  ])('notes %s (usable: %s)', async (code, isUsable, write) => {
    await write();
    const { subject, codes } = await load();
    expect(codes).toEqual([code]);
    expect(subject !== undefined).toBe(isUsable);
  });

  it('notes a file that cannot be read and goes on', async () => {
    await writePair(makeVolume(dims, ramp()), makeVolume(dims, label()));
    await writeFile(join(folder, 'a_T1.nii'), 'not a volume');
    expect(await load()).toEqual({ subject: undefined, codes: ['FILE_UNREADABLE'] });
  });
});

describe('opening a data set', () => {
  it('throws when there is nothing to learn from', async () => {
    await expect(openDataset(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'DATASET_MISSING' });
    await expect(openDataset(folder)).rejects.toMatchObject({ code: 'DATASET_EMPTY' });
  });

  it('goes on without names when dataset.json is not JSON', async () => {
    await writeTinyDataset(folder, 1);
    await writeFile(join(folder, 'dataset.json'), '{');
    expect((await openDataset(folder)).notices.map(({ code }) => code)).toEqual(['DATASET_JSON_INVALID']);
  });
});

describe('the hash of a subject', () => {
  it('depends on contents, not on names', async () => {
    const { subjects } = await writeTinyDataset(folder, 2);
    const [first, second] = await Promise.all(subjects.map(hashSubject));
    expect(first).not.toBe(second);
    await mkdir(join(folder, 'other'));
    const image = join(folder, 'other', 'renamed.nii.gz');
    await copyFile(subjects[0]!.images[0]!, image);
    expect(await hashSubject({ ...subjects[0]!, id: 'x', images: [image] })).toBe(first);
    const swapped = { id: 'x', images: [subjects[0]!.labels.reference!], labels: { reference: image } };
    expect(await hashSubject(swapped)).not.toBe(first);
  });
});

describe('a fingerprint', () => {
  it('tells sizes, spacings and labels', async () => {
    const dataset = await writeTinyDataset(folder, 3);
    expect(await fingerprintDataset(dataset)).toEqual({
      subjectCount: 3,
      channels: 1,
      labelValues: [1],
      medianDims: [9, 9, 10],
      minDims: [9, 8, 10],
      medianSpacingMm: [1, 1, 1],
      foregroundShare: (3 * 3 * 4 * 10) / (9 * 10 * (8 + 9 + 10)),
      raters: 1,
    });
  });

  it.skipIf(!hasTestData)(
    `of four T1 subjects with tissue labels${hasTestData ? '' : ` (${withoutTestData})`}`,
    async () => {
      const dataset = await openDataset(testData('nifti/tissue_train'));
      expect(dataset.subjects.length).toBeGreaterThanOrEqual(4);
      expect(dataset.channels).toEqual(['T1']);
      const fingerprint = await fingerprintDataset(dataset);
      expect(fingerprint.labelValues.length).toBeGreaterThan(0);
      expect(fingerprint.foregroundShare).toBeGreaterThan(0.01);
    },
  );
});

describe('class maps', () => {
  it('round, and count what is not a class as background', () => {
    expect([...classMap([0, 0.999999, 2, 7, -1], [[2], [1]])]).toEqual([0, 2, 1, 0, 0]);
  });

  it('list the voxels of each class', () => {
    const lists = foregroundLists(Uint8Array.of(0, 2, 1, 2), 3);
    expect(lists.map((list) => [...list])).toEqual([[2], [1, 3], []]);
  });
});
