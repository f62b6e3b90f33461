import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { rasterise } from '../../../src/imaging/phantom/rasterise.ts';
import { raterProfile } from '../../../src/imaging/phantom/raters.ts';
import { plus } from '../../../src/imaging/phantom/vector.ts';
import { angleBetweenRad, type Branch, growTrees } from '../../../src/imaging/phantom/vessel-tree.ts';
import { makeVesselPhantom } from '../../../src/imaging/phantoms.ts';
import type { Volume } from '../../../src/imaging/volume.ts';

const sha256 = ({ data }: Volume) => createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
const sumOf = ({ data }: Volume) => (data as Uint8Array).reduce((sum, value) => sum + value, 0);

const phantom = makeVesselPhantom({ seed: 5, size: 64, raters: 3 });
const healthy = { tortuosity: 1, stenosisRate: 0, aneurysmRate: 0, smallestRadius: 0.45 };
const trees = growTrees(new Random(3, 'test trees'), { size: [128, 128, 128], ...healthy });

/** Branches that fork, with their daughters. */
function forks(branches: readonly Branch[]): { parent: Branch; daughters: Branch[] }[] {
  return branches
    .map((parent) => ({ parent, daughters: branches.filter((branch) => branch.parent === parent.id) }))
    .filter(({ daughters }) => daughters.length === 2);
}

describe('a vessel tree', () => {
  it("obeys Murray's law at each fork: r₀³ = r₁³ + r₂³", () => {
    const found = forks(trees);
    expect(found.length).toBeGreaterThan(20);
    for (const { parent, daughters } of found) {
      const [first, second] = daughters.map(({ radii }) => radii[0]!);
      expect((first! ** 3 + second! ** 3) / parent.radii.at(-1)! ** 3).toBeCloseTo(1, 6);
    }
  });

  it('sends the thinner daughter off at the larger angle', () => {
    for (const { daughters } of forks(trees)) {
      const [thin, thick] = [...daughters].sort((a, b) => a.radii[0]! - b.radii[0]!);
      if (thick!.radii[0]! / thin!.radii[0]! < 1.3) continue;
      const heading = ({ points }: Branch) => plus(points[1]!, points[0]!, -1);
      const parent = trees[thin!.parent]!;
      const before = plus(parent.points.at(-1)!, parent.points.at(-3)!, -1);
      expect(angleBetweenRad(heading(thin!), before)).toBeGreaterThan(
        angleBetweenRad(heading(thick!), before) - 0.15,
      );
    }
  });

  it('tapers between forks and ends before vessels become too thin', () => {
    for (const { radii } of trees) {
      expect(radii.every((radius, i) => i === 0 || radius < radii[i - 1]!)).toBe(true);
      expect(radii.at(-1)).toBeGreaterThanOrEqual(healthy.smallestRadius);
    }
  });

  it('has a few thick and many thin vessels', () => {
    const share = (low: number, high: number) =>
      trees.filter(({ radii }) => radii[0]! >= low && radii[0]! < high).length / trees.length;
    expect(share(1.8, 4)).toBeGreaterThan(0.02);
    expect(share(0.45, 1)).toBeGreaterThan(0.4);
  });
});

describe('rasterising', () => {
  it('fills a straight capsule with its volume', () => {
    const line: Branch = {
      id: 0,
      parent: -1,
      points: [
        [8.1, 16.13, 15.87],
        [24.1, 16.13, 15.87],
      ],
      radii: [4, 4],
      pathology: [],
    };
    const { fraction } = rasterise([line], [32, 32, 32], [1, 1, 1]);
    const volume = fraction.reduce((sum, value) => sum + value, 0);
    const expected = Math.PI * 16 * 16 + (4 / 3) * Math.PI * 64;
    expect(volume / expected).toBeCloseTo(1, 2);
  });

  it('gives the same volume in mm³ on a grid with thick slices', () => {
    const line: Branch = {
      id: 0,
      parent: -1,
      points: [
        [8.1, 16.13, 15.87],
        [24.1, 16.13, 15.87],
      ],
      radii: [4, 4],
      pathology: [],
    };
    const { fraction } = rasterise([line], [32, 32, 16], [1, 1, 2]);
    const volume = 2 * fraction.reduce((sum, value) => sum + value, 0);
    expect(volume / (Math.PI * 16 * 16 + (4 / 3) * Math.PI * 64)).toBeCloseTo(1, 1);
  });
});

describe('a vessel phantom', () => {
  it('is the same, byte for byte, for the same seed, and another for another seed', () => {
    const again = makeVesselPhantom({ seed: 5, size: 64, raters: 3 });
    const other = makeVesselPhantom({ seed: 6, size: 64 });
    expect([sha256(again.image), sha256(again.label)]).toEqual([
      sha256(phantom.image),
      sha256(phantom.label),
    ]);
    expect(again.raters.map(sha256)).toEqual(phantom.raters.map(sha256));
    expect(sha256(other.image)).not.toBe(sha256(phantom.image));
  });

  it('labels the voxels on its centrelines', () => {
    const { dims, data } = phantom.label;
    const onLine = phantom.centrelines.branches.flatMap(({ pointsIjk, radiiVoxels }) =>
      pointsIjk.filter(
        (point, i) =>
          radiiVoxels[i]! > 0.8 && point.every((value, axis) => value >= 0 && value <= dims[axis]! - 1),
      ),
    );
    const missed = onLine.filter(
      ([x, y, z]) => data[Math.round(x) + dims[0] * (Math.round(y) + dims[1] * Math.round(z))] !== 1,
    );
    expect(onLine.length).toBeGreaterThan(100);
    expect(missed.length / onLine.length).toBeLessThan(0.01);
  });

  it('shows vessels brighter than tissue, and air dark', () => {
    const { data } = phantom.image;
    const truth = phantom.label.data;
    const meanOf = (wanted: number) => {
      const values = [...(data as Int16Array)].filter((_, i) => truth[i] === wanted);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(meanOf(1)).toBeGreaterThan(2 * meanOf(0));
    expect(data[0]).toBeLessThan(100);
  });

  it('has raters who err by their habits', () => {
    const profiles = [1, 2, 3].map(raterProfile);
    expect(new Set(profiles.map(({ threshold }) => threshold)).size).toBe(3);
    // Whoever sees fewer thin vessels draws less in all.
    const sizes = phantom.raters.map(sumOf);
    expect(new Set(sizes).size).toBe(3);
    expect(Math.min(...sizes)).toBeLessThan(sumOf(phantom.label));
  });

  it('keeps its spacing when it lies oblique', () => {
    const { image } = makeVesselPhantom({
      seed: 2,
      dims: [40, 40, 32],
      spacingMm: [0.3, 0.3, 0.6],
      oblique: true,
    });
    const columns = [0, 1, 2].map((axis) => image.rasFromIjk.slice(0, 3).map((row) => row[axis]!));
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    columns.forEach((column, axis) => {
      expect(Math.sqrt(dot(column, column))).toBeCloseTo(image.spacingMm[axis]!, 9);
    });
    expect(dot(columns[0]!, columns[1]!)).toBeCloseTo(0, 9);
    expect(dot(columns[1]!, columns[2]!)).toBeCloseTo(0, 9);
    expect(Math.hypot(columns[0]![1]!, columns[0]![2]!, columns[1]![2]!)).toBeGreaterThan(0.02);
  });
});
