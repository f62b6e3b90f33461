import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { makeHead } from '../../../src/imaging/phantom/head.ts';
import { rasterise } from '../../../src/imaging/phantom/rasterise.ts';
import { type RaterProfile, rate, raterProfile } from '../../../src/imaging/phantom/raters.ts';
import { growTrees } from '../../../src/imaging/phantom/vessel-tree.ts';
import type { Dims } from '../../../src/imaging/volume.ts';

const dims: Dims = [72, 72, 72];
const branches = growTrees(new Random(4, 'trees'), {
  head: makeHead(new Random(4, 'head'), dims),
  tortuosity: 1,
  stenosisRate: 0,
  aneurysmRate: 0,
  smallestRadius: 0.45,
});
const vessels = rasterise(branches, dims, [1, 1, 1]);
const faultless: RaterProfile = {
  id: 'test',
  threshold: 0.5,
  smallestRadius: 0,
  missChance: 0,
  gapChance: 0,
  leakChance: 0,
};
const label = (habit: Partial<RaterProfile> = {}) =>
  rate(vessels, branches, { ...faultless, ...habit }, { dims, scale: [1, 1, 1], seed: 9 });
const truth = label();

/** Voxels that a rater adds to the truth, and those left out. */
function difference(rated: Uint8Array): { added: number; lost: number } {
  let added = 0;
  let lost = 0;
  rated.forEach((value, i) => {
    if (value > truth[i]!) added++;
    if (value < truth[i]!) lost++;
  });
  return { added, lost };
}

describe('a rater', () => {
  it('without faults draws the truth', () => {
    expect([...truth]).toEqual([...vessels.fraction].map((fraction) => (fraction >= 0.5 ? 1 : 0)));
  });

  it.each([
    ['with a low threshold only adds', { threshold: 0.35 }, 'adds'],
    ['with a high threshold only loses', { threshold: 0.65 }, 'loses'],
    ['blind to thin vessels only loses', { smallestRadius: 1 }, 'loses'],
    ['who misses branches only loses', { missChance: 0.5 }, 'loses'],
    ['who leaves gaps only loses', { gapChance: 0.8 }, 'loses'],
    ['who spills at forks only adds', { leakChance: 1 }, 'adds'],
  ] as const)('%s', (_, habit, direction) => {
    const { added, lost } = difference(label(habit));
    const [more, none] = direction === 'adds' ? [added, lost] : [lost, added];
    expect(more).toBeGreaterThan(10);
    expect(none).toBe(0);
  });

  it('who is blind to thin vessels still draws thick ones whole', () => {
    const rated = label({ smallestRadius: 1 });
    rated.forEach((value, i) => {
      if (truth[i] === 1 && vessels.radius[i]! > 1) expect(value).toBe(1);
    });
  });

  it('has the same habits in every volume, other ones than the next, within the stated ranges', () => {
    const profiles = [1, 2, 3, 4, 5].map(raterProfile);
    expect(profiles).toEqual([1, 2, 3, 4, 5].map(raterProfile));
    expect(new Set(profiles.map(({ threshold }) => threshold)).size).toBe(5);
    for (const { threshold, smallestRadius } of profiles) {
      expect(threshold).toBeGreaterThanOrEqual(0.35);
      expect(threshold).toBeLessThanOrEqual(0.65);
      expect(smallestRadius).toBeGreaterThanOrEqual(0.6);
      expect(smallestRadius).toBeLessThanOrEqual(1.5);
    }
  });
});
