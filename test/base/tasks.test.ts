/** @file Tasks one after another, and a few at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../src/base/concurrent.ts';
import { makeSerial } from '../../src/base/serial.ts';

describe('serial tasks', () => {
  it('never overlap, keep their order, and survive one that throws', async () => {
    const serial = makeSerial();
    const log: string[] = [];
    const task = (name: string, fails = false) =>
      serial(async () => {
        log.push(`${name} begins`);
        await nextTurn();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });
});

describe('concurrent tasks', () => {
  it('give results in order, so many at a time at most', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < 8 - n; i++) await nextTurn();
      running--;
      return n * n;
    });
    expect(results).toEqual([1, 4, 9, 16, 25, 36, 49]);
    expect(most).toBe(3);
    expect(await mapConcurrently([], 3, () => Promise.resolve(1))).toEqual([]);
  });

  it('stop being begun after one that throws', async () => {
    const begun: number[] = [];
    const all = mapConcurrently([1, 2, 3, 4, 5, 6], 2, async (n) => {
      begun.push(n);
      await nextTurn();
      if (n === 2) throw new Error('two');
    });
    await expect(all).rejects.toThrow('two');
    await nextTurn();
    expect(begun.length).toBeLessThan(5);
  });
});
