/** @file Broken NIfTI files end in one clear error that names file and field, and cost no memory. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { readHeader, readVolume } from '../../../src/imaging/node/open.ts';
import { hasTestData, testData, withoutTestData } from '../../helpers/test-data.ts';
import { hostileCases, validFile } from './cases.ts';

const allowedBytes = 64 * 2 ** 20;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-hostile-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function thrownBy(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );
}

/** What opening threw, and by how much it made array buffers and the process grow. */
async function openHostile(path: string) {
  const before = process.memoryUsage();
  const thrown = await thrownBy(readVolume(path));
  const after = process.memoryUsage();
  return { thrown, grownBytes: Math.max(after.arrayBuffers - before.arrayBuffers, after.rss - before.rss) };
}

describe('broken NIfTI files', () => {
  it('the file that they are made from is sound', async () => {
    const path = join(folder, 'valid.nii');
    await writeFile(path, validFile());
    expect((await readVolume(path)).data[0]).toBe(-300);
  });

  it.each(hostileCases)('$what: $code in $field', async ({
    what,
    name,
    content,
    sparseBytes,
    code,
    field,
  }) => {
    const path = join(folder, String(hostileCases.findIndex((row) => row.what === what)), name);
    await mkdir(join(path, '..'));
    await writeFile(path, content);
    if (sparseBytes !== undefined) await truncate(path, sparseBytes);
    const { thrown, grownBytes } = await openHostile(path);
    expect(thrown).toBeInstanceOf(UserError);
    const error = thrown as UserError;
    expect({ code: error.code, field: error.field, file: error.file }).toEqual({
      code,
      field,
      file: name === 'a.img' ? path : expect.stringContaining(name),
    });
    expect(error.what.length).toBeGreaterThan(20);
    expect(error.next).toBeDefined();
    expect(grownBytes).toBeLessThan(allowedBytes);
  });

  it('opens the header of a file whose voxels are damaged, as only the header is asked for', async () => {
    const path = join(folder, 'cut.nii');
    await writeFile(path, validFile().subarray(0, 400));
    expect((await readHeader(path)).dims).toEqual([8, 6, 5]);
  });

  it('reads a gzip that is followed by rubbish, as gzip itself does', async () => {
    const path = join(folder, 'rubbish.nii.gz');
    await writeFile(path, Buffer.concat([gzipSync(validFile()), Buffer.alloc(512), Buffer.from('rubbish')]));
    expect((await readVolume(path)).data[0]).toBe(-300);
  });

  it('reads a file that is longer than its header says', async () => {
    const path = join(folder, 'long.nii.gz');
    await writeFile(path, gzipSync(Buffer.concat([validFile(), Buffer.alloc(3 << 20)])));
    expect((await readVolume(path)).data.length).toBe(240);
  });

  it('does not inflate further than the header promises and a little more', async () => {
    const path = join(folder, 'bomb.nii.gz');
    await writeFile(path, gzipSync(Buffer.concat([validFile(), Buffer.alloc(1 << 28)])));
    const { thrown, grownBytes } = await openHostile(path);
    expect(thrown).toBe('nothing was thrown');
    expect(grownBytes).toBeLessThan(allowedBytes);
  });

  it('a file cut at any sixteenth is refused as truncated', async () => {
    const whole = validFile();
    for (let n = 1; n < 16; n++) {
      const path = join(folder, `sixteenth-${n}.nii`);
      await writeFile(path, whole.subarray(0, Math.floor((whole.length * n) / 16)));
      expect(await thrownBy(readVolume(path))).toMatchObject({ code: 'NIFTI_TRUNCATED', file: path });
    }
  });

  it('any flipped bit in the header gives a volume or a UserError, never a crash', async () => {
    const path = join(folder, 'flipped.nii');
    for (let at = 0; at < 352; at++) {
      const bytes = validFile();
      bytes[at] = bytes[at]! ^ (1 << ((at * 5) % 8));
      await writeFile(path, bytes);
      const thrown = await thrownBy(readVolume(path));
      if (thrown !== 'nothing was thrown') expect(thrown, `byte ${at}`).toBeInstanceOf(UserError);
    }
  });
});

describe('paths that are no files', () => {
  it('a folder, a missing file and a path through a file are told apart', async () => {
    await writeFile(join(folder, 'file'), 'x');
    const codes = await Promise.all(
      [folder, join(folder, 'missing.nii'), join(folder, 'file', 'inside.nii')].map(async (path) => {
        const thrown = (await thrownBy(readVolume(path))) as UserError;
        return [thrown.code, thrown.file === path];
      }),
    );
    expect(codes).toEqual([
      ['FILE_NOT_REGULAR', true],
      ['FILE_MISSING', true],
      ['FILE_MISSING', true],
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'a pipe that nobody writes to is refused, not waited for',
    async () => {
      const path = join(folder, 'pipe.nii');
      execFileSync('mkfifo', [path]);
      expect(await thrownBy(readVolume(path))).toMatchObject({ code: 'FILE_NOT_REGULAR', file: path });
    },
  );
});

/** Files of the shared collection that are odd but sound; all others must be refused. */
const sound = /^(00|23|26|30|35|36|45|53|60|63|64)_/;

describe.skipIf(!hasTestData)(
  hasTestData ? 'collected broken files' : `collected: ${withoutTestData}`,
  () => {
    it('each opens when it is sound, or is refused with file, field and advice', async () => {
      const root = testData('malformed/nifti');
      const names = await readdir(root);
      expect(names.length).toBeGreaterThan(30);
      for (const name of names) {
        const { thrown, grownBytes } = await openHostile(join(root, name));
        if (sound.test(name)) expect(thrown, name).toBe('nothing was thrown');
        else
          expect(thrown, name).toMatchObject({
            file: join(root, name),
            field: expect.any(String),
            next: expect.any(String),
          });
        expect(grownBytes, name).toBeLessThan(allowedBytes);
      }
    });
  },
);
