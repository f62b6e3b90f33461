/** @file The settings that shape networks and losses, as typed values. Their texts, ranges and presets are in package.json. */
import {
  booleanSetting,
  choiceSetting,
  normKinds,
  numberSetting,
  type Settings,
  spaceAxes,
} from '@sagitta/sdk';

/** What the network is built from. */
export function networkSettings(settings: Settings) {
  return {
    network: choiceSetting(settings, 'network', ['unet', 'unetMss', 'attentionUnet']),
    baseChannels: numberSetting(settings, 'baseChannels'),
    levels: numberSetting(settings, 'levels'),
    norm: choiceSetting(settings, 'norm', normKinds),
    activation: choiceSetting(settings, 'activation', ['leakyRelu', 'relu']),
    compat: booleanSetting(settings, 'compat'),
  };
}

export type NetworkSettings = ReturnType<typeof networkSettings>;

/** What the training loss is built from. */
export function lossSettings(settings: Settings) {
  const number = (name: string) => numberSetting(settings, name);
  return {
    loss: choiceSetting(settings, 'loss', ['focalTversky', 'dice', 'bce']),
    alpha: number('alpha'),
    gamma: number('gamma'),
    smooth: number('smooth'),
    levelWeights: [1, number('halfWeight'), number('quarterWeight')],
    mip: choiceSetting(settings, 'mip', ['off', 'single', 'multi']),
    mipAxis: choiceSetting(settings, 'mipAxis', spaceAxes),
    mipMode: choiceSetting(settings, 'mipMode', ['patch', 'volume']),
    lossWeight: number('lossWeight'),
    mipWeight: number('mipWeight'),
    mipAlpha: number('mipAlpha'),
    mipGamma: number('mipGamma'),
    deformation: booleanSetting(settings, 'deformation'),
    stopGradient: booleanSetting(settings, 'stopGradient'),
  };
}

export type LossSettings = ReturnType<typeof lossSettings>;
