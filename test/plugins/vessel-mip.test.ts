/** @file The vessel plugin: published parameter counts, the terms of its loss, its presets through the sandbox. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectedAxes, samplerInputs } from '../../plugins/vessel-mip/src/loss.ts';
import { segmentationLogits } from '../../plugins/vessel-mip/src/network.ts';
import { lossSettings, networkSettings } from '../../plugins/vessel-mip/src/settings.ts';
import { makeReferenceExecutor } from '../../src/engine/executors/reference/executor.ts';
import { elementCount, type Graph, nodesOf } from '../../src/engine/graph/graph.ts';
import { trainingStep } from '../../src/engine/optim/step.ts';
import { isMetricName } from '../../src/evaluation/metrics.ts';
import type { SettingValue } from '../../src/recipe/settings.ts';
import { definePlugin } from '../../src/sandbox/define-plugin.ts';
import { pluginSettings, readPluginFolder } from '../../src/sandbox/plugin-folder.ts';
import { makeGraph } from '../../src/sdk/index.ts';
import { fingerprint } from '../sandbox/make-plugin.ts';

const pluginFolder = join(import.meta.dirname, '../../plugins/vessel-mip');
const plugin = await readPluginFolder(pluginFolder);

const settingsOf = (preset: string, set: Record<string, SettingValue> = {}) =>
  pluginSettings(plugin, { preset, set });

const recipeOf = (preset: string, set: Record<string, SettingValue> = {}) =>
  definePlugin({ pluginFolder, settings: settingsOf(preset, set), fingerprint });

/** Trainable numbers of a network on 64³ patches; only shapes are made. */
function parameterCount(network: string, set: Record<string, SettingValue> = {}): number {
  const settings = networkSettings(settingsOf('paper', { network, ...set }));
  const graph = makeGraph('train', (scope) => {
    segmentationLogits(scope, scope.builder.input('image', [1, 1, 64, 64, 64]), settings);
  });
  return nodesOf(graph, 'variable')
    .filter(({ node }) => node.attributes.trainable)
    .reduce((sum, { node }) => sum + elementCount(node.shape), 0);
}

describe('the published networks', () => {
  const unet = 103_536_449;

  it('have as many parameters as published: U-Net', () => {
    expect(parameterCount('unet')).toBe(unet);
  });

  it('have as many parameters as published: U-Net-MSS with its side outputs as blocks', () => {
    expect(parameterCount('unetMss')).toBe(103_546_883);
  });

  it('U-Net-MSS with plain side outputs has two 1-wide convolutions more than the U-Net', () => {
    expect(parameterCount('unetMss', { compat: false })).toBe(unet + (128 + 1) + (256 + 1));
  });

  it('the attention U-Net has four gates more than the U-Net', () => {
    // Two 1-wide convolutions C → C/2 and one C/2 → 1, with biases and batch norms (2 per channel).
    const gate = (c: number) => 2 * (c * (c / 2) + 3 * (c / 2)) + (c / 2 + 3);
    const gates = [64, 128, 256, 512].map(gate).reduce((a, b) => a + b);
    expect(gates).toBe(351_532);
    expect(parameterCount('attentionUnet')).toBe(unet + gates);
  });

  it('no norm leaves out its parameters', () => {
    const settings = { baseChannels: 8, levels: 3 };
    const channels = [8, 8, 16, 16, 32, 32, 16, 16, 16, 8, 8, 8].reduce((a, b) => a + b);
    expect(parameterCount('unet', settings) - parameterCount('unet', { ...settings, norm: 'none' })).toBe(
      2 * channels,
    );
  });
});

describe('the presets', () => {
  const graphsHash = (graphs: Readonly<Record<string, unknown>>) =>
    createHash('sha256').update(JSON.stringify(graphs)).digest('hex').slice(0, 16);

  /** A change of these says that trained runs and figures of before are of another network or loss. */
  const known: Readonly<Record<string, string>> = {
    quick: '2a4b81605078cc29',
    standard: '58d74d3810445c53',
    paper: 'a06bb377c2f7d9c9',
  };

  it('are these', () => {
    expect(Object.keys(plugin.manifest.presets)).toEqual(Object.keys(known));
  });

  it.each(Object.keys(known))('%s gives the graphs that its fingerprint stands for', async (preset) => {
    const recipe = await recipeOf(preset);
    expect(graphsHash(recipe.graphs)).toBe(known[preset]);
  });

  it('give the same recipe each time, byte for byte, and keep it small', async () => {
    const [first, second] = await Promise.all([recipeOf('standard'), recipeOf('standard')]);
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
    expect(JSON.stringify(first).length).toBeLessThan(400_000);
  });

  it('share the network’s variables between their graphs', async () => {
    const { graphs } = await recipeOf('standard');
    const variables = (graph: Graph) =>
      new Map(nodesOf(graph, 'variable').map(({ node }) => [node.attributes.name, node.shape.join()]));
    const train = variables(graphs.train);
    expect(variables(graphs.validate!)).toEqual(train);
    for (const [name, shape] of variables(graphs.predict))
      expect([name, train.get(name)]).toEqual([name, shape]);
  });

  it('name metrics that the evaluation table has', async () => {
    const { metrics, training } = await recipeOf('quick');
    expect([...metrics, training.selectBy.metric].filter((name) => !isMetricName(name))).toEqual([]);
  });

  it('paper is the published recipe', async () => {
    const { sampling, training, inference, preparation } = await recipeOf('paper');
    expect(preparation.normalisation).toEqual({ kind: 'patchMax' });
    expect(sampling).toMatchObject({
      patchSize: [64, 64, 64],
      batchSize: 15,
      foregroundShare: 0,
      augmentation: [],
      extraInputs: [0, 1, 2].map((axis) => ({ kind: 'labelProjection', axis })),
    });
    expect(training).toMatchObject({
      epochs: 50,
      learningRate: 1e-4,
      selectBy: { metric: 'loss', better: 'lower' },
      clipNorm: 1,
      optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999 },
    });
    // Strides of 16 along z and 32 along y and x.
    expect(inference).toMatchObject({
      window: [64, 64, 64],
      overlap: [0.75, 0.5, 0.5],
      blend: 'uniform',
      threshold: { kind: 'otsu' },
    });
  });
});

