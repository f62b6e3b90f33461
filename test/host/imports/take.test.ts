/** @file Taking an import into the project: all or none, undoably, also when the process is killed in between. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeImports } from '../../../src/host/imports/imports.ts';
import type { TakenItem } from '../../../src/host/imports/take.ts';
import type { ImportService } from '../../../src/host/services.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { encodeVolume } from '../../../src/imaging/write.ts';
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
import { rows, send, writeFiles } from './make-import.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let drop: string;
let folder: string;
let open: OpenProject;
let imports: ImportService;
beforeEach(async () => {
  temporary = await temporaryFolder();
  drop = join(temporary.folder, 'drop');
  folder = join(temporary.folder, 'Study');
  open = await makeSmallProject(folder);
  imports = await makeImports(open);
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

const subjectFiles = () => filesIn(join(folder, 'subjects'));
const listed = async () => (await open.library.list()).subjects.map(({ name }) => name);

async function beginWith(files: Parameters<typeof writeFiles>[1]) {
  await writeFiles(drop, files);
  return (await imports.beginWithPaths([drop])).id;
}

const image = (path: string, subject: string, name = 'T1'): TakenItem => ({
  path: `drop/${path}`,
  role: 'image',
  subject,
  name,
});
const label = (path: string, subject: string, rater = 'reference', name = 'T1'): TakenItem => ({
  path: `drop/${path}`,
  role: 'label',
  subject,
  name,
  rater,
});

describe('taking an import', () => {
  it('copies what was proposed, byte by byte, and undo takes it out again', async () => {
    const id = await beginWith({
      'images/c1.nii.gz': smallVolume(),
      'images/c2.nii': smallVolume(),
      'labels_anna/c1.nii.gz': smallLabel(),
    });
    const before = await subjectFiles();
    const { items } = await imports.inspect(id);
    const change = await imports.take(id, items);
    expect(change.text).toBe('Imported 2 subjects');
    expect(await subjectFiles()).toEqual(
      [...before, 'c1/images/image.nii.gz', 'c1/labels/image/anna.nii.gz', 'c2/images/image.nii'].sort(),
    );
    expect(await readFile(join(folder, 'subjects/c2/images/image.nii'))).toEqual(
      await readFile(join(drop, 'images/c2.nii')),
    );
    expect(open.events.at(-1)?.type).toBe('library');
    await open.close();
    open = await reopen(folder);
    await open.library.undo();
    expect(await subjectFiles()).toEqual(before);
    await open.library.redo();
    expect(await listed()).toEqual(['a', 'b', 'c1', 'c2']);
    expect(await filesIn(drop)).toHaveLength(3);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('names label values that the project has no names for yet', async () => {
    await open.library.nameLabels({ 1: 'vessel' });
    const json = JSON.stringify({
      channel_names: { 0: 'CT' },
      labels: { background: 0, other: 1, plaque: 2 },
    });
    const id = await beginWith({ 'imagesTr/c_0000.nii': smallVolume(), 'dataset.json': json });
    await imports.take(id, (await imports.inspect(id)).items);
    expect((await open.library.list()).labelNames).toEqual({ 0: 'background', 1: 'vessel', 2: 'plaque' });
    await open.library.undo();
    expect((await open.library.list()).labelNames).toEqual({ 1: 'vessel' });
    expect(await listed()).toEqual(['a', 'b']);
  });

  it('adds to subjects that are there, whatever the capitals, and to images of the library', async () => {
    const id = await beginWith({ 'x.nii': smallVolume(), 'l.nii': smallLabel() });
    await imports.take(id, [image('x.nii', 'A', 'CT'), label('l.nii', 'B')]);
    expect(await subjectFiles()).toContain('a/images/CT.nii');
    expect(await subjectFiles()).toContain('b/labels/T1/reference.nii');
  });

  it('goes by content where a name lies about compression', async () => {
    const packed = gzipSync(Buffer.concat(encodeVolume(smallVolume(), 'x.nii')));
    const id = await beginWith({ 'x.nii': packed });
    await imports.take(id, [image('x.nii', 'x')]);
    expect(await subjectFiles()).toContain('x/images/T1.nii.gz');
  });

  it.each<[string, readonly TakenItem[]]>([
    ['IMPORT_NOTHING', []],
    ['IMPORT_FILE_UNKNOWN', [image('none.nii', 'x')]],
    ['IMPORT_FILE_UNKNOWN', [image('../../Study/project.json', 'x')]],
    ['NAME_UNUSABLE', [image('x.nii', '../x')]],
    ['NAME_UNUSABLE', [image('x.nii', 'x', 'con')]],
    ['NAME_UNUSABLE', [image('x.nii', 'x'), label('l.nii', 'x', 'a/b')]],
    ['IMPORT_NAME_TAKEN', [image('y.nii', 'y'), image('x.nii', 'A', 't1')]],
    ['IMPORT_NAME_TAKEN', [image('x.nii', 'x'), image('y.nii', 'X', 't1')]],
    ['IMPORT_NAME_TAKEN', [image('x.nii', 'x'), label('l.nii', 'a', 'Anna')]],
    ['IMPORT_IMAGE_MISSING', [image('x.nii', 'x'), label('l.nii', 'q')]],
    ['IMPORT_GRIDS_DIFFER', [image('x.nii', 'x'), label('l3.nii', 'x')]],
    ['IMPORT_GRIDS_DIFFER', [image('x.nii', 'x'), label('moved.nii', 'b')]],
  ])('is refused as a whole with %s for %j', async (code, items) => {
    const moved = smallLabel({
      rasFromIjk: [
        [1, 0, 0, -3],
        [0, 1, 0, -2],
        [0, 0, 2, 5],
        [0, 0, 0, 1],
      ],
    });
    const id = await beginWith({
      'x.nii': smallVolume(),
      'y.nii': smallVolume(),
      'l.nii': smallLabel(),
      'l3.nii': smallLabel({ dims: [6, 5, 3] }),
      'moved.nii': moved,
    });
    const before = await subjectFiles();
    expect(await codeOf(imports.take(id, items))).toBe(code);
    expect(await subjectFiles()).toEqual(before);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
    // The import is still there, to be corrected.
    await imports.take(id, [image('x.nii', 'x')]);
    expect(await codeOf(imports.inspect(id))).toBe('IMPORT_UNKNOWN');
  });

  it('turns a pair of files into one', async () => {
    const header = Buffer.concat(encodeVolume(smallVolume(), 'x.nii'));
    header.write('ni1\0', 344, 'latin1');
    header.writeFloatLE(0, 108);
    const id = await beginWith({ 'p.hdr': header.subarray(0, 348), 'p.img': header.subarray(352) });
    expect(rows(await imports.inspect(id))).toEqual(['drop/p.hdr: image p image']);
    await imports.take(id, [image('p.hdr', 'p')]);
    expect((await readVolume(join(folder, 'subjects/p/images/T1.nii.gz'))).data).toEqual(smallVolume().data);
  });
});

describe('files that a browser sent', () => {
  it('are taken and leave nothing behind', async () => {
    const bytes = Buffer.concat(encodeVolume(smallVolume(), 'x.nii'));
    const id = await send(imports, { 'sub/x.nii': bytes });
    expect(rows(await imports.inspect(id))).toEqual(['sub/x.nii: image x image']);
    await imports.take(id, (await imports.inspect(id)).items);
    expect(await readFile(join(folder, 'subjects/x/images/image.nii'))).toEqual(bytes);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('are gone when discarded, and when the project is opened again', async () => {
    const first = await send(imports, { 'x.txt': 'x' });
    await imports.discard(first);
    expect(await codeOf(imports.inspect(first))).toBe('IMPORT_UNKNOWN');
    await send(imports, { 'x.txt': 'x' });
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toHaveLength(1);
    await makeImports(open);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
  });
});

describe('a process that is killed while it takes an import', () => {
  const count = 150;

  it.each([
    ['copies', '.sagitta/incoming', 0],
    ['moves', 'subjects', count],
  ])('while it %s leaves all or nothing', async (_, where, expected) => {
    await mkdir(drop, { recursive: true });
    const bytes = Buffer.concat(encodeVolume(smallVolume(), 'x.nii'));
    await writeFiles(drop, Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}.nii`, bytes])));
    await open.close();
    const before = await subjectFiles();
    const child = fork(join(import.meta.dirname, 'take-all.ts'), [folder, drop]);
    const exit = once(child, 'exit');
    const watched = join(folder, where);
    const isBegun = async () =>
      existsSync(watched) && (await readdir(watched, { recursive: true })).length > 40;
    while (!(await isBegun()) && child.exitCode === null) await nextTurn();
    child.kill('SIGKILL');
    await exit;
    open = await reopen(folder);
    imports = await makeImports(open);
    expect(await listed()).toHaveLength(expected + 2);
    expect(await filesIn(join(folder, '.sagitta/incoming'))).toEqual([]);
    if (expected > 0) await open.library.undo();
    expect(await subjectFiles()).toEqual(before);
  });
});
