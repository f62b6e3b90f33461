/** @file What comes from outside: hostile names, files that are too large or break off, archives that lie. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Zippable, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeImports } from '../../../src/host/imports/imports.ts';
import { safePath } from '../../../src/host/imports/incoming-path.ts';
import { defaultLimits } from '../../../src/host/imports/limits.ts';
import type { ImportService } from '../../../src/host/services.ts';
import { encodeVolume } from '../../../src/imaging/write.ts';
import {
  codeOf,
  filesIn,
  makeSmallProject,
  type OpenProject,
  smallVolume,
  temporaryFolder,
} from '../make-project.ts';
import { rows, send } from './make-import.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let open: OpenProject;
let imports: ImportService;
const limits = {
  ...defaultLimits,
  fileBytes: 3000,
  importBytes: 5000,
  fileCount: 20,
  zipFreeBytes: 4000,
  zipRatio: 3,
};
beforeEach(async () => {
  temporary = await temporaryFolder();
  open = await makeSmallProject(join(temporary.folder, 'Study'));
  imports = await makeImports({ ...open, limits });
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

const volume = Buffer.concat(encodeVolume(smallVolume(), 'x.nii'));

describe('a path from outside', () => {
  it.each([
    '../x.nii',
    'a/../../x.nii',
    '..\\x.nii',
    '/etc/x.nii',
    '\\\\server\\x.nii',
    'C:\\x.nii',
    'c:x.nii',
    'a\0.nii',
    'a/con/x.nii',
    'NUL',
    'lpt1.nii',
    '',
    '.',
    `${'a'.repeat(300)}.nii`,
    'é'.repeat(150),
  ])('%j is refused', async (path) => {
    expect(() => safePath(path)).toThrow(expect.objectContaining({ code: 'IMPORT_PATH' }));
    const { id } = await imports.begin();
    expect(await codeOf(imports.receive(id, { path, body: Readable.from([volume]) }))).toBe('IMPORT_PATH');
    expect(
      await filesIn(temporary.folder).then((files) => files.filter((file) => file.includes('incoming'))),
    ).toEqual([]);
  });

  it('keeps its folders, composed, without what Windows forbids', () => {
    expect(safePath('./a//b\\c.nii')).toBe('a/b/c.nii');
    expect(safePath('e\u0301/12:30?.nii')).toBe('\u00e9/12_30_.nii');
    expect(safePath('a./b ')).toBe('a_/b_');
  });
});

describe('a file that a browser sends', () => {
  const receive = async (...bodies: [string, Iterable<Uint8Array> | AsyncIterable<Uint8Array>][]) => {
    const { id } = await imports.begin();
    const codes: unknown[] = [];
    for (const [path, body] of bodies)
      codes.push(await codeOf(imports.receive(id, { path, body: Readable.from(body) })));
    return { id, codes };
  };

  it('is cut off when it, or the import, grows too large; the rest can be taken', async () => {
    const zeros = (count: number) => Array.from({ length: count }, () => Buffer.alloc(500));
    const { id, codes } = await receive(
      ['big.nii', zeros(7)],
      ['x.nii', [volume]],
      ['a.bin', zeros(6)],
      ['b.bin', zeros(5)],
    );
    expect(codes).toEqual(['IMPORT_TOO_LARGE', 'nothing thrown', 'nothing thrown', 'IMPORT_TOO_LARGE']);
    const found = await imports.inspect(id);
    expect(rows(found)).toEqual(['x.nii: image x image']);
    expect(found.refused.map(({ path }) => path)).toEqual(['a.bin']);
  });

  it('that breaks off is not there', async () => {
    async function* broken() {
      yield volume.subarray(0, 100);
      throw new Error('connection lost');
    }
    const { id, codes } = await receive(['x.nii', broken()]);
    expect(codes).not.toEqual(['nothing thrown']);
    expect((await imports.inspect(id)).items).toEqual([]);
    expect(await filesIn(join(open.project.folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('that finds the disk full says so and leaves no part behind', async () => {
    // biome-ignore lint/correctness/useYield: the disk is full before the first byte
    async function* full(): AsyncGenerator<Uint8Array> {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    const { codes } = await receive(['x.nii', full()]);
    expect(codes).toEqual(['IMPORT_DISK_FULL']);
    expect(await filesIn(join(open.project.folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('comes once under one name, and not for an import that is not there', async () => {
    const { id, codes } = await receive(['x.nii', [volume]], ['x.nii', [volume]], ['x.nii/y.nii', [volume]]);
    expect(codes).toEqual(['nothing thrown', 'IMPORT_PATH', 'IMPORT_PATH']);
    await imports.discard(id);
    expect(await codeOf(imports.receive(id, { path: 'y.nii', body: Readable.from([volume]) }))).toBe(
      'IMPORT_UNKNOWN',
    );
  });
});

describe('a zip archive', () => {
  const zipped = async (content: Zippable, change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) => {
    const id = await send(imports, { 'data.zip': change(zipSync(content)) });
    return imports.inspect(id);
  };
  const codes = (found: Awaited<ReturnType<typeof zipped>>) =>
    found.refused.map(({ path, error }) => `${path} ${error.code}`);

  it('is understood as the files in it, packed and stored', async () => {
    const found = await zipped({
      'd/images/p.nii': volume,
      'd/images/q.nii': [volume, { level: 0 }],
      'd/readme.txt': Buffer.from('hello'),
      '__MACOSX/d/._a.nii': Buffer.from('x'),
    });
    expect(rows(found)).toEqual(['data/d/images/p.nii: image p image', 'data/d/images/q.nii: image q image']);
    expect(codes(found)).toEqual(['data/d/readme.txt IMPORT_NOT_A_VOLUME']);
    await imports.take(found.id, found.items);
    expect((await open.library.list()).subjects).toHaveLength(4);
  });

  it('cannot put files outside of its folder', async () => {
    const found = await zipped({
      '../../evil.nii': volume,
      '/evil.nii': volume,
      'c:/evil.nii': volume,
      'x.nii': volume,
    });
    expect(rows(found)).toEqual(['data/x.nii: image x image']);
    expect(codes(found)).toHaveLength(3);
    expect(found.refused.every(({ error }) => error.code === 'IMPORT_PATH')).toBe(true);
    expect((await filesIn(temporary.folder)).filter((file) => file.includes('evil'))).toEqual([]);
  });

  it('that would grow beyond measure is refused, also when it lies about it', async () => {
    const bomb = { 'a.nii': Buffer.alloc(100_000) };
    expect(codes(await zipped(bomb))).toEqual(['data.zip ZIP_TOO_LARGE']);
    const lying = await zipped(bomb, (bytes) => setSize(bytes, 1000));
    expect(codes(lying)).toEqual(['data/a.nii ZIP_DAMAGED']);
    expect(codes(await zipped({ 'a.nii': Buffer.alloc(3500) }))).toEqual(['data/a.nii IMPORT_TOO_LARGE']);
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`${i}`, Buffer.alloc(1)]));
    expect(codes(await zipped(many))).toEqual(['data.zip ZIP_DAMAGED']);
    expect(await filesIn(join(open.project.folder, '.sagitta/incoming'))).toEqual([]);
  });

  it('that is damaged, cut or none at all is refused', async () => {
    const content = { 'a.nii': volume, 'b.txt': Buffer.from('text') };
    const at = zipSync(content).indexOf(0x50, 100);
    expect(at).toBeGreaterThan(0);
    expect(codes(await zipped(content, (bytes) => bytes.subarray(0, bytes.length - 30)))).toEqual([
      'data.zip ZIP_DAMAGED',
    ]);
    expect(codes(await zipped(content, () => Buffer.from('no zip')))).toEqual(['data.zip ZIP_DAMAGED']);
    expect(codes(await zipped(content, () => new Uint8Array(0)))).toEqual(['data.zip ZIP_DAMAGED']);
    const flipped = await zipped(content, (bytes) => flip(bytes, 60));
    expect(codes(flipped)[0]).toBe('data/a.nii ZIP_DAMAGED');
    for (let i = 0; i < 200; i++) {
      const found = await zipped(content, (bytes) => flip(bytes, (i * 37) % bytes.length));
      expect(found.refused.map(({ error }) => error.code)).not.toContain('BUG');
    }
  });

  it('that is encrypted is refused', async () => {
    const found = await zipped({ 'a.nii': volume }, (bytes) => {
      const copy = Buffer.from(bytes);
      const entry = copy.indexOf('PK\x01\x02', 0, 'latin1');
      copy.writeUInt16LE(copy.readUInt16LE(entry + 8) | 1, entry + 8);
      return copy;
    });
    expect(codes(found)).toEqual(['data/a.nii ZIP_UNSUPPORTED']);
  });

  it('on this machine is unpacked and left where it is', async () => {
    const folder = await mkdtemp(join(temporary.folder, 'drop-'));
    await writeFile(join(folder, 'p.zip'), zipSync({ 'p1_T1.nii': volume }));
    const { id } = await imports.beginWithPaths([join(folder, 'p.zip')]);
    expect(rows(await imports.inspect(id))).toEqual(['p/p1_T1.nii: image p1 T1']);
    await imports.discard(id);
    expect(await filesIn(folder)).toEqual(['p.zip']);
  });
});

/** Sets the unpacked size in the list of files. */
function setSize(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(size, copy.indexOf('PK\x01\x02', 0, 'latin1') + 24);
  return copy;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = copy[at]! ^ 0x55;
  return copy;
}
