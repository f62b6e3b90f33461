/** @file Writes small plugins to a temporary folder, most of them hostile. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fingerprint } from '../../src/recipe/fingerprint.ts';

export const fingerprint: Fingerprint = {
  subjectCount: 6,
  channels: 1,
  labelValues: [1],
  medianDims: [96, 96, 96],
  minDims: [96, 96, 96],
  medianSpacingMm: [0.4, 0.4, 0.4],
  foregroundShare: 0.01,
  raters: 1,
};

export const manifest = {
  id: 'tiny',
  name: 'Tiny',
  summary: 'A network of one convolution.',
  task: 'segmentation',
  apiVersion: 1,
  needs: 'Nothing much.',
  citation: [],
  entry: 'define.ts',
  settings: {
    channels: { kind: 'integer', label: 'Channels', help: 'How many.', default: 2, min: 1, max: 9 },
  },
  presets: { plain: { label: 'Plain', help: 'As it is.', settings: { channels: 3 } } },
  defaultPreset: 'plain',
};

/** Code of a plugin that works; the hostile ones change one thing. */
export const goodDefine = `
import { convolution, cubicPatch, type Define, defineRecipe, focalTverskyLoss, inner, makeGraph, type Scope, sigmoid } from '@sagitta/sdk';

export const network = (scope: Scope, shape: number[]) =>
  convolution(inner(scope, 'head'), scope.builder.input('image', shape), { channels: 1 });

const define: Define = (settings) => {
  const [patch] = [cubicPatch(8, { levels: 1, field: 'patchSize' })];
  const shape = [2, 1, ...patch];
  return defineRecipe({
    channels: 1,
    classes: [{ value: 1, name: 'Vessel', colour: '#ff0000' }],
    preparation: { orientation: 'RAS', spacingMm: null, normalisation: { kind: 'none' } },
    sampling: { patchSize: patch, batchSize: 2, foregroundShare: 0, augmentation: [], extraInputs: [] },
    graphs: {
      train: makeGraph('train', (scope) => {
        const label = scope.builder.input('label', shape);
        scope.builder.output('loss', focalTverskyLoss(sigmoid(network(scope, shape)), label));
      }),
      predict: makeGraph('predict', (scope) => {
        scope.builder.output('probability', sigmoid(network(scope, shape)));
      }),
    },
    training: {
      epochs: 1, stepsPerEpoch: settings.channels as number, learningRate: 0.1,
      optimiser: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { kind: 'constant' }, warmupSteps: 0, clipNorm: null, accumulate: 1, emaDecay: null,
      validateEvery: 1, selectBy: { metric: 'dice', better: 'higher' }, validationShare: 0.2,
    },
    metrics: ['dice'],
    inference: {
      window: patch, batchSize: 2, overlap: [0.5, 0.5, 0.5], blend: 'gaussian',
      threshold: { kind: 'fixed', value: 0.5 }, removeSmallerThanVoxels: 0, keepLargest: null,
    },
    outputs: [{ name: 'probability', graphOutput: 'probability', kind: 'probability', label: 'P', unit: '', range: [0, 1], colourMap: 'magma' }],
  });
};
`;

export const goodPlugin = `${goodDefine}\nexport default define;\n`;

/** A new plugin folder holding these files (path → text) beside a manifest. */
export function makePlugin(
  files: Readonly<Record<string, string>>,
  packageJson: unknown = { version: '1.2.3', license: 'MIT', sagitta: manifest },
): string {
  const folder = mkdtempSync(join(tmpdir(), 'sagitta-plugin-'));
  const text = typeof packageJson === 'string' ? packageJson : JSON.stringify(packageJson);
  for (const [path, content] of Object.entries({ 'package.json': text, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
