/** @file The lock file: one holder, leftovers taken over, no litter. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/base/node/lock.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

/** No process has the largest id that Linux allows. */
const nobody = '4194304';

describe('a lock', () => {
  it('is had by one of many who ask at once, also when a leftover is in the way', async () => {
    for (const leftover of [undefined, nobody, 'garbled', String(process.pid)]) {
      if (leftover !== undefined) await writeFile(file, leftover);
      const attempts = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
      const winners = attempts.filter((attempt) => 'unlock' in attempt);
      expect(winners).toHaveLength(1);
      expect(
        attempts.filter((attempt) => 'holder' in attempt && attempt.holder === process.pid),
      ).toHaveLength(19);
      expect(await readFile(file, 'utf8')).toBe(String(process.pid));
      await winners[0]?.unlock();
      expect(await readdir(folder)).toEqual([]);
    }
  });
});
