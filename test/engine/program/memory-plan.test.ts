import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { alignment, type BufferRequest, planMemory } from '../../../src/engine/program/memory-plan.ts';

function randomRequests(seed: number): BufferRequest[] {
  const random = new Random(seed, 'memory plan');
  return Array.from({ length: 60 }, () => {
    const first = random.integer(40);
    return { bytes: 1 + random.integer(5000), first, last: first + random.integer(12) };
  });
}

describe('the memory plan', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('never lets two living buffers overlap (seed %i)', (seed) => {
    const requests = randomRequests(seed);
    const { offsets, totalBytes } = planMemory(requests);
    const clashes = requests.flatMap((a, i) =>
      requests.slice(i + 1).filter((b, k) => {
        const j = i + 1 + k;
        const live = a.first <= b.last && b.first <= a.last;
        return live && offsets[i]! < offsets[j]! + b.bytes && offsets[j]! < offsets[i]! + a.bytes;
      }),
    );
    expect(clashes).toEqual([]);
    expect(
      offsets.every((offset, i) => offset % alignment === 0 && offset + requests[i]!.bytes <= totalBytes),
    ).toBe(true);
  });

  it('needs no more than what is alive at once plus a quarter, on random lives', () => {
    const requests = randomRequests(42);
    const alive = Array.from({ length: 60 }, (_, step) =>
      requests
        .filter(({ first, last }) => first <= step && step <= last)
        .reduce((sum, { bytes }) => sum + Math.ceil(bytes / alignment) * alignment, 0),
    );
    expect(planMemory(requests).totalBytes).toBeLessThanOrEqual(1.25 * Math.max(...alive));
  });

  it('puts buffers that follow one another in the same place', () => {
    const chain = [0, 1, 2, 3].map((step) => ({ bytes: 1000, first: step, last: step }));
    expect(planMemory(chain)).toEqual({ offsets: [0, 0, 0, 0], totalBytes: 1024 });
  });
});
