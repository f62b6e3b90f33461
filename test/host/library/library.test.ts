/** @file The library: what lies in the folder is what it lists, and every change can be undone. */
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../src/contract/ids.ts';
import { librarySchema } from '../../../src/contract/library.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import {
  codeOf,
  filesIn,
  makeSmallProject,
  type OpenProject,
  reopen,
  smallLabel,
  smallVolume,
  temporaryFolder,
} from '../make-project.ts';

const id = (path: string) => path as VolumeId;
const t1 = id('subjects/a/images/T1.nii.gz');
const anna = id('subjects/a/labels/T1/anna.nii.gz');

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
let open: OpenProject;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.folder, 'Study');
  open = await makeSmallProject(folder);
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

async function restart() {
  await open.close();
  open = await reopen(folder);
}

/** `a: T1 (anna ben), T2`. */
async function listed(): Promise<string[]> {
  const { subjects } = await open.library.list();
  return subjects.map(
    ({ name, images }) =>
      `${name}: ${images.map((image) => [image.name, ...image.labels.map(({ rater }) => rater)].join(' ')).join(', ')}`,
  );
}

const whole = ['a: T1 anna ben, T2', 'b: T1'];

describe('the library', () => {
  it('lists what lies in the folder with the facts of its header', async () => {
    const library = librarySchema.parse(await open.library.list());
    expect(await listed()).toEqual(whole);
    expect(library.subjects[0]?.images[0]).toMatchObject({
      id: t1,
      dims: [6, 5, 4],
      spacingMm: [1, 1, 2],
      orientation: 'RAS',
      timePoints: 1,
    });
    expect(library.subjects[0]?.images[0]?.labels[0]).toMatchObject({ id: anna, rater: 'anna', image: t1 });
  });

  it('is the same without its index, and with a damaged one', async () => {
    const before = await open.library.list();
    const index = join(folder, '.sagitta/index.sqlite');
    await open.close();
    await rm(index);
    open = await reopen(folder);
    expect(await open.library.list()).toEqual(before);
    await open.close();
    await writeFile(
      index,
      'this is no database at all, but it is longer than a header of one would be'.repeat(30),
    );
    open = await reopen(folder);
    expect(await open.library.list()).toEqual(before);
  });

  it('has files added, changed and removed by hand after it is opened again', async () => {
    await writeVolume(join(folder, 'subjects/c/images/CT.nii.gz'), smallVolume());
    await writeVolume(join(folder, 'subjects/b/images/T1.nii.gz'), smallVolume({ dims: [2, 2, 2] }));
    await writeFile(join(folder, 'subjects/b/images/broken.nii'), 'not a volume');
    await rm(join(folder, 'subjects/a/images/T2.nii'));
    await restart();
    expect(await listed()).toEqual(['a: T1 anna ben', 'b: T1', 'c: CT']);
    expect((await open.library.list()).subjects[1]?.images[0]?.dims).toEqual([2, 2, 2]);
  });

  it('removes an image with its label maps; undo and redo work over restarts', async () => {
    const change = await open.library.remove([t1]);
    expect(change.text).toBe('Removed T1 of a');
    expect(await listed()).toEqual(['a: T2', 'b: T1']);
    await restart();
    expect(await open.library.undo()).toEqual(change);
    expect(await listed()).toEqual(whole);
    await restart();
    expect(await open.library.redo()).toEqual(change);
    expect(await listed()).toEqual(['a: T2', 'b: T1']);
    expect(await open.library.redo()).toBeNull();
    await open.library.undo();
    expect(await open.library.undo()).toBeNull();
    expect(await filesIn(join(folder, 'trash'))).toEqual([]);
  });

  it('says what was removed', async () => {
    const text = async (...ids: string[]) => {
      const change = await open.library.remove(ids.map(id));
      await open.library.undo();
      return change.text;
    };
    expect(await text(anna)).toBe('Removed the label map of a by anna');
    expect(await text('subjects/b/images/T1.nii.gz')).toBe('Removed b');
    expect(await text(t1, 'subjects/a/images/T2.nii')).toBe('Removed a');
    expect(await text(anna, 'subjects/a/images/T2.nii')).toBe('Removed 2 volumes');
    expect(await text(t1, 'subjects/a/images/T2.nii', 'subjects/b/images/T1.nii.gz')).toBe(
      'Removed 2 subjects',
    );
  });

  it('renames a subject, but not to a name that is taken or unsafe', async () => {
    const rename = (from: string, to: string) => open.library.renameSubject({ from, to });
    expect((await rename('a', 'A')).text).toBe('Renamed a to A');
    expect(await listed()).toEqual(['A: T1 anna ben, T2', 'b: T1']);
    await open.library.undo();
    expect(await listed()).toEqual(whole);
    expect(await codeOf(rename('a', 'B'))).toBe('SUBJECT_NAME_TAKEN');
    expect(await codeOf(rename('x', 'y'))).toBe('SUBJECT_UNKNOWN');
    for (const name of ['../x', 'CON', 'x.']) expect(await codeOf(rename('a', name))).toBe('NAME_UNUSABLE');
    await mkdir(join(folder, 'subjects/c'));
    expect(await codeOf(rename('a', 'c'))).toBe('FILE_IN_THE_WAY');
    expect(await listed()).toEqual(whole);
  });

  it('names labels, undoably, in project.json', async () => {
    await open.library.nameLabels({ 1: 'vessel' });
    expect((await open.library.list()).labelNames).toEqual({ 1: 'vessel' });
    expect(JSON.parse(await readFile(join(folder, 'project.json'), 'utf8')).labelNames).toEqual({
      1: 'vessel',
    });
    await restart();
    await open.library.undo();
    expect((await open.library.list()).labelNames).toEqual({});
  });

  it('tells its revision, which only grows', async () => {
    const { revision } = await open.library.list();
    await open.library.remove([anna]);
    await open.library.undo();
    const revisions = open.events.map((event) => (event.type === 'library' ? event.revision : -1));
    expect(revisions).toHaveLength(2);
    expect(revisions[0]).toBeGreaterThan(revision);
    expect(revisions[1]).toBeGreaterThan(revisions[0]!);
    await restart();
    expect((await open.library.list()).revision).toBe(revisions[1]);
  });

  it('forgets what was undone once something else is done', async () => {
    await open.library.remove([t1]);
    await open.library.undo();
    await open.library.remove([anna]);
    expect(await open.library.redo()).toBeNull();
    expect(await filesIn(join(folder, 'trash'))).toHaveLength(1);
  });

  it('refuses an undo that files moved by hand have made impossible, and changes nothing', async () => {
    await open.library.remove([t1]);
    await writeVolume(join(folder, anna), smallLabel());
    expect(await codeOf(open.library.undo())).toBe('UNDO_IMPOSSIBLE');
    await rm(join(folder, anna));
    expect((await open.library.undo())?.text).toBe('Removed T1 of a');
    expect(await listed()).toEqual(whole);
  });

  it('reads a journal whose last line was cut off, and passes over lines that are none', async () => {
    await open.library.remove([t1]);
    await open.close();
    await appendFile(join(folder, '.sagitta/changes.ndjson'), 'nonsense\n{"type":"undo","id":"chan');
    open = await reopen(folder);
    await open.library.undo();
    expect(await listed()).toEqual(whole);
    await restart();
    await open.library.redo();
    expect(await listed()).toEqual(['a: T2', 'b: T1']);
  });
});

