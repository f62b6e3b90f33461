/** @file Tests of the drafts' run lengths. */
import { describe, expect, it } from 'vitest';
import { decodeRuns, encodeRuns } from '../../../../src/renderer/features/review/draft-codec.ts';

describe('drafts as runs', () => {
  it.each([
    ['nothing', []],
    ['one voxel', [3]],
    ['all alike', [0, 0, 0, 0]],
    ['all different', [0, 1, 2, 255, 0]],
    ['runs', [0, 0, 0, 1, 1, 0, 2, 2, 2, 2]],
  ])('come back as they were: %s', (_, values) => {
    const voxels = Uint8Array.from(values);
    expect(decodeRuns(encodeRuns(voxels), voxels.length)).toEqual(voxels);
  });

  it('are short for a map that is mostly background', () => {
    const voxels = new Uint8Array(100_000);
    voxels.fill(1, 500, 600);
    expect([...encodeRuns(voxels)]).toEqual([500, 0, 100, 1, 99_400, 0]);
  });

  it('are refused for an image of another size', () => {
    const runs = encodeRuns(new Uint8Array(10));
    expect(decodeRuns(runs, 9)).toBeNull();
    expect(decodeRuns(runs, 11)).toBeNull();
  });
});
