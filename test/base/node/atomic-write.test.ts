import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../../src/base/node/atomic-write.ts';

describe('an atomic write', () => {
  it('replaces the file, makes missing folders and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
    const path = join(folder, 'a/b/file.txt');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, [Buffer.from('ne'), Buffer.from('w')]);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'a/b'))).toEqual(['file.txt']);
  });

  it('keeps the old file when the new one cannot be put in its place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
    await writeFileAtomic(join(folder, 'taken/inner.txt'), 'kept');
    await expect(writeFileAtomic(join(folder, 'taken'), 'new')).rejects.toThrow();
    expect(await readFile(join(folder, 'taken/inner.txt'), 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