describe('the file of a volume', () => {
  it('is known for images, label maps and maps that a prediction lists', async () => {
    expect(await open.library.fileOf(anna)).toBe(join(folder, anna));
    const prediction = join(folder, 'predictions/p1');
    await writeVolume(join(prediction, 'case/map.nii.gz'), smallVolume());
    await writeVolume(join(prediction, 'case/other.nii.gz'), smallVolume());
    await writeFile(
      join(prediction, 'outputs.json'),
      JSON.stringify({ cases: [{ files: { map: 'case/map.nii.gz' } }] }),
    );
    const map = id('predictions/p1/case/map.nii.gz');
    expect(await open.library.fileOf(map)).toBe(join(folder, map));
    expect(await codeOf(open.library.fileOf(id('predictions/p1/case/other.nii.gz')))).toBe('VOLUME_UNKNOWN');
    expect(await codeOf(open.library.fileOf(id('predictions/p1/outputs.json')))).toBe('VOLUME_UNKNOWN');
  });

  it.each([
    'project.json',
    '../outside.nii',
    'subjects/a/images/../images/T1.nii.gz',
    'subjects/a/images',
    'subjects/a/images/none.nii.gz',
    '/etc/passwd',
    'subjects\\a\\images\\T1.nii.gz',
    'predictions/../subjects/a/images/T1.nii.gz',
    'predictions/p1/../../project.json',
    'predictions',
    'predictions/p\0/x.nii',
    `predictions/${'x'.repeat(300)}/x.nii`,
    'predictions/p1/',
  ])('%s is unknown', async (path) => {
    expect(await codeOf(open.library.fileOf(id(path)))).toBe('VOLUME_UNKNOWN');
  });

  it('is unknown when a link leads out of the project', async () => {
    const outside = join(temporary.folder, 'outside.nii.gz');
    await writeVolume(outside, smallVolume());
    await symlink(outside, join(folder, 'subjects/a/images/link.nii.gz'));
    await mkdir(join(folder, 'predictions/p1'));
    await symlink(outside, join(folder, 'predictions/p1/link.nii.gz'));
    await writeFile(join(folder, 'predictions/p1/outputs.json'), '["link.nii.gz"]');
    await restart();
    expect(await listed()).toEqual(whole);
    expect(await codeOf(open.library.fileOf(id('subjects/a/images/link.nii.gz')))).toBe('VOLUME_UNKNOWN');
    expect(await codeOf(open.library.fileOf(id('predictions/p1/link.nii.gz')))).toBe('VOLUME_UNKNOWN');
    // A known image that is exchanged for a link while the project is open.
    await rm(join(folder, t1));
    await symlink(outside, join(folder, t1));
    expect(await codeOf(open.library.fileOf(t1))).toBe('VOLUME_UNKNOWN');
  });
});
