/** @file The SDK's losses by hand: small tensors, axes, broken lines, empty and perfect cases. */
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/engine/graph/builder.ts';
import * as sdk from '../../src/sdk/index.ts';
import { evaluateGraph } from '../helpers/evaluate-graph.ts';

type Loss = (p: Tensor, y: Tensor) => Tensor;

async function lossOf(p: ArrayLike<number>, y: ArrayLike<number>, loss: Loss, shape = [1, 1, 2, 3, 4]) {
  const inputs = { p: { shape, values: p }, y: { shape, values: y } };
  const { loss: found } = await evaluateGraph(inputs, (t) => ({ loss: loss(t.p!, t.y!) }));
  expect(found).toHaveLength(1);
  return found![0]!;
}

/** A 2×3×4 patch with these voxels (D, H, W) set. */
function patch(voxels: readonly (readonly [number, number, number])[], value = 1): Float32Array {
  const values = new Float32Array(24);
  for (const [d, h, w] of voxels) values[(d * 3 + h) * 4 + w] = value;
  return values;
}

describe('a 2×3×4 patch worked by hand', () => {
  // TP = 0.5 + 1 = 1.5, FN = 0.5 + 0 + 1 = 1.5, FP = 0.25
  const y = patch([
    [0, 0, 0],
    [0, 1, 2],
    [1, 2, 3],
  ]);
  const p = patch([[0, 1, 2]]);
  p[0] = 0.5;
  p[23 - 1] = 0.25;

  it('focal Tversky: T = 2.5 / (1.5 + 0.7·1.5 + 0.3·0.25 + 1)', async () => {
    const index = 2.5 / 3.625;
    expect(await lossOf(p, y, sdk.focalTverskyLoss)).toBeCloseTo((1 - index) ** 0.75, 6);
    const plain: Loss = (a, b) => sdk.focalTverskyLoss(a, b, { gamma: 1 });
    expect(await lossOf(p, y, plain)).toBeCloseTo(1 - index, 6);
  });

  it('Dice: 1 − (2·1.5 + 1) / (1.75 + 3 + 1)', async () => {
    expect(await lossOf(p, y, sdk.softDiceLoss)).toBeCloseTo(1 - 4 / 5.75, 6);
  });

  it('IoU: 1 − (1.5 + 1) / (1.75 + 3 − 1.5 + 1)', async () => {
    expect(await lossOf(p, y, sdk.iouLoss)).toBeCloseTo(1 - 2.5 / 4.25, 6);
  });

  it('binary cross-entropy of logits 0 is ln 2, and far logits do not overflow', async () => {
    expect(await lossOf(new Float32Array(24), y, sdk.bceWithLogits)).toBeCloseTo(Math.LN2, 6);
    const far = new Float32Array(24).fill(-500);
    expect(await lossOf(far, y, sdk.bceWithLogits)).toBeCloseTo((3 * 500) / 24, 4);
  });

  it('MIP along W: two rows are hit by p (0.5, 0.25) beside the certain one', async () => {
    // Projected label: (0,0), (0,1), (1,2) are 1. Projected prediction: 0.5, 1, 0.25.
    const index = 2.75 / (1.75 + 0.7 * 1.25 + 1);
    const alongW: Loss = (a, b) => sdk.mipLoss(a, sdk.patchProjections(b, [sdk.spatialAxis('x')]));
    expect(await lossOf(p, y, alongW)).toBeCloseTo((1 - index) ** 0.75, 6);
  });
});

describe('overlap losses', () => {
  const losses: readonly (readonly [string, Loss])[] = [
    ['focalTversky', sdk.focalTverskyLoss],
    ['dice', sdk.softDiceLoss],
    ['iou', sdk.iouLoss],
    ['clDice', (p, y) => sdk.softClDiceLoss(p, y)],
    ['mip', (p, y) => sdk.mipLoss(p, sdk.patchProjections(y, [0, 1, 2]))],
  ];
  const some = patch([
    [0, 1, 1],
    [1, 1, 1],
  ]);

  it.each(losses)('%s is about 0 for a perfect prediction and for two empty ones', async (_name, loss) => {
    expect(await lossOf(some, some, loss)).toBeLessThan(1e-4);
    expect(await lossOf(new Float32Array(24), new Float32Array(24), loss)).toBeLessThan(1e-4);
  });

  it.each(losses)('%s is clearly above 0 for a prediction that misses all', async (_name, loss) => {
    expect(await lossOf(new Float32Array(24), some, loss)).toBeGreaterThan(0.4);
  });
});

