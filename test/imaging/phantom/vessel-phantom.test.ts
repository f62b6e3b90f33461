import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applyAffine } from '../../../src/imaging/geometry/affine.ts';
import { makeVesselPhantom } from '../../../src/imaging/phantoms.ts';
import type { Volume } from '../../../src/imaging/volume.ts';

const sha256 = ({ data }: Volume) => createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
const sumOf = ({ data }: Volume) => (data as Uint8Array).reduce((sum, value) => sum + value, 0);

const phantom = makeVesselPhantom({ seed: 5, size: 64, raters: 3 });

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

  it('has a voxel or two in a hundred of vessel', () => {
    const { vesselShare } = phantom.manifest;
    expect(vesselShare).toBeGreaterThan(0.004);
    expect(vesselShare).toBeLessThan(0.025);
    expect(sumOf(phantom.label) / phantom.label.data.length).toBeCloseTo(vesselShare, 6);
  });

  it('tells its centrelines in voxels and in millimetres alike', () => {
    const { rasFromIjk } = phantom.label;
    for (const { pointsIjk, pointsRas } of phantom.centrelines.branches)
      pointsIjk.forEach((point, i) => {
        applyAffine(rasFromIjk, point).forEach((mm, axis) => {
          expect(Math.abs(mm - pointsRas[i]![axis]!)).toBeLessThan(0.01);
        });
      });
  });

  it('labels the same vessels on a grid with thick slices', () => {
    const cube = makeVesselPhantom({ seed: 5, size: 64 });
    const thick = makeVesselPhantom({ seed: 5, dims: [64, 64, 32], spacingMm: [0.5, 0.5, 1] });
    const radii = ({ centrelines }: typeof cube) =>
      centrelines.branches.map(({ radiiVoxels }) => radiiVoxels);
    expect(radii(thick)).toEqual(radii(cube));
    expect((2 * sumOf(thick.label)) / sumOf(cube.label)).toBeGreaterThan(0.8);
    expect((2 * sumOf(thick.label)) / sumOf(cube.label)).toBeLessThan(1.2);
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
