/** @file A data set given as a list of subjects in a JSON file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/dataset/node/open-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-list-'));
});
afterAll(() => rm(folder, { recursive: true }));

const good = {
  version: 1,
  channels: ['T1', 'FLAIR'],
  labelNames: { 1: 'lesion' },
  subjects: [
    { id: 'b', images: ['../data/b1.nii', '../data/b2.nii'], labels: { anna: 'b.nii' } },
    { id: 'a', images: ['a1.nii', 'a2.nii'], labels: { reference: 'a.nii', anna: 'a-anna.nii' } },
  ],
};

async function open(value: unknown) {
  const file = join(folder, 'list.json');
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return openDataset(file);
}

describe('a list of subjects', () => {
  it('gives exactly its subjects, with paths from the place of the file', async () => {
    const found = await open(good);
    expect(found).toMatchObject({
      folder,
      layout: 'list',
      channels: ['T1', 'FLAIR'],
      labelNames: { 1: 'lesion' },
      raters: ['reference', 'anna'],
      notices: [],
    });
    expect(found.subjects.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(found.subjects[1]).toEqual({
      id: 'b',
      images: [join(folder, '../data/b1.nii'), join(folder, '../data/b2.nii')],
      labels: { anna: join(folder, 'b.nii') },
    });
  });

  const [first] = good.subjects;
  it.each([
    ['not JSON', '{"version":', undefined],
    ['another version', { ...good, version: 2 }, 'version'],
    [
      'an absolute path',
      { ...good, subjects: [{ ...first, labels: { a: '/etc/passwd' } }] },
      'subjects.0.labels.a',
    ],
    [
      'a drive letter',
      { ...good, subjects: [{ ...first, images: ['C:/a.nii', 'b'] }] },
      'subjects.0.images.0',
    ],
    [
      'a channel that is missing',
      { ...good, subjects: [{ ...first, images: ['a.nii'] }] },
      'subjects.0.images',
    ],
    ['a subject without labels', { ...good, subjects: [{ ...first, labels: {} }] }, 'subjects.0.labels'],
    ['one id twice', { ...good, subjects: [first, first] }, 'subjects.1.id'],
    ['no subject', { ...good, subjects: [] }, 'subjects'],
  ])('is refused with %s', async (_, value, field) => {
    await expect(open(value)).rejects.toMatchObject({ code: 'DATASET_LIST_INVALID', field });
  });
});