describe('projections', () => {
  it('run along the axis that was named, in a patch of unequal edges', async () => {
    // One voxel at z 1, y 2, x 3 of a patch [z 2, y 3, x 4].
    const values = patch([[1, 2, 3]]);
    const { x, y, z } = await evaluateGraph({ p: { shape: [1, 1, 2, 3, 4], values } }, ({ p }) =>
      Object.fromEntries(
        sdk.spaceAxes.map((axis) => [axis, sdk.maximumProjection(p!, sdk.spatialAxis(axis))]),
      ),
    );
    expect([x!.length, x!.indexOf(1)]).toEqual([2 * 3, 1 * 3 + 2]);
    expect([y!.length, y!.indexOf(1)]).toEqual([2 * 4, 1 * 4 + 3]);
    expect([z!.length, z!.indexOf(1)]).toEqual([3 * 4, 2 * 4 + 3]);
  });

  it('pair prediction and label along the same axis', async () => {
    // A rod along z: seen from z one pixel, from the side a line. Prediction and label agree only if projected alike.
    const shape = [1, 1, 6, 3, 4];
    const rod = new Float32Array(72);
    for (let z = 0; z < 6; z++) rod[(z * 3 + 1) * 4 + 2] = 1;
    for (const axis of sdk.spaceAxes) {
      const loss: Loss = (p, y) => sdk.mipLoss(p, sdk.patchProjections(y, [sdk.spatialAxis(axis)]));
      expect(await lossOf(rod, rod, loss, shape), axis).toBeLessThan(1e-4);
    }
  });

  it('share the gradient among equals', async () => {
    const { differentiate } = await import('../../src/engine/autodiff/differentiate.ts');
    const values = [1, 1, 0, 1];
    const { slope } = await evaluateGraph({ p: { shape: [1, 1, 4], values } }, ({ p }) => ({
      slope: differentiate(sdk.sum(sdk.maximumProjection(p!, 0)), [p!])[0]!,
    }));
    expect(Array.from(slope!)).toEqual([1 / 3, 1 / 3, 0, 1 / 3].map(Math.fround));
  });

  it('of the whole volume come from the sampler’s input, not from the patch', async () => {
    const inputs = {
      p: { shape: [1, 1, 2, 3, 4], values: patch([]) },
      label: { shape: [1, 1, 2, 3, 4], values: patch([]) },
      labelProjection0: { shape: [1, 1, 1, 3, 4], values: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    };
    const { loss } = await evaluateGraph(inputs, ({ p, label }) => ({
      loss: sdk.mipLoss(p!, sdk.volumeProjections(label!, [0])),
    }));
    // A vessel above the patch: T = 1 / (0.7·2 + 1).
    expect(loss![0]).toBeCloseTo((1 - 1 / 2.4) ** 0.75, 6);
    expect(sdk.labelProjectionInputs([0])).toEqual([
      { kind: 'labelProjection', input: 'labelProjection0', axis: 0 },
    ]);
  });
});

describe('a line with a gap of one voxel', () => {
  const shape = [1, 1, 9, 9, 9];
  const at = (z: number, y: number, x: number) => (z * 9 + y) * 9 + x;
  /** A thin line along x, and a thick vessel beside it that hides nothing of it but weighs more in 3-D. */
  const label = new Float32Array(729);
  for (let x = 0; x < 9; x++) {
    label[at(1, 1, x)] = 1;
    for (let z = 4; z < 9; z++) for (let y = 4; y < 9; y++) label[at(z, y, x)] = 1;
  }
  const broken = Float32Array.from(label);
  broken[at(1, 1, 4)] = 0;
  const projected =
    (axis: sdk.SpaceAxis): Loss =>
    (p, y) =>
      sdk.mipLoss(p, sdk.patchProjections(y, [sdk.spatialAxis(axis)]), { gamma: 1 });
  const volumetric: Loss = (p, y) => sdk.focalTverskyLoss(p, y, { gamma: 1 });

  it('raises the MIP loss over z and over y several times as much as the loss in 3-D', async () => {
    const rise = await lossOf(broken, label, volumetric, shape);
    expect(rise).toBeLessThan(0.005);
    for (const axis of ['z', 'y'] as const)
      expect(await lossOf(broken, label, projected(axis), shape)).toBeGreaterThan(3 * rise);
  });

  it('does not show along the line itself', async () => {
    expect(await lossOf(broken, label, projected('x'), shape)).toBeLessThan(1e-6);
  });
});

describe('deep supervision', () => {
  it('adds the levels with their weights', async () => {
    const { total } = await evaluateGraph({ x: { shape: [1], values: [1] } }, ({ x }) => ({
      total: sdk.deepSupervision([x!, sdk.mul(x!, 10), sdk.mul(x!, 100)], [1, 0.66, 0.34], (level) =>
        sdk.sum(level),
      ),
    }));
    expect(total![0]).toBeCloseTo(1 + 6.6 + 34, 5);
  });

  it('brings coarse levels to the size of the patch by repeating voxels', async () => {
    const { big } = await evaluateGraph({ x: { shape: [1, 1, 2], values: [3, 5] } }, ({ x }) => ({
      big: sdk.toPatchSize(x!, [4]),
    }));
    expect(Array.from(big!)).toEqual([3, 3, 5, 5]);
  });
});

describe('deformation', () => {
  const shape = [1, 1, 3, 4, 5];
  const certain = Float32Array.from({ length: 60 }, (_, i) => (i % 7 < 3 ? 1 : 0));
  const soft = Float32Array.from({ length: 60 }, (_, i) => (i % 7) / 7);
  const identity = new Float32Array(180);
  for (let i = 0; i < 60; i++) {
    identity[3 * i] = -1 + (2 * (i % 5)) / 4;
    identity[3 * i + 1] = -1 + (2 * (Math.floor(i / 5) % 4)) / 3;
    identity[3 * i + 2] = -1 + (2 * Math.floor(i / 20)) / 2;
  }
  const shifted = Float32Array.from(identity, (v, i) => (i % 3 === 0 ? v + 0.5 : v));
  const gridShape = [1, 3, 4, 5, 3];

  it('leaves a patch as it is when nothing moves', async () => {
    const inputs = {
      x: { shape, values: soft },
      deformation: { shape: gridShape, values: identity },
    };
    const { warped } = await evaluateGraph(inputs, ({ x }) => ({
      warped: sdk.warp(x!, sdk.deformationGrid(x!)),
    }));
    expect(Math.max(...warped!.map((v, i) => Math.abs(v - soft[i]!)))).toBeLessThan(1e-5);
  });

  it('shifts along x for a shift of the first grid component', async () => {
    const inputs = { x: { shape, values: soft }, grid: { shape: gridShape, values: shifted } };
    const { warped } = await evaluateGraph(inputs, ({ x, grid }) => ({ warped: sdk.warp(x!, grid!) }));
    expect(warped![0]).toBeCloseTo(soft[1]!, 5);
    expect(warped![4]).toBeCloseTo(soft[4]!, 5);
  });

  it.each([
    ['nothing moves', identity],
    ['the network moves with its input', shifted],
  ])('gives a consistency of about 0 when %s and predictions are certain', async (_when, values) => {
    const inputs = { x: { shape, values: certain }, grid: { shape: gridShape, values } };
    const { loss } = await evaluateGraph(inputs, ({ x, grid }) => ({
      // f = identity: f(warp(x)) against warp(f(x)).
      loss: sdk.consistencyLoss(sdk.warp(x!, grid!), x!, grid!),
    }));
    expect(loss![0]).toBeLessThan(1e-3);
  });

  it('gives a consistency above 0 when the network does not move with its input', async () => {
    const inputs = { x: { shape, values: certain }, grid: { shape: gridShape, values: shifted } };
    const { loss } = await evaluateGraph(inputs, ({ x, grid }) => ({
      loss: sdk.consistencyLoss(x!, x!, grid!),
    }));
    expect(loss![0]).toBeGreaterThan(0.2);
  });
});
