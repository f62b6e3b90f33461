/** @file Volumes for the viewer: facts, bytes, corrections. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../src/contract/ids.ts';
import { volumeDescriptionSchema } from '../../../src/contract/volumes.ts';
import { makeVolumes, type ProjectVolumes } from '../../../src/host/volumes/volumes.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import type { Volume } from '../../../src/imaging/volume.ts';
import {
  codeOf,
  dims,
  filesIn,
  makeSmallProject,
  type OpenProject,
  reopen,
  smallVolume,
  temporaryFolder,
} from '../make-project.ts';

const id = (path: string) => path as VolumeId;
const t1 = id('subjects/a/images/T1.nii.gz');
const count = dims[0] * dims[1] * dims[2];

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
let open: OpenProject;
let volumes: ProjectVolumes;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.folder, 'Study');
  open = await makeSmallProject(folder);
  volumes = makeVolumes(open);
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

/** Puts a volume into the project by hand and opens it anew. */
async function put(volume: Volume): Promise<VolumeId> {
  await open.close();
  await writeVolume(join(folder, 'subjects/x/images/x.nii.gz'), volume);
  open = await reopen(folder);
  volumes = makeVolumes(open);
  return id('subjects/x/images/x.nii.gz');
}

async function bytesAt(volume: VolumeId, timePoint = 0): Promise<ArrayBuffer> {
  const { stream, sizeBytes } = await volumes.voxels(volume, timePoint);
  const bytes = await buffer(stream);
  expect(bytes.length).toBe(sizeBytes);
  return new Uint8Array(bytes).buffer;
}

describe('a volume for the viewer', () => {
  it('is described as the contract says', async () => {
    const info = await volumes.describe(t1);
    expect(volumeDescriptionSchema.parse(info)).toEqual(info);
    expect(info).toMatchObject({
      id: t1,
      name: 'T1.nii.gz',
      format: 'NIfTI-1',
      dims: [6, 5, 4],
      spacingMm: [1, 1, 2],
      orientation: 'RAS',
      dtype: 'int16',
      range: [0, count - 1],
      looksLikeLabels: false,
      componentKind: null,
    });
    expect(info.rasFromIjk[2]).toEqual([0, 0, 2, -4]);
    expect((await volumes.describe(id('subjects/a/labels/T1/anna.nii.gz'))).looksLikeLabels).toBe(true);
  });

  it('sends its stored voxels as they are', async () => {
    expect([...new Int16Array(await bytesAt(t1))]).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('sends 64-bit whole numbers as float64', async () => {
    const wide = await put(smallVolume({ dtype: 'int64' }, (i) => i * 1e9 - 5));
    expect(await volumes.describe(wide)).toMatchObject({
      dtype: 'float64',
      range: [-5, (count - 1) * 1e9 - 5],
    });
    expect([...new Float64Array(await bytesAt(wide))].slice(0, 3)).toEqual([-5, 1e9 - 5, 2e9 - 5]);
  });

  it('sends one time point with all its components', async () => {
    // Components follow time in memory: value = 1000 · component + 100 · time.
    const value = (i: number) => 1000 * Math.floor(i / (3 * count)) + 100 * (Math.floor(i / count) % 3);
    const series = await put(
      smallVolume({ timePoints: 3, components: 2, componentKind: 'vector', timeStepS: 2 }, value),
    );
    expect(await volumes.describe(series)).toMatchObject({ timePoints: 3, components: 2, timeStepS: 2 });
    const voxels = new Int16Array(await bytesAt(series, 1));
    expect(voxels.length).toBe(2 * count);
    expect([...new Set(voxels)]).toEqual([100, 1100]);
    for (const t of [3, -1, 0.5]) expect(await codeOf(volumes.voxels(series, t))).toBe('TIME_POINT_MISSING');
  });

  it('is unknown when it is not of this project', async () => {
    expect(await codeOf(volumes.describe(id('../a.nii')))).toBe('VOLUME_UNKNOWN');
    expect(await codeOf(volumes.voxels(id('project.json'), 0))).toBe('VOLUME_UNKNOWN');
  });

  it('is right for many at once, with a cache that holds next to nothing, and after the file was changed', async () => {
    volumes = makeVolumes({ ...open, cacheBytes: 1 });
    const ids = [t1, id('subjects/a/images/T2.nii'), id('subjects/b/images/T1.nii.gz'), t1];
    const bytes = await Promise.all(ids.map((each) => bytesAt(each)));
    expect(bytes.map(({ byteLength }) => byteLength)).toEqual(ids.map(() => 2 * count));
    await writeVolume(join(folder, t1), smallVolume({ dims: [2, 2, 2] }));
    expect((await volumes.describe(t1)).dims).toEqual([2, 2, 2]);
    expect((await bytesAt(t1)).byteLength).toBe(16);
  });
});

describe('a correction', () => {
  const drawn = Uint8Array.from({ length: count }, (_, i) => (i > 50 ? 3 : 0));

  it('becomes the label map of its rater on the grid of the image, undoably', async () => {
    const change = await volumes.saveLabel({ image: t1, rater: 'me', voxels: drawn });
    expect(change.text).toBe('Drew the label map of a by me');
    const place = join(folder, 'subjects/a/labels/T1/me.nii.gz');
    const saved = await readVolume(place);
    const image = await readVolume(join(folder, t1));
    expect(saved).toMatchObject({ dtype: 'uint8', dims: image.dims, rasFromIjk: image.rasFromIjk });
    expect(saved.data).toEqual(drawn);
    const first = await readFile(place);

    const wide = Uint16Array.from(drawn, (value) => value * 1000);
    expect((await volumes.saveLabel({ image: t1, rater: 'me', voxels: wide })).text).toMatch(/^Changed/);
    expect((await readVolume(place)).data).toEqual(wide);
    await open.library.undo();
    expect(await readFile(place)).toEqual(first);
    await open.library.redo();
    expect((await readVolume(place)).dtype).toBe('uint16');
    await open.library.undo();
    await open.library.undo();
    expect(await filesIn(join(folder, 'subjects/a/labels'))).toEqual(['T1/anna.nii.gz', 'T1/ben.nii.gz']);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('is refused when it does not fit, and leaves nothing behind', async () => {
    const save = (image: string, rater: string, voxels: Uint8Array) =>
      codeOf(volumes.saveLabel({ image: id(image), rater, voxels }));
    expect(await save(t1, 'me', drawn.subarray(1))).toBe('LABEL_SIZE_DIFFERS');
    expect(await save(t1, '../me', drawn)).toBe('NAME_UNUSABLE');
    expect(await save('subjects/a/images/none.nii', 'me', drawn)).toBe('VOLUME_UNKNOWN');
    expect(await save('subjects/a/labels/T1/anna.nii.gz', 'me', drawn)).toBe('VOLUME_UNKNOWN');
    await mkdir(join(folder, 'subjects/a/labels/T1/me.nii.gz'));
    expect(await save(t1, 'me', drawn)).toBe('FILE_IN_THE_WAY');
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
    expect(await filesIn(join(folder, 'trash'))).toEqual([]);
  });
});