describe('the settings', () => {
  it.each([
    ['patchSize', 20, 'PATCH_DOES_NOT_FIT'],
    ['windowSize', 20, 'PATCH_DOES_NOT_FIT'],
  ])('%s must halve as often as the network does', async (name, value, code) => {
    await expect(recipeOf('quick', { [name]: value })).rejects.toMatchObject({ code, field: name });
  });

  it('foregroundLabel picks one tissue of a map of several', async () => {
    const withTissues = { ...fingerprint, labelValues: [1, 2, 3] };
    const define = (foregroundLabel: number) =>
      definePlugin({
        pluginFolder,
        settings: settingsOf('quick', { foregroundLabel }),
        fingerprint: withTissues,
      });
    expect((await define(3)).classes).toMatchObject([{ value: 3 }]);
    expect((await define(0)).classes).toMatchObject([{ value: 1, mergedValues: [2, 3] }]);
  });

  it.each([
    [{ mip: 'off' }, []],
    [{ mip: 'single', mipAxis: 'x' }, [2]],
    [{ mip: 'single', mipAxis: 'z' }, [0]],
    [{ mip: 'multi' }, [0, 1, 2]],
  ])('%o projects along the tensor axes %o', (set, axes) => {
    expect(projectedAxes(lossSettings(settingsOf('quick', set)))).toEqual(axes);
  });

  it('the sampler makes what the loss needs, and nothing else', () => {
    const kinds = (set: Record<string, SettingValue>) =>
      samplerInputs(lossSettings(settingsOf('quick', set))).map(({ input }) => input);
    expect(kinds({ mip: 'multi', mipMode: 'patch' })).toEqual([]);
    expect(kinds({ mip: 'off', mipMode: 'volume' })).toEqual([]);
    expect(kinds({ mip: 'single', mipAxis: 'y', mipMode: 'volume' })).toEqual(['labelProjection1']);
    expect(kinds({ mip: 'off', deformation: true })).toEqual(['deformation']);
  });

  it('every input of the training graph is made by the sampler', async () => {
    const recipe = await recipeOf('quick', { mipMode: 'volume', deformation: true });
    const inputs = nodesOf(recipe.graphs.train, 'input').map(({ node }) => node.attributes.name);
    const made = ['image', 'label', ...recipe.sampling.extraInputs.map(({ input }) => input)];
    expect(inputs.sort()).toEqual(made.sort());
  });
});

