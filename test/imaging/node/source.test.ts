/** @file Files as byte sources: plain or compressed, read as far as asked and no further. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUpTo, skip } from '../../../src/imaging/byte-source.ts';
import { openSource } from '../../../src/imaging/node/source.ts';

const content = Uint8Array.from({ length: 1_000_000 }, (_, n) => (n * 7919) >>> 5);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-source-'));
  await writeFile(join(folder, 'plain'), content);
  await writeFile(join(folder, 'one'), gzipSync(content));
  const halves = [content.subarray(0, 300_001), content.subarray(300_001)];
  await writeFile(join(folder, 'members'), Buffer.concat(halves.map((half) => gzipSync(half))));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.each(['plain', 'one', 'members'])('a source over %s', (name) => {
  it('gives the content in order, in pieces of any size', async () => {
    const { source, close } = await openSource(join(folder, name));
    const first = await readUpTo(source, 10);
    expect(await skip(source, 500_000)).toBe(500_000);
    const rest = await readUpTo(source, 2_000_000);
    await close();
    expect(first).toEqual(content.subarray(0, 10));
    expect(Buffer.compare(rest, content.subarray(500_010))).toBe(0);
    expect(source.isPlain).toBe(name === 'plain');
    expect(source.mostBytes).toBeGreaterThanOrEqual(content.length);
  });

  it('stops at the allowance when there is more, and says so', async () => {
    const { source, close } = await openSource(join(folder, name));
    await readUpTo(source, 100);
    expect(await source.finish(400_000)).toBe('more');
    await close();
  });

  it('is complete when no more than the allowance is left', async () => {
    const { source, close } = await openSource(join(folder, name));
    await readUpTo(source, 900_000);
    expect(await source.finish(100_000)).toBe('complete');
    await close();
  });
});

it('damage that nobody reads does not end the process', async () => {
  const bytes = gzipSync(content);
  bytes.fill(0xff, 20);
  await writeFile(join(folder, 'damaged'), bytes);
  const { source, close } = await openSource(join(folder, 'damaged'));
  const read = readUpTo(source, 10);
  await expect(read).rejects.toMatchObject({ code: 'GZIP_CORRUPT', field: 'gzip stream' });
  await close();
  const unread = await openSource(join(folder, 'damaged'));
  await unread.close();
});

it('finds the other half of a pair, compressed or not', async () => {
  for (const name of ['a.hdr', 'a.img.gz', 'b.hdr.gz', 'b.img']) await writeFile(join(folder, name), content);
  for (const [half, other] of [
    ['a.hdr', 'a.img.gz'],
    ['b.hdr.gz', 'b.img'],
  ] as const) {
    const { source, close } = await openSource(join(folder, half));
    expect((await source.sibling('.hdr', '.img'))?.file).toBe(join(folder, other));
    expect(await source.sibling('.img', '.hdr')).toBeUndefined();
    await close();
  }
});
