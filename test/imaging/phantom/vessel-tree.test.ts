import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { divide } from '../../../src/imaging/phantom/fork.ts';
import { headDepth, makeHead } from '../../../src/imaging/phantom/head.ts';
import { dot, length, plus, unit } from '../../../src/imaging/phantom/vector.ts';
import { type Branch, growTrees, stepUnits } from '../../../src/imaging/phantom/vessel-tree.ts';

const healthy = { tortuosity: 1, stenosisRate: 0, aneurysmRate: 0, smallestRadius: 0.45 };
const head = makeHead(new Random(3, 'test head'), [128, 128, 128]);
const trees = growTrees(new Random(3, 'test trees'), { head, ...healthy });

/** Branches that fork, with their daughters. */
const forks = trees
  .map((parent) => ({ parent, daughters: trees.filter((branch) => branch.parent === parent.id) }))
  .filter(({ daughters }) => daughters.length === 2);

/** Chord over chord length: 1 for a straight branch. */
function straightness({ points }: Branch): number {
  const walked = stepUnits * (points.length - 1);
  return length(plus(points.at(-1)!, points[0]!, -1)) / walked;
}

describe('a vessel tree', () => {
  it("obeys Murray's law at each fork: r₀³ = r₁³ + r₂³", () => {
    expect(forks.length).toBeGreaterThan(40);
    for (const { parent, daughters } of forks) {
      const [first, second] = daughters.map(({ radii }) => radii[0]!);
      expect((first! ** 3 + second! ** 3) / parent.radii.at(-1)! ** 3).toBeCloseTo(1, 6);
    }
  });

  it('has daughters whose radii differ by a factor of 1 to 2.5', () => {
    for (const { daughters } of forks) {
      const [thin, thick] = daughters.map(({ radii }) => radii[0]!).sort((a, b) => a - b);
      expect(thin! / thick!).toBeGreaterThanOrEqual(0.4);
    }
  });

  it('begins each daughter where its parent ends', () => {
    for (const { parent, daughters } of forks)
      for (const { points } of daughters) expect(points[0]).toEqual(parent.points.at(-1));
  });

  it('tapers by 0.5 to 1 % a voxel of a 96³ volume and ends before vessels become too thin', () => {
    for (const { radii } of trees) {
      // The head is 128 voxels wide.
      const length = (stepUnits * (radii.length - 1) * 96) / 128;
      const rate = 1 - (radii.at(-1)! / radii[0]!) ** (1 / length);
      expect(rate).toBeGreaterThan(0.0049);
      expect(rate).toBeLessThan(0.0101);
      expect(radii.at(-1)).toBeGreaterThanOrEqual(healthy.smallestRadius);
    }
  });

  it('enters at the bottom with four to six trunks of 1.8 to 3.5 voxels', () => {
    const roots = trees.filter(({ parent }) => parent === -1);
    expect(roots.length).toBeGreaterThanOrEqual(4);
    expect(roots.length).toBeLessThanOrEqual(6);
    for (const { points, radii } of roots) {
      expect(points[0]![2]).toBe(-0.5);
      expect(radii[0]).toBeGreaterThanOrEqual(1.8);
      expect(radii[0]).toBeLessThanOrEqual(3.5);
    }
  });

  it('has a few thick and many thin vessels', () => {
    const radii = trees.flatMap((branch) => branch.radii);
    const share = (low: number, high: number) =>
      radii.filter((radius) => radius >= low && radius < high).length / radii.length;
    expect(share(2, 3.6)).toBeGreaterThan(0.02);
    expect(share(1, 2)).toBeGreaterThan(0.1);
    expect(share(0.45, 1)).toBeGreaterThan(0.4);
    expect(share(0.45, 3.6)).toBe(1);
  });

  it('stays in the head', () => {
    const depths = trees.flatMap(({ points }) => points.map((point) => headDepth(head, point)));
    expect(depths.reduce((worst, depth) => Math.max(worst, depth), 0)).toBeLessThan(0.9);
  });

  it('winds more with more tortuosity', () => {
    const mean = (tortuosity: number) => {
      const grown = growTrees(new Random(8, 'winding'), { head, ...healthy, tortuosity });
      const long = grown.filter(({ points }) => points.length > 12);
      return long.reduce((sum, branch) => sum + straightness(branch), 0) / long.length;
    };
    expect(mean(2.5)).toBeLessThan(mean(0) - 0.02);
  });

  it('narrows thick branches in their middle, and leaves the radii at forks alone', () => {
    const grown = growTrees(new Random(3, 'ill'), { head, ...healthy, stenosisRate: 1 });
    const found = grown.flatMap((branch) => branch.pathology.map((place) => ({ branch, ...place })));
    expect(found.length).toBeGreaterThan(10);
    for (const { branch, kind, pointIndex, radius } of found) {
      expect(kind).toBe('stenosis');
      expect(branch.radii[pointIndex]).toBe(radius);
      expect(radius / branch.radii[0]!).toBeLessThan(0.75);
      const daughters = grown.filter(({ parent }) => parent === branch.id).map(({ radii }) => radii[0]!);
      if (daughters.length !== 2) continue;
      const sum = daughters[0]! ** 3 + daughters[1]! ** 3;
      expect(Math.abs(sum / branch.radii.at(-1)! ** 3 - 1)).toBeLessThan(0.01);
    }
  });

  it('narrows and bulges nothing at rate 0', () => {
    expect(trees.flatMap(({ pathology }) => pathology)).toEqual([]);
  });

  it('hangs spheres wider than the vessel beside it', () => {
    const grown = growTrees(new Random(3, 'ill'), { head, ...healthy, aneurysmRate: 1 });
    const found = grown.flatMap((branch) => branch.pathology.map((place) => ({ branch, ...place })));
    expect(found.length).toBeGreaterThan(5);
    for (const { branch, kind, pointIndex, radius, centre } of found) {
      expect(kind).toBe('aneurysm');
      expect(radius).toBeGreaterThan(1.25 * branch.radii[pointIndex]!);
      const distance = length(plus(centre, branch.points[pointIndex]!, -1));
      expect(distance / radius).toBeCloseTo(0.8, 6);
    }
  });
});

describe('a fork', () => {
  it('has the angles of least work: 37.5° each for equal daughters, less for the thicker one', () => {
    const random = new Random(1, 'forks');
    for (let i = 0; i < 200; i++) {
      const { radii, anglesRad } = divide(2, random);
      expect(anglesRad[0]).toBeLessThanOrEqual(anglesRad[1]);
      // The pulls r² of the daughters balance that of the parent, along it and across.
      const along = radii[0] ** 2 * Math.cos(anglesRad[0]) + radii[1] ** 2 * Math.cos(anglesRad[1]);
      const across = radii[0] ** 2 * Math.sin(anglesRad[0]) - radii[1] ** 2 * Math.sin(anglesRad[1]);
      expect(along).toBeCloseTo(4, 9);
      expect(across).toBeCloseTo(0, 9);
    }
  });

  it('sends its daughters to opposite sides', () => {
    let opposite = 0;
    for (const { parent, daughters } of forks) {
      const before = unit(plus(parent.points.at(-1)!, parent.points.at(-2)!, -1));
      const [a, b] = daughters.map(({ points }) => {
        const way = plus(points[1]!, points[0]!, -1);
        return plus(way, before, -dot(way, before));
      });
      if (dot(a!, b!) < 0) opposite++;
    }
    expect(opposite / forks.length).toBeGreaterThan(0.9);
  });
});