describe('the loss', () => {
  const tiny = { baseChannels: 2, levels: 3, patchSize: 8, batchSize: 2, windowSize: 8 };
  const image = Float32Array.from({ length: 1024 }, (_, i) => Math.sin(i * 0.7));
  const label = Float32Array.from({ length: 1024 }, (_, i) => (i % 9 === 0 ? 1 : 0));

  async function valuesOf(set: Record<string, SettingValue>, extra: Record<string, Float32Array> = {}) {
    const { graphs } = await recipeOf('quick', { ...tiny, ...set });
    const session = makeReferenceExecutor().open();
    const values = await session.compile(graphs.train, { seed: 5 }).run({ image, label, ...extra });
    return Object.fromEntries(Object.entries(values).map(([name, [value]]) => [name, value!]));
  }

  it('weighs the 3-D and the projected term', async () => {
    const { loss, volumetric, projected } = await valuesOf({ lossWeight: 0.6, mipWeight: 0.4 });
    expect(loss).toBeCloseTo(0.6 * volumetric! + 0.4 * projected!, 5);
  });

  it('without MIP is the 3-D term alone', async () => {
    const off = await valuesOf({ mip: 'off' });
    const on = await valuesOf({});
    expect(Object.keys(off)).toEqual(['loss']);
    expect(off.loss).toBeCloseTo(on.volumetric!, 6);
  });

  it('over three axes is the sum of those over one', async () => {
    const single = await Promise.all(['x', 'y', 'z'].map((mipAxis) => valuesOf({ mip: 'single', mipAxis })));
    const sum = single.reduce((total, { projected }) => total + projected!, 0);
    expect((await valuesOf({ mip: 'multi' })).projected).toBeCloseTo(sum, 5);
  });

  it('of multi-scale supervision adds the side outputs with their weights', async () => {
    const at = (halfWeight: number, quarterWeight: number) =>
      valuesOf({ network: 'unetMss', mip: 'off', halfWeight, quarterWeight });
    const [none, half, quarter, both] = await Promise.all([at(0, 0), at(1, 0), at(0, 1), at(0.66, 0.34)]);
    const levels = [none.loss!, half.loss! - none.loss!, quarter.loss! - none.loss!];
    expect(both.loss).toBeCloseTo(levels[0]! + 0.66 * levels[1]! + 0.34 * levels[2]!, 5);
  });

  it.each(['focalTversky', 'dice', 'bce'])('can be %s', async (loss) => {
    const { volumetric } = await valuesOf({ loss });
    expect(volumetric).toBeGreaterThan(0);
  });

  it('in volume mode follows the sampler’s projections, not the patch', async () => {
    const set = { mip: 'single', mipMode: 'volume' };
    const empty = await valuesOf(set, { labelProjection0: new Float32Array(128) });
    const full = await valuesOf(set, { labelProjection0: new Float32Array(128).fill(1) });
    expect(empty.volumetric).toBe(full.volumetric);
    expect(empty.projected).not.toBeCloseTo(full.projected!, 2);
  });

  it('of the deformation branch is the 3-D loss again when nothing moves', async () => {
    const deformation = Float32Array.from({ length: 1024 * 3 }, (_, i) => {
      const voxel = Math.floor(i / 3) % 512;
      const at = [voxel % 8, Math.floor(voxel / 8) % 8, Math.floor(voxel / 64)][i % 3]!;
      return -1 + (2 * at) / 7;
    });
    const { loss, deformed, volumetric, projected, consistency } = await valuesOf(
      { deformation: true },
      { deformation },
    );
    expect(deformed).toBeCloseTo(volumetric!, 4);
    expect(consistency).toBeGreaterThan(0);
    expect(loss).toBeCloseTo(0.7 * volumetric! + 0.3 * projected! + deformed! + consistency!, 4);
  });

  it('holds the consistency target still only when told', async () => {
    const stops = async (stopGradient: boolean) => {
      const { graphs } = await recipeOf('quick', { ...tiny, deformation: true, stopGradient });
      return nodesOf(graphs.train, 'stopGradient').length;
    };
    expect([await stops(false), await stops(true)]).toEqual([0, 1]);
  });
});

describe('learning', () => {
  const tiny = { baseChannels: 2, levels: 3, patchSize: 8, batchSize: 2, windowSize: 8 };
  /** A vessel along x, bright in noise, somewhere else in each sample. */
  const label = new Float32Array(1024);
  for (let w = 0; w < 8; w++) {
    label[(2 * 8 + 3) * 8 + w] = 1;
    label[512 + (5 * 8 + 4) * 8 + w] = 1;
  }
  const image = label.map((truth, i) => truth + 0.3 * Math.sin(i * 12.9898));
  const deformation = Float32Array.from({ length: 1024 * 3 }, (_, i) => {
    const voxel = Math.floor(i / 3) % 512;
    const at = [voxel % 8, Math.floor(voxel / 8) % 8, Math.floor(voxel / 64)][i % 3]!;
    return -1 + (2 * at) / 7 + 0.05 * Math.sin(voxel);
  });

  async function losses(set: Record<string, SettingValue>, steps: number) {
    const { graphs, training } = await recipeOf('quick', { ...tiny, ...set });
    const session = makeReferenceExecutor().open();
    const { apply } = trainingStep(graphs.train, training);
    const program = session.compile(apply, { seed: 2 });
    const inputs = { image, label, deformation, learningRate: Float32Array.of(0.02) };
    const found: { loss: number; gradientNorm: number }[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, gradientNorm } = await program.run(inputs);
      found.push({ loss: loss![0]!, gradientNorm: gradientNorm![0]! });
    }
    return found;
  }

  it.each([
    { network: 'unet' },
    { network: 'unetMss', norm: 'batch', compat: true },
    { network: 'attentionUnet', norm: 'group', activation: 'relu' },
    { loss: 'dice', mip: 'single' },
    { loss: 'bce', mip: 'off' },
    { deformation: true },
    { deformation: true, norm: 'batch', stopGradient: true },
  ])('goes downhill with %o', async (set) => {
    const found = await losses(set, 8);
    for (const { loss, gradientNorm } of found)
      expect([Number.isFinite(loss), gradientNorm > 0]).toEqual([true, true]);
    expect(found.at(-1)!.loss).toBeLessThan(found[0]!.loss);
  });
});
