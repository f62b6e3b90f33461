/** @file The plugin's entry: settings and the data's fingerprint become a recipe. */
import { cubicPatch, type Define, defineRecipe, foregroundClass, numberSetting } from '@sagitta/sdk';
import { makeGraphs } from './graphs.ts';
import { samplerInputs } from './loss.ts';
import { lossSettings, networkSettings } from './settings.ts';
import { augmentation, inference, normalisation, training } from './training.ts';

const define: Define = (settings, fingerprint) => {
  const network = networkSettings(settings);
  const loss = lossSettings(settings);
  const { levels } = network;
  const patch = cubicPatch(numberSetting(settings, 'patchSize'), { levels, field: 'patchSize' });
  const window = cubicPatch(numberSetting(settings, 'windowSize'), { levels, field: 'windowSize' });
  const batchSize = numberSetting(settings, 'batchSize');
  const { channels } = fingerprint;
  const label = numberSetting(settings, 'foregroundLabel');
  return defineRecipe({
    channels,
    classes: foregroundClass(fingerprint, { label, name: 'Vessel', colour: '#e4572e' }),
    preparation: { orientation: 'RAS', spacingMm: null, normalisation: normalisation(settings) },
    sampling: {
      patchSize: patch,
      batchSize,
      foregroundShare: numberSetting(settings, 'foregroundShare'),
      augmentation: augmentation(settings),
      extraInputs: samplerInputs(loss),
    },
    graphs: makeGraphs({ channels, batchSize, patch, windowBatch: 1, window }, network, loss),
    training: training(settings),
    metrics: ['dice', 'clDice'],
    inference: inference(settings, window),
    outputs: [
      {
        name: 'probability',
        graphOutput: 'probability',
        kind: 'probability',
        label: 'Vessel probability',
        unit: '',
        range: [0, 1],
        colourMap: 'magma',
      },
    ],
  });
};

export default define;
